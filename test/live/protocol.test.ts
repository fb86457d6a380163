import { once } from "node:events";
import { GRAPHQL_TRANSPORT_WS_PROTOCOL } from "graphql-ws";
import WebSocket from "ws";
import { ANONYMOUS, type Session } from "../../src/server/caller/authenticate";
import { SOCKET_LIMITS } from "../../src/server/live/socket-limits";
import { type Operation, openSocket, subscribe } from "./support/protocol-client";
import { ProtocolServer } from "./support/protocol-server";

const server = new ProtocolServer();
beforeAll(() => server.start());
beforeEach(() => server.reset());
afterAll(() => server.stop());

const BEFORE_INIT: Array<[string, object | string, number]> = [
  ["a subscription before the connection", subscribe("1"), 4401],
  ["text that is not JSON", "nonsense", 4400],
  ["JSON that is not an object", "[]", 4400],
  ["JSON that is null", "null", 4400],
  ["JSON that is text", '"ping"', 4400],
  ["an object without a type", {}, 4400],
  ["a type that is not text", { type: 7 }, 4400],
  ["an unknown type", { type: "start", id: "1", payload: {} }, 4400],
  ["a server's connection_ack", { type: "connection_ack" }, 4400],
  ["a server's next", { type: "next", id: "1", payload: { data: {} } }, 4400],
  ["a server's error", { type: "error", id: "1", payload: [{ message: "x" }] }, 4400],
  ["a connection_init whose payload is not an object", { type: "connection_init", payload: [] }, 4400],
];

const AFTER_INIT: Array<[string, object | string, number]> = [
  ["a second connection_init", { type: "connection_init" }, 4429],
  ["a server's connection_ack", { type: "connection_ack" }, 4400],
  ["a server's next", { type: "next", id: "1", payload: { data: {} } }, 4400],
  ["a server's next without payload", { type: "next", id: "1" }, 4400],
  ["a server's error", { type: "error", id: "1", payload: [{ message: "x" }] }, 4400],
  ["text that is not JSON", "{", 4400],
  ["a ping whose payload is text", { type: "ping", payload: "x" }, 4400],
  ["a pong whose payload is a list", { type: "pong", payload: [] }, 4400],
  ["a subscription without an id", { type: "subscribe", payload: { query: "{ x }" } }, 4400],
  ["a subscription with an empty id", subscribe(""), 4400],
  ["a subscription whose id is a number", { ...subscribe("1"), id: 1 }, 4400],
  ["a subscription without payload", { type: "subscribe", id: "1" }, 4400],
  ["a subscription without a query", { type: "subscribe", id: "1", payload: {} }, 4400],
  ["variables that are a list", { type: "subscribe", id: "1", payload: { query: "{ x }", variables: [] } }, 4400],
  ["an operationName that is a number", { type: "subscribe", id: "1", payload: { query: "", operationName: 1 } }, 4400],
  ["extensions that are text", { type: "subscribe", id: "1", payload: { query: "", extensions: "x" } }, 4400],
  ["a completion without an id", { type: "complete" }, 4400],
  ["a completion whose id is null", { type: "complete", id: null }, 4400],
];

const text = (message: object | string) => (typeof message === "string" ? message : JSON.stringify(message));

test.each(BEFORE_INIT)(
  "before connection_init, %s closes the socket with the protocol's code",
  async (_, message, code) => {
    const { socket, closed } = await openSocket(server.port, false);
    socket.send(text(message));
    expect((await closed).code).toBe(code);
  },
);

test.each(AFTER_INIT)(
  "after connection_init, %s closes the socket with the protocol's code",
  async (_, message, code) => {
    const { socket, closed } = await openSocket(server.port);
    socket.send(text(message));
    expect((await closed).code).toBe(code);
  },
);

test("an id in use closes the socket with 4409, however long it is and whether or not its operation has started", async () => {
  for (const id of ["1", "ü".repeat(5_000)]) {
    for (const hasStarted of [false, true]) {
      server.operations = [];
      const { send, closed } = await openSocket(server.port);
      send(subscribe(id));
      const [first] = (await server.received(1)) as [Operation];
      if (hasStarted) await first.begin();
      send(subscribe(id));
      const { code, reason } = await closed;
      expect(code).toBe(4409);
      expect(reason).toContain("Subscriber for");
      // A cut falls between two characters.
      expect(reason).not.toContain("\uFFFD");
      if (hasStarted) await first.returned;
    }
  }
});

test("a second connection_init during authentication closes with 4429; a subscription before its end with 4401", async () => {
  let decide: (session: Session) => void = () => undefined;
  server.session = new Promise((resolve) => {
    decide = resolve;
  });
  const hasty = await openSocket(server.port, false);
  hasty.send({ type: "connection_init" }, { type: "connection_init" });
  expect((await hasty.closed).code).toBe(4429);
  const early = await openSocket(server.port, false);
  early.send({ type: "connection_init" }, subscribe("1"));
  expect((await early.closed).code).toBe(4401);
  decide(ANONYMOUS);
  expect(server.operations).toEqual([]);
});

test("sockets that close during their authentication do not count as open ones", async () => {
  let decide: (session: Session) => void = () => undefined;
  server.session = new Promise((resolve) => {
    decide = resolve;
  });
  for (let n = 0; n < SOCKET_LIMITS.socketsEach; n++) {
    const { socket, send } = await openSocket(server.port, false);
    send({ type: "connection_init" });
    socket.close();
  }
  await server.disconnected();
  decide(ANONYMOUS);
  const { socket, messages } = await openSocket(server.port);
  expect(messages).toEqual([{ type: "connection_ack" }]);
  socket.close();
});

test("messages after a violation of the protocol are ignored", async () => {
  const { send, closed } = await openSocket(server.port);
  send({ type: "next", id: "1", payload: {} }, subscribe("1", "mutation { x }"));
  expect((await closed).code).toBe(4400);
  expect(server.operations).toEqual([]);
});

test("a ping nested too deeply for its answer closes the socket with 4400, and is no failure", async () => {
  server.failures.length = 0;
  const { socket, closed } = await openSocket(server.port);
  const depth = 100_000;
  socket.send(`{"type":"ping","payload":{"a":${"[".repeat(depth)}${"]".repeat(depth)}}}`);
  expect((await closed).code).toBe(4400);
  expect(server.failures).toEqual([]);
});

test("pings are answered with their payload at any time, and pongs are accepted", async () => {
  const { send, messages, socket } = await openSocket(server.port, false);
  send({ type: "pong" }, { type: "ping", payload: { at: 1 } });
  await once(socket, "message");
  expect(messages).toEqual([{ type: "pong", payload: { at: 1 } }]);
  socket.close();
});

test("a socket that no longer answers pings is ended, and another one stays open", async () => {
  const timers = jest.spyOn(globalThis, "setInterval");
  const pinging = new ProtocolServer();
  const [ping, milliseconds] = timers.mock.calls.at(-1) ?? [];
  timers.mockRestore();
  expect(milliseconds).toBe(25_000);
  await pinging.start();
  const answering = await openSocket(pinging.port);
  const url = `ws://127.0.0.1:${pinging.port}/graphql`;
  const silent = new WebSocket(url, GRAPHQL_TRANSPORT_WS_PROTOCOL, { autoPong: false });
  await once(silent, "open");
  silent.send('{"type":"connection_init"}');
  await once(silent, "message");
  const pinged = [answering.socket, silent].map((socket) => once(socket, "ping"));
  ping?.();
  await Promise.all(pinged);
  // The answer to the ping arrives before this message does.
  await answering.settled();
  const ended = once(silent, "close");
  ping?.();
  expect((await ended)[0]).toBe(1006);
  await answering.settled();
  await pinging.stop();
});

test("a server that closes refuses new sockets, and ends those that do not close in time", async () => {
  const closing = new ProtocolServer();
  await closing.start();
  const { socket } = await openSocket(closing.port);
  socket.pause();
  const start = setTimeout;
  let endAll: () => void = () => undefined;
  const timers = jest.spyOn(globalThis, "setTimeout").mockImplementation((tick, milliseconds, ...rest) => {
    if (milliseconds === 2_000) endAll = tick;
    return start(milliseconds === 2_000 ? () => undefined : tick, milliseconds, ...rest);
  });
  const closed = closing.closeSockets();
  timers.mockRestore();
  const late = new WebSocket(`ws://127.0.0.1:${closing.port}/graphql`, GRAPHQL_TRANSPORT_WS_PROTOCOL);
  expect(String((await once(late, "error"))[0])).toContain("503");
  endAll();
  await closed;
  await closing.stop();
});

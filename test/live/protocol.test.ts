import { once } from "node:events";
import Fastify, { type FastifyInstance } from "fastify";
import type { ExecutionResult } from "graphql";
import { GRAPHQL_TRANSPORT_WS_PROTOCOL } from "graphql-ws";
import WebSocket from "ws";
import type { Session } from "../../src/server/caller/authenticate";
import type { LiveRequest, OperationResult } from "../../src/server/graphql/operate";
import { serveWebSockets } from "../../src/server/live/web-sockets";
import { silentLog } from "../support/world";

/** An operation that a test starts, feeds and ends. */
class Operation implements AsyncGenerator<ExecutionResult, void, void> {
  isReturned = false;
  private onReturn: () => void = () => undefined;
  readonly returned = new Promise<void>((resolve) => {
    this.onReturn = resolve;
  });
  start: (operated: OperationResult) => void = () => undefined;
  readonly started = new Promise<OperationResult>((resolve) => {
    this.start = resolve;
  });
  private waiting: (result: IteratorResult<ExecutionResult, void>) => void = () => undefined;
  private asked: () => void = () => undefined;

  constructor(readonly query: unknown) {}

  next(): Promise<IteratorResult<ExecutionResult, void>> {
    return new Promise((resolve) => {
      this.waiting = resolve;
      this.asked();
    });
  }

  /** Starts it, and waits until its first result is wanted. */
  async begin(): Promise<void> {
    const asked = new Promise<void>((resolve) => {
      this.asked = resolve;
    });
    this.start(this);
    await asked;
  }

  tell(event: string): void {
    this.waiting({ value: { data: { event } }, done: false });
  }

  end(): void {
    this.waiting({ value: undefined, done: true });
  }

  async return(): Promise<IteratorResult<ExecutionResult, void>> {
    this.isReturned = true;
    this.onReturn();
    this.end();
    return { value: undefined, done: true };
  }

  throw(error: unknown): Promise<never> {
    return Promise.reject(error);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {}
}

const ANONYMOUS: Session = { viewer: { kind: "anonymous" }, expiresAt: null, signedBy: null };

let http: FastifyInstance;
let sockets: { close(): Promise<void> };
let port: number;
let operations: Operation[] = [];
let arrived: () => void = () => undefined;
let admit: Promise<Session>;

beforeAll(async () => {
  http = Fastify();
  sockets = serveWebSockets(http, {
    authenticate: Object.assign(() => admit, { trusts: () => true, forget: () => undefined }),
    operate: (request: LiveRequest) => {
      const operation = new Operation(request.query);
      operations.push(operation);
      arrived();
      return operation.started;
    },
    trustOf: () => ({ fromGateway: true, knowsSecret: false }),
    now: () => new Date(),
    log: silentLog,
  });
  await http.listen({ port: 0, host: "127.0.0.1" });
  ({ port } = http.server.address() as { port: number });
});
beforeEach(() => {
  operations = [];
  admit = Promise.resolve(ANONYMOUS);
});
afterAll(async () => {
  await sockets.close();
  await http.close();
});

type Message = { type: string; id?: string; payload?: unknown };

/** A socket with everything that it was sent. */
async function open(initialize = true) {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/graphql`, GRAPHQL_TRANSPORT_WS_PROTOCOL);
  const messages: Message[] = [];
  socket.on("message", (data) => messages.push(JSON.parse(String(data))));
  const closed = new Promise<{ code: number; reason: string }>((resolve) =>
    socket.once("close", (code, reason) => resolve({ code, reason: String(reason) })),
  );
  await once(socket, "open");
  const send = (...sent: object[]) => {
    for (const message of sent) socket.send(JSON.stringify(message));
  };
  /** Resolves when everything before has been taken in and answered: a ping is answered in turn. */
  const settled = async () => {
    const pongs = () => messages.filter(({ type }) => type === "pong").length;
    const before = pongs();
    send({ type: "ping" });
    while (pongs() === before) await once(socket, "message");
  };
  const about = (id: string) => messages.filter((message) => message.id === id);
  if (initialize) {
    send({ type: "connection_init" });
    await once(socket, "message");
  }
  return { socket, messages, about, closed, send, settled };
}

async function arrivals(count: number): Promise<Operation[]> {
  while (operations.length < count) {
    await new Promise<void>((resolve) => {
      arrived = resolve;
    });
  }
  return operations;
}

const subscribe = (id: string, query = "subscription { x }") => ({ id, type: "subscribe", payload: { query } });
const complete = (id: string) => ({ id, type: "complete" });

test.each([1, 2, 3])(
  "an id that is reused %i times before anything has started belongs to the last operation",
  async (n) => {
    const { send, settled, about, socket } = await open();
    for (let i = 0; i < n; i++) send(subscribe("1"), complete("1"));
    send(subscribe("1"));
    const all = await arrivals(n + 1);
    const last = all[n] as Operation;
    // The oldest starts last.
    for (const each of [...all].reverse()) {
      if (each === last) await each.begin();
      else each.start(each);
    }
    await settled();
    expect(all.map(({ isReturned }) => isReturned)).toEqual([...Array(n).fill(true), false]);
    for (const each of all) each.tell("one");
    await settled();
    expect(about("1")).toEqual([{ id: "1", type: "next", payload: { data: { event: "one" } } }]);
    send(complete("1"));
    await settled();
    expect(last.isReturned).toBe(true);
    for (const each of all) each.tell("two");
    await settled();
    expect(about("1")).toHaveLength(1);
    socket.close();
  },
);

test("what was completed while it started stays completed: no result, no error, no end of it is sent", async () => {
  const { send, settled, messages, socket } = await open();
  send(subscribe("a", "{ result }"), subscribe("b"), subscribe("c"), complete("a"), complete("b"), complete("c"));
  const [result, failure, stream] = (await arrivals(3)) as [Operation, Operation, Operation];
  await settled();
  result.start({ data: { x: 1 } });
  failure.start({ errors: [{ message: "no" }] } as unknown as ExecutionResult);
  stream.start(stream);
  await settled();
  expect(stream.isReturned).toBe(true);
  expect(messages.filter(({ id }) => id)).toEqual([]);
  socket.close();
});

test("a result of an operation that was completed does not pass for one of its successor", async () => {
  const { send, settled, about, socket } = await open();
  send(subscribe("1", "{ first }"), complete("1"), subscribe("1", "{ second }"));
  const [first, second] = (await arrivals(2)) as [Operation, Operation];
  first.start({ data: { from: "first" } });
  await settled();
  expect(about("1")).toEqual([]);
  second.start({ data: { from: "second" } });
  await settled();
  expect(about("1")).toEqual([
    { id: "1", type: "next", payload: { data: { from: "second" } } },
    { id: "1", type: "complete" },
  ]);
  socket.close();
});

test("an id is free at once when its operation has ended, by itself or by an error", async () => {
  const { send, settled, about, socket } = await open();
  send(subscribe("1"));
  const [first] = (await arrivals(1)) as [Operation];
  await first.begin();
  // The client answers the end with the next operation, in the same moment.
  socket.on("message", (data) => {
    if (["complete", "error"].includes(JSON.parse(String(data)).type)) send(subscribe("1"));
  });
  first.end();
  const second = (await arrivals(2))[1] as Operation;
  second.start({ errors: [{ message: "no" }] } as unknown as ExecutionResult);
  const third = (await arrivals(3))[2] as Operation;
  await third.begin();
  third.tell("goes on");
  await settled();
  expect(about("1").map(({ type }) => type)).toEqual(["complete", "error", "next"]);
  socket.close();
});

test("ids may be any text", async () => {
  const ids = ["__proto__", "constructor", '"', "\\", "1\n", "ü💥", "7", "x".repeat(10_000)];
  const { send, about, settled, socket } = await open();
  send(...ids.map((id) => subscribe(id)));
  for (const each of await arrivals(ids.length)) each.start({ data: { ok: true } });
  await settled();
  expect(ids.map((id) => about(id).map(({ type }) => type))).toEqual(ids.map(() => ["next", "complete"]));
  socket.close();
});

test("completing what is unknown, or over, is no mistake", async () => {
  const { send, settled, socket } = await open();
  send(complete("never"), subscribe("1"), complete("1"), complete("1"));
  await settled();
  expect(socket.readyState).toBe(WebSocket.OPEN);
  socket.close();
});

const BEFORE_INIT: Array<[string, object | string, number]> = [
  ["a subscription before the connection", subscribe("1"), 4401],
  ["text that is no JSON", "nonsense", 4400],
  ["JSON that is no object", "[]", 4400],
  ["JSON that is null", "null", 4400],
  ["JSON that is text", '"ping"', 4400],
  ["an object without a type", {}, 4400],
  ["a type that is no text", { type: 7 }, 4400],
  ["an unknown type", { type: "start", id: "1", payload: {} }, 4400],
  ["a server's connection_ack", { type: "connection_ack" }, 4400],
  ["a server's next", { type: "next", id: "1", payload: { data: {} } }, 4400],
  ["a server's error", { type: "error", id: "1", payload: [{ message: "x" }] }, 4400],
  ["a connection_init whose payload is no object", { type: "connection_init", payload: [] }, 4400],
];

const AFTER_INIT: Array<[string, object | string, number]> = [
  ["a second connection_init", { type: "connection_init" }, 4429],
  ["a server's connection_ack", { type: "connection_ack" }, 4400],
  ["a server's next", { type: "next", id: "1", payload: { data: {} } }, 4400],
  ["a server's next without payload", { type: "next", id: "1" }, 4400],
  ["a server's error", { type: "error", id: "1", payload: [{ message: "x" }] }, 4400],
  ["text that is no JSON", "{", 4400],
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
  "before connection_init, %s closes the socket by the protocol's code",
  async (_, message, code) => {
    const { socket, closed } = await open(false);
    socket.send(text(message));
    expect((await closed).code).toBe(code);
  },
);

test.each(AFTER_INIT)(
  "after connection_init, %s closes the socket by the protocol's code",
  async (_, message, code) => {
    const { socket, closed } = await open();
    socket.send(text(message));
    expect((await closed).code).toBe(code);
  },
);

test("an id that is in use closes the socket with 4409, however long it is and whether or not it has started", async () => {
  for (const id of ["1", "ü".repeat(5_000)]) {
    for (const hasStarted of [false, true]) {
      operations = [];
      const { send, closed } = await open();
      send(subscribe(id));
      const [first] = (await arrivals(1)) as [Operation];
      if (hasStarted) await first.begin();
      send(subscribe(id));
      const { code, reason } = await closed;
      expect(code).toBe(4409);
      expect(reason).toContain("Subscriber for");
      if (hasStarted) await first.returned;
    }
  }
});

test("a second connection_init closes with 4429 while the first is still being looked at; a bad token with 4401", async () => {
  let decide: (session: Session) => void = () => undefined;
  admit = new Promise((resolve) => {
    decide = resolve;
  });
  const hasty = await open(false);
  hasty.send({ type: "connection_init" }, { type: "connection_init" });
  expect((await hasty.closed).code).toBe(4429);
  const early = await open(false);
  early.send({ type: "connection_init" }, subscribe("1"));
  expect((await early.closed).code).toBe(4401);
  decide(ANONYMOUS);
  expect(operations).toEqual([]);
});

test("nothing that follows a breach of the protocol is done", async () => {
  const { send, closed } = await open();
  send({ type: "next", id: "1", payload: {} }, subscribe("1", "mutation { x }"));
  expect((await closed).code).toBe(4400);
  expect(operations).toEqual([]);
});

test("pings are answered with their payload at any time, and pongs are taken", async () => {
  const { send, messages, socket } = await open(false);
  send({ type: "pong" }, { type: "ping", payload: { at: 1 } });
  await once(socket, "message");
  expect(messages).toEqual([{ type: "pong", payload: { at: 1 } }]);
  socket.close();
});

import { once } from "node:events";
import net, { type Socket } from "node:net";
import WebSocket from "ws";
import { createLog } from "../../src/log";
import { organization } from "../support/live-organization";
import { aMoment } from "../support/moment";
import { type Person, RunningService } from "../support/service";

const lines: string[] = [];
/** Warnings and errors. */
const alarming = () => lines.filter((line) => (JSON.parse(line) as { level: number }).level >= 40);
let service: RunningService;
let owner: Person;
let id: string;
beforeAll(async () => {
  service = await RunningService.start(
    { SUBSCRIPTION_CALLBACK_URLS: "http://127.0.0.1:1/callback" },
    { jobs: false },
    createLog("debug", { write: (line) => lines.push(line) }),
  );
  owner = await service.person("Olga");
  id = await organization(owner);
});
afterAll(() => service.stop());

const SUBSCRIBE = "subscription($id: ID!) { membershipChanged(organizationId: $id) { change } }";
const READ = "query($id: ID!) { organization(id: $id) { name members { totalCount } } }";

async function send(path: string, query: string, extensions?: object): Promise<Socket> {
  const socket = net.connect(service.app.port, "127.0.0.1");
  await once(socket, "connect");
  const body = JSON.stringify({ query, variables: { id }, extensions });
  const headers = [
    `POST ${path} HTTP/1.1`,
    "host: localhost",
    "content-type: application/json",
    "accept: text/event-stream, application/json",
    `authorization: Bearer ${owner.token}`,
    `content-length: ${body.length}`,
  ];
  socket.write(`${headers.join("\r\n")}\r\n\r\n${body}`);
  return socket;
}

async function overSocket(): Promise<{ destroy(): void }> {
  const socket = new WebSocket(`ws://127.0.0.1:${service.app.port}/graphql`, "graphql-transport-ws");
  await once(socket, "open");
  socket.send(JSON.stringify({ type: "connection_init", payload: { authorization: `Bearer ${owner.token}` } }));
  await once(socket, "message");
  socket.send(JSON.stringify({ type: "subscribe", id: "1", payload: { query: SUBSCRIBE, variables: { id } } }));
  return { destroy: () => socket.terminate() };
}

const callback = {
  subscription: {
    callbackUrl: "http://127.0.0.1:1/callback/1",
    subscriptionId: "1",
    verifier: "v",
    heartbeatIntervalMs: 0,
  },
};

test.each<[string, () => Promise<{ destroy(): void }>]>([
  ["an event stream", () => send("/graphql/stream", SUBSCRIBE)],
  ["an event stream of one result", () => send("/graphql/stream", READ)],
  ["a plain request", () => send("/graphql", READ)],
  ["a WebSocket", overSocket],
  ["a router's request for callbacks", () => send("/graphql", SUBSCRIBE, callback)],
])("a client that disconnects while %s starts causes no error and leaves no stream", async (_, start) => {
  const { database } = service.app.services;
  const runner = database.dataSource.createQueryRunner();
  const waiting = async () => {
    const [row] = await runner.query(
      "SELECT count(*)::int AS n FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'",
    );
    return row.n as number;
  };
  lines.length = 0;
  await runner.startTransaction();
  await runner.query("LOCK TABLE member, organization IN ACCESS EXCLUSIVE MODE");
  const client = await start();
  while ((await waiting()) === 0) await aMoment();
  client.destroy();
  // Two requests later, the service has noticed the disconnect.
  await fetch(`http://127.0.0.1:${service.app.port}/healthz`);
  await fetch(`http://127.0.0.1:${service.app.port}/healthz`);
  await runner.rollbackTransaction();
  await runner.release();
  // Every operation logs a line when it ends.
  while (!lines.some((line) => line.includes('"msg":"operation"')))
    await new Promise((resolve) => setImmediate(resolve));
  while (service.app.live.size > 0) await aMoment();
  // The transport handles the result after that line.
  await owner.ask("{ viewer { id } }");
  expect(alarming()).toEqual([]);
});

test("a client that disconnects at any point of the start causes no error", async () => {
  lines.length = 0;
  for (let step = 0; step < 40; step++) {
    const socket = await send("/graphql/stream", SUBSCRIBE);
    for (let turn = 0; turn < step; turn++) await new Promise((resolve) => setImmediate(resolve));
    socket.destroy();
  }
  await owner.ask("{ viewer { id } }");
  while (service.app.live.size > 0) await aMoment();
  expect(alarming()).toEqual([]);
});

import { once } from "node:events";
import http from "node:http";
import net from "node:net";
import type { App } from "../../src/app";
import { createLog } from "../../src/log";
import { begun } from "../support/begun-streams";
import { organization } from "../support/live-organization";
import { RunningService } from "../support/service";
import { subscribeByEvents } from "../support/test-subscription";

// Far above the time of a normal request on a busy machine. All requests that are not slow go to the other replica, except
// where this one has to answer.
const SHORT = { headersMs: 2_000, requestMs: 3_000, checkEveryMs: 50 };

let service: RunningService;
let hasty: App;
const logged: string[] = [];
beforeAll(async () => {
  const log = createLog("warn", { write: (line: string) => logged.push(line) });
  service = await RunningService.start({}, { jobs: false });
  hasty = await service.replica({}, { requestTimeouts: SHORT, jobs: false }, log);
});
afterAll(() => service.stop());

/** Sends a text and then a byte at a time until the server closes the connection. */
async function trickle(start: string, byte: string): Promise<string> {
  const socket = net.connect(hasty.port, "127.0.0.1").on("error", () => undefined);
  let received = "";
  socket.on("data", (data) => {
    received += String(data);
  });
  await once(socket, "connect");
  if (start) socket.write(start);
  const timer = setInterval(() => byte && socket.write(byte), 10);
  // Not `once`, which rejects on an error: bytes that are still on their way when the server closes reset the connection.
  await new Promise((resolve) => socket.on("close", resolve));
  clearInterval(timer);
  return received;
}

const post = (path: string, headers: string) =>
  `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n${headers}\r\n\r\n`;

const SLOW: Array<[string, string, string]> = [
  ["the first line", "GET /heal", "t"],
  ["headers", "GET /healthz HTTP/1.1\r\nHost: x\r\n", "X: y\r\n"],
  ["one endless header", "GET /healthz HTTP/1.1\r\nX: ", "y"],
  ["headers of an upgrade", "GET /graphql HTTP/1.1\r\nUpgrade: websocket\r\nConnection: upgrade\r\n", "X: y\r\n"],
  ["nothing at all", "", ""],
  ["the body of a query", `${post("/graphql", "Content-Length: 100000")}{"query":"`, "x"],
  ["the body of a query, in chunks", post("/graphql", "Transfer-Encoding: chunked"), "1\r\nx\r\n"],
  ["the body of a subscription", `${post("/graphql/stream", "Content-Length: 100000")}{"query":"`, "x"],
  ["the body of a webhook", `${post("/webhooks/stripe", "Content-Length: 100000")}{"id":"`, "x"],
  ["a body that nobody reads", post("/nowhere", "Content-Length: 100000"), "x"],
  [
    "a second request on one connection",
    `GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n${post("/graphql", "Content-Length: 100000")}{"query":"`,
    "x",
  ],
];

test("a client that sends headers or a body too slowly gets 408 and is disconnected", async () => {
  // A server without limits would never close them, and the test would exceed its own.
  const received = await Promise.all(SLOW.map(async ([name, start, byte]) => [name, await trickle(start, byte)]));
  const statuses = received.map(([name, text = ""]) => [
    name,
    [...text.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, code]) => code),
  ]);
  const expected = SLOW.map(([name]) => {
    if (name === "a second request on one connection") return [name, ["200", "408"]];
    return [name, ["408"]];
  });
  expect(statuses).toEqual(expected);
  // It is the client's fault, so operators need no log line.
  expect(logged).toEqual([]);
});

test("a response can take longer than a request: streams continue", async () => {
  const owner = await service.person("Olga");
  const id = await organization(owner);
  const query = "subscription($id: ID!) { invitationChanged(organizationId: $id) { cursor } }";
  const { port, live } = hasty;
  const subscription = await begun(live, () => subscribeByEvents(port, owner.token, query, { id }));
  // Other requests are cut off meanwhile, which proves that the time has passed.
  await trickle(post("/graphql", "Content-Length: 9"), "x".slice(1));
  await owner.ask(
    `mutation { inviteMembers(input: { organizationId: "${id}", emails: ["a@example.com"], role: VIEWER }) { __typename } }`,
  );
  await subscription.count(1);
  expect(subscription.isOver).toBe(false);
  subscription.stop();
});

test("by default the server waits ten seconds for headers and thirty for a whole request", async () => {
  const creating = jest.spyOn(http, "createServer");
  await service.replica({}, { jobs: false });
  const servers = creating.mock.results.map(({ value }) => [value.headersTimeout, value.requestTimeout]);
  creating.mockRestore();
  expect(servers.length).toBeGreaterThan(0);
  for (const limits of servers) expect(limits).toEqual([10_000, 30_000]);
});

import { once } from "node:events";
import WebSocket from "ws";
import { changeOrganization } from "../../src/commands/runner/run";
import { STALLED_BACKLOG } from "../../src/live/event-stream";
import { STREAMS_PER_PERSON } from "../../src/live/open-streams";
import { SOCKET_LIMITS } from "../../src/server/live/socket-limits";
import { invite, organization } from "../support/live-organization";
import { aMoment } from "../support/moment";
import { refusalCount } from "../support/refusal-count";
import { type Person, RunningService } from "../support/service";
import { connect, subscribeByEvents, subscribeBySocket } from "../support/test-subscription";
import { closeOf, initialize, nextMessage, openInitialized, openRaw, subscribeRaw } from "./support/raw-socket";

let service: RunningService;
let owner: Person;
let id: string;
const PING_EVERY_MS = 25_000;

/** Without pings: a client that does not read cannot answer them, and would be cut off on a slow machine. */
function withoutPings(): void {
  const { setInterval: start } = globalThis;
  const kept = (work: () => void, ms?: number) => start(ms === PING_EVERY_MS ? () => undefined : work, ms);
  jest.spyOn(globalThis, "setInterval").mockImplementation(kept as typeof setInterval);
}

beforeAll(async () => {
  withoutPings();
  // A job that records a sent mail would add an event at any moment.
  service = await RunningService.start({}, { jobs: false });
  jest.restoreAllMocks();
  owner = await service.person("Olga");
  id = await organization(owner);
});
afterAll(() => service.stop());

/** More than the buffers of the operating system hold. */
const UNREAD_BYTES = 40 * 1024 * 1024;
const LARGE = "x".repeat(200 * 1024);

const MEMBERSHIPS = "subscription($id: ID!) { membershipChanged(organizationId: $id) { cursor } }";

test("the limits have the documented values", () => {
  expect(SOCKET_LIMITS).toEqual({
    ...{ socketsEach: 100, operations: 100, messageBytes: 256 * 1024, unreadBytes: 4 * 1024 * 1024 },
    connectionInitMs: 3_000,
  });
  expect(STREAMS_PER_PERSON).toBe(500);
});

test("sockets, operations on one socket and streams of a person are limited, and closing one makes room", async () => {
  const busy = await service.person("Busy");
  const limits = ["sockets", "socket_operations", "streams"];
  const refusals = await Promise.all(limits.map(refusalCount));
  // One after the other: a hundred at once can take longer than a socket may take to sign in.
  const sockets: WebSocket[] = [];
  while (sockets.length < SOCKET_LIMITS.socketsEach) sockets.push(await openInitialized(service.app.port, busy.token));
  const extra = openRaw(service.app.port);
  extra.on("open", () => initialize(extra, `Bearer ${busy.token}`));
  expect(await closeOf(extra)).toBe(4429);
  const [first, second] = sockets as [WebSocket, WebSocket];
  const mine = await organization(busy);
  const { live } = service.app;
  const from = live.size;
  for (let n = 0; n < SOCKET_LIMITS.operations; n++) subscribeRaw(first, String(n), MEMBERSHIPS, { id: mine });
  while (live.size < from + SOCKET_LIMITS.operations) await aMoment();
  subscribeRaw(first, "one too many", MEMBERSHIPS, { id: mine });
  expect(await nextMessage(first)).toMatchObject({
    id: "one too many",
    payload: [{ extensions: { code: "RATE_LIMITED" } }],
  });
  const more = Math.ceil(STREAMS_PER_PERSON / SOCKET_LIMITS.operations);
  for (const socket of sockets.slice(1, more)) {
    for (let n = 0; n < SOCKET_LIMITS.operations; n++) subscribeRaw(socket, String(n), MEMBERSHIPS, { id: mine });
  }
  while (live.size < from + STREAMS_PER_PERSON) await aMoment();
  const refused = await subscribeByEvents(service.app.port, busy.token, MEMBERSHIPS, { id: mine });
  expect((await refused.over())[0]?.errors?.[0]?.extensions.code).toBe("RATE_LIMITED");
  expect(await Promise.all(limits.map(refusalCount))).toEqual(refusals.map((count) => count + 1));
  for (const socket of sockets) socket.close();
  await Promise.all(sockets.map((socket) => once(socket, "close")));
  while (live.size > from) await aMoment();
  (await openInitialized(service.app.port, busy.token)).close();
  expect(second.readyState).toBe(WebSocket.CLOSED);
});

test.each([
  ["messages", (socket: WebSocket) => socket.send(JSON.stringify({ type: "ping", payload: { large: LARGE } }))],
  ["pings", (socket: WebSocket) => socket.ping("x".repeat(125))],
])("a client that sends %s and reads no answer is cut off", async (_, send) => {
  const socket = await openInitialized(service.app.port, owner.token);
  socket.on("error", () => undefined);
  socket.pause();
  const hasEnded = () => socket.readyState !== WebSocket.OPEN;
  for (let sent = 0; !hasEnded(); ) {
    // A client that does not read notices the end when it sends.
    if (sent >= UNREAD_BYTES) socket.ping();
    while (sent < UNREAD_BYTES && socket.bufferedAmount < LARGE.length && !hasEnded()) {
      const before = socket.bufferedAmount;
      send(socket);
      sent += socket.bufferedAmount - before;
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
});

test("a client that does not read is closed with 4413 and can resume; others are not delayed", async () => {
  const ten = Array.from({ length: 10 }, (_, n) => `a${n}: invitation { id email organization { name } createdAt }`);
  const query = `subscription($id: ID!, $after: String) {
    invitationChanged(organizationId: $id, after: $after) { cursor occurredAt ${ten.join(" ")} } }`;
  const invitationId = await invite(owner, id, "firehose@example.com");
  const cursors = "subscription($id: ID!) { invitationChanged(organizationId: $id) { cursor } }";
  const { live } = service.app;
  const before = live.size;
  const streams = async (count: number) => {
    while (live.size !== before + count) await aMoment();
  };
  const reader = subscribeBySocket(connect(service.app.port, owner.token), cursors, { id });
  await streams(1);
  const stalled = await openInitialized(service.app.port, owner.token);
  subscribeRaw(stalled, "1", query, { id });
  await streams(2);
  stalled.pause();
  const received: string[] = [];
  // It reads again as soon as its stream has ended: a server waits half a minute for the client's part of the close.
  const closing = streams(1).then(() => {
    stalled.on("message", (data) => {
      const { payload } = JSON.parse(String(data));
      if (payload) received.push(payload.data.invitationChanged.cursor);
    });
    stalled.resume();
    return closeOf(stalled);
  });
  const events = 6 * STALLED_BACKLOG;
  for (let n = 0; n < events; n += 500) {
    await changeOrganization(service.app.services, id, async ({ record }) => {
      const summary = "The invitation was sent.";
      for (let i = 0; i < 500; i++) record({ type: "invitation.sent", subjectId: invitationId, summary, data: {} });
    });
  }
  await reader.count(events);
  expect(await closing).toBe(4413);
  const all = reader.received.map(({ data }) => data.invitationChanged.cursor);
  const from = all.indexOf(received[0] ?? "");
  expect(received.length).toBeLessThan(events);
  const resumed = subscribeBySocket(connect(service.app.port, owner.token), query, { id, after: received.at(-1) });
  await resumed.count(all.length - from - received.length);
  expect([...received, ...resumed.received.map(({ data }) => data.invitationChanged.cursor)]).toEqual(all.slice(from));
});

import { once } from "node:events";
import net from "node:net";
import { GRAPHQL_TRANSPORT_WS_PROTOCOL } from "graphql-ws";
import WebSocket from "ws";
import { changeOrganization } from "../../src/commands/runner/run";
import { STALLED_BACKLOG } from "../../src/live/event-stream";
import { STREAMS_PER_PERSON } from "../../src/live/open-streams";
import { SOCKET_LIMITS } from "../../src/server/live/socket-limits";
import { type Person, RunningService } from "../support/service";
import { invite, organization } from "../support/watched-organization";
import { connect, type StreamResult, watch, watchEvents } from "../support/watching";

let service: RunningService;
let owner: Person;
let id: string;
beforeAll(async () => {
  service = await RunningService.start();
  owner = await service.person("Olga");
  id = await organization(owner);
});
afterAll(() => service.stop());

const MEMBERSHIPS = "subscription($id: ID!) { membershipChanged(organizationId: $id) { cursor } }";

function open(path = "/graphql"): WebSocket {
  return new WebSocket(`ws://127.0.0.1:${service.app.port}${path}`, GRAPHQL_TRANSPORT_WS_PROTOCOL);
}

const closing = (socket: WebSocket) => new Promise<number>((resolve) => socket.once("close", resolve));
const message = async (socket: WebSocket) => JSON.parse(String((await once(socket, "message"))[0]));

async function initialized(token: string): Promise<WebSocket> {
  const socket = open();
  await once(socket, "open");
  socket.send(JSON.stringify({ type: "connection_init", payload: { authorization: `Bearer ${token}` } }));
  expect(await message(socket)).toEqual({ type: "connection_ack" });
  return socket;
}

const subscribe = (socket: WebSocket, id: string, query: string, variables = {}) =>
  socket.send(JSON.stringify({ id, type: "subscribe", payload: { query, variables } }));

test("a socket that says nothing, speaks wrongly, too much, or shows a bad token is closed with the proper code", async () => {
  const silent = open();
  const wrong = open();
  wrong.on("open", () => wrong.send("nonsense"));
  const large = open();
  large.on("open", () => large.send("x".repeat(SOCKET_LIMITS.messageBytes + 1)));
  const bad = open();
  bad.on("open", () =>
    bad.send(JSON.stringify({ type: "connection_init", payload: { authorization: "Bearer x.y.z" } })),
  );
  const hasty = open();
  hasty.on("open", () => subscribe(hasty, "1", "{ plans { code } }"));
  const old = new WebSocket(`ws://127.0.0.1:${service.app.port}/graphql`, "graphql-ws");
  old.on("error", () => undefined);
  const codes = await Promise.all([wrong, large, bad, hasty, old, silent].map(closing));
  expect(codes.slice(0, 4)).toEqual([4400, 1009, 4401, 4401]);
  expect(codes[4]).not.toBe(1000);
  expect(codes[5]).toBe(4408);
});

test("sockets are served at /graphql and nowhere else", async () => {
  const elsewhere = open("/elsewhere");
  const [error] = (await once(elsewhere, "error")) as [Error];
  expect(error.message).toContain("404");
});

test("an upgrade that makes no sense, or whose sender has gone, harms nobody", async () => {
  const upgrade = (path: string) =>
    `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`;
  for (const path of ["//", "http://[", "/%", "/graphql/stream", "/elsewhere", "*"]) {
    const answered = net.connect(service.app.port, "127.0.0.1");
    answered.write(upgrade(path));
    expect(String((await once(answered, "data"))[0])).toMatch(/^HTTP\/1.1 40[04]/);
    answered.destroy();
    const gone = net.connect(service.app.port, "127.0.0.1");
    gone.write(upgrade(path), () => gone.resetAndDestroy());
    await once(gone, "close");
  }
  expect((await owner.ask("{ viewer { name } }")).data.viewer.name).toBe("Olga");
});

test("what does not begin is the protocol's message 'error', and what does is 'next' and 'complete'", async () => {
  const socket = await initialized(owner.token);
  const messages: Array<{ type: string; id: string }> = [];
  socket.on("message", (data) => messages.push(JSON.parse(String(data))));
  const documents = {
    parse: "{",
    validation: "{ nothing }",
    query: "{ viewer { id } }",
    denied: 'subscription { membershipChanged(organizationId: "x") { cursor } }',
  };
  for (const [name, query] of Object.entries(documents)) subscribe(socket, name, query);
  while (messages.length < 5) await once(socket, "message");
  const types = (id: string) => messages.filter((each) => each.id === id).map(({ type }) => type);
  expect(Object.keys(documents).map(types)).toEqual([["error"], ["error"], ["next", "complete"], ["error"]]);
  socket.close();
});

test("queries and mutations over a socket pass the same guards, and show the same masked errors", async () => {
  const client = connect(service.app.port, owner.token);
  const one = async (query: string): Promise<StreamResult | undefined> => (await watch(client, query).over())[0];
  expect((await one("{ viewer { name } }"))?.data).toEqual({ viewer: { name: "Olga" } });
  expect((await one(`{ organization(id: "${id}") { auditLog { totalCount } } }`))?.data.organization.auditLog).toEqual({
    totalCount: expect.any(Number),
  });
  const stranger = connect(service.app.port, (await service.person("Stranger")).token);
  const renamed = `mutation { updateOrganization(input: { organizationId: "${id}", name: "Mine" }) { __typename } }`;
  expect((await watch(stranger, renamed).over())[0]?.errors?.[0]?.extensions.code).toBe("NOT_FOUND");
  expect((await one("{ nothing }"))?.errors?.[0]?.extensions.code).toBe("GRAPHQL_VALIDATION_FAILED");
  const anonymous = connect(service.app.port, null);
  expect((await watch(anonymous, "{ plans { code } }").over())[0]?.data.plans).toHaveLength(4);
  expect((await watch(anonymous, "{ viewer { id } }").over())[0]?.errors?.[0]?.extensions.code).toBe("UNAUTHENTICATED");
  for (const each of [client, stranger, anonymous]) await each.dispose();
});

test("a subscription over plain HTTP is told where to go", async () => {
  const answer = await owner.ask(MEMBERSHIPS, { id });
  expect(answer).toMatchObject({ status: 400, errors: [{ extensions: { code: "BAD_USER_INPUT" } }] });
  expect(answer.errors?.[0]?.message).toContain("/graphql/stream");
});

test("an event stream needs JSON, asks for a stream, and a good token", async () => {
  const ask = (headers: Record<string, string>, body: unknown = { query: "{ plans { code } }" }) =>
    fetch(`http://127.0.0.1:${service.app.port}/graphql/stream`, {
      method: "POST",
      headers: { "content-type": "application/json", accept: "text/event-stream", ...headers },
      body: JSON.stringify(body),
    });
  for (const body of [null, 7, "x", [], {}]) expect((await ask({}, body)).status).toBe(400);
  expect((await ask({ "content-type": "text/plain" })).status).toBe(415);
  expect((await ask({ accept: "application/json" })).status).toBe(406);
  expect((await ask({ authorization: "Bearer x.y.z" })).status).toBe(401);
  expect(await (await ask({})).text()).toContain('"code":"STARTER"');
});

test("one person has so many sockets, operations on one, and streams; more are refused, and room is given back", async () => {
  const busy = await service.person("Busy");
  const sockets = await Promise.all(Array.from({ length: SOCKET_LIMITS.socketsEach }, () => initialized(busy.token)));
  const oneTooMany = open();
  oneTooMany.on("open", () =>
    oneTooMany.send(JSON.stringify({ type: "connection_init", payload: { authorization: `Bearer ${busy.token}` } })),
  );
  expect(await closing(oneTooMany)).toBe(4429);
  const [first, second] = sockets as [WebSocket, WebSocket];
  const mine = await organization(busy);
  const { live } = service.app;
  const from = live.size;
  for (let n = 0; n < SOCKET_LIMITS.operations; n++) subscribe(first, String(n), MEMBERSHIPS, { id: mine });
  while (live.size < from + SOCKET_LIMITS.operations) await new Promise((resolve) => setImmediate(resolve));
  subscribe(first, "one too many", MEMBERSHIPS, { id: mine });
  expect(await message(first)).toMatchObject({
    id: "one too many",
    payload: [{ extensions: { code: "RATE_LIMITED" } }],
  });
  const more = Math.ceil(STREAMS_PER_PERSON / SOCKET_LIMITS.operations);
  for (const socket of sockets.slice(1, more)) {
    for (let n = 0; n < SOCKET_LIMITS.operations; n++) subscribe(socket, String(n), MEMBERSHIPS, { id: mine });
  }
  while (live.size < from + STREAMS_PER_PERSON) await new Promise((resolve) => setImmediate(resolve));
  const refused = await watchEvents(service.app.port, busy.token, MEMBERSHIPS, { id: mine });
  expect((await refused.over())[0]?.errors?.[0]?.extensions.code).toBe("RATE_LIMITED");
  for (const socket of sockets) socket.close();
  await Promise.all(sockets.map((socket) => once(socket, "close")));
  while (live.size > from) await new Promise((resolve) => setImmediate(resolve));
  (await initialized(busy.token)).close();
  expect(second.readyState).toBe(WebSocket.CLOSED);
});

test("one that does not read is closed with 4413, and goes on where it was; the others are not kept waiting", async () => {
  const ten = Array.from({ length: 10 }, (_, n) => `a${n}: invitation { id email organization { name } createdAt }`);
  const query = `subscription($id: ID!, $after: String) {
    invitationChanged(organizationId: $id, after: $after) { cursor occurredAt ${ten.join(" ")} } }`;
  const invitationId = await invite(owner, id, "firehose@example.com");
  const cursors = "subscription($id: ID!) { invitationChanged(organizationId: $id) { cursor } }";
  const { live } = service.app;
  const before = live.size;
  const streams = async (count: number) => {
    while (live.size !== before + count) await new Promise((resolve) => setImmediate(resolve));
  };
  const reader = watch(connect(service.app.port, owner.token), cursors, { id });
  await streams(1);
  const stalled = await initialized(owner.token);
  subscribe(stalled, "1", query, { id });
  await streams(2);
  stalled.pause();
  const events = 6 * STALLED_BACKLOG;
  for (let n = 0; n < events; n += 500) {
    await changeOrganization(service.app.services, id, async ({ record }) => {
      const summary = "The invitation was sent.";
      for (let i = 0; i < 500; i++) record({ type: "invitation.sent", subjectId: invitationId, summary, data: {} });
    });
  }
  await reader.count(events);
  await streams(1);
  const told: string[] = [];
  stalled.on("message", (data) => {
    const { payload } = JSON.parse(String(data));
    if (payload) told.push(payload.data.invitationChanged.cursor);
  });
  stalled.resume();
  expect(await closing(stalled)).toBe(4413);
  const all = reader.received.map(({ data }) => data.invitationChanged.cursor);
  const from = all.indexOf(told[0] ?? "");
  expect(told.length).toBeLessThan(events);
  const resumed = watch(connect(service.app.port, owner.token), query, { id, after: told.at(-1) });
  await resumed.count(all.length - from - told.length);
  expect([...told, ...resumed.received.map(({ data }) => data.invitationChanged.cursor)]).toEqual(all.slice(from));
});

test("an id that is completed and used again at once, three times over, tells each event once, and ends with its end", async () => {
  const { live } = service.app;
  const from = live.size;
  const size = async (count: number) => {
    while (live.size !== count) await new Promise((resolve) => setImmediate(resolve));
  };
  const socket = await initialized(owner.token);
  const told: Array<{ type: string; id?: string; payload: { data: { invitationChanged: { cursor: string } } } }> = [];
  socket.on("message", (data) => told.push(JSON.parse(String(data))));
  const query = "subscription($id: ID!) { invitationChanged(organizationId: $id) { cursor } }";
  for (let n = 0; n < 3; n++) {
    subscribe(socket, "1", query, { id });
    socket.send(JSON.stringify({ id: "1", type: "complete" }));
  }
  subscribe(socket, "1", query, { id });
  // Another one on the same socket, begun later: what has come to it has come to the first.
  subscribe(socket, "2", query, { id });
  await size(from + 2);
  await invite(owner, id, "once@example.com");
  while (!told.some((each) => each.id === "2" && each.type === "next")) await once(socket, "message");
  await size(from + 2);
  const cursors = (about: string) =>
    told.filter((each) => each.id === about).map(({ payload }) => payload.data.invitationChanged.cursor);
  expect(cursors("1")).toEqual([...new Set(cursors("1"))]);
  expect(cursors("1")).not.toEqual([]);
  socket.send(JSON.stringify({ id: "1", type: "complete" }));
  await size(from + 1);
  const before = cursors("1").length;
  const other = cursors("2").length;
  await invite(owner, id, "twice@example.com");
  while (cursors("2").length === other) await once(socket, "message");
  expect(cursors("1")).toHaveLength(before);
  socket.close();
  await size(from);
});

test("an event stream is gathered, kept or coded by nothing on its way", async () => {
  for (const [query, variables] of [
    [MEMBERSHIPS, { id }],
    ["{ plans { code } }", {}],
    ["{ nothing }", {}],
  ] as const) {
    const abort = new AbortController();
    const { headers, status } = await fetch(`http://127.0.0.1:${service.app.port}/graphql/stream`, {
      method: "POST",
      signal: abort.signal,
      headers: {
        "content-type": "application/json",
        accept: "text/event-stream",
        "accept-encoding": "gzip, br",
        authorization: `Bearer ${owner.token}`,
      },
      body: JSON.stringify({ query, variables }),
    });
    expect(status).toBe(200);
    expect(headers.get("content-type")).toBe("text/event-stream; charset=utf-8");
    expect(headers.get("content-encoding")).toBeNull();
    expect(headers.get("x-accel-buffering")).toBe("no");
    expect(headers.get("cache-control")?.split(", ")).toEqual(
      expect.arrayContaining(["no-cache", "no-store", "no-transform"]),
    );
    abort.abort();
  }
});

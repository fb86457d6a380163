import { once } from "node:events";
import net from "node:net";
import WebSocket from "ws";
import { SOCKET_LIMITS } from "../../src/server/live/socket-limits";
import { invite, organization } from "../support/live-organization";
import { aMoment } from "../support/moment";
import { type Person, RunningService } from "../support/service";
import { connect, type StreamResult, subscribeBySocket } from "../support/test-subscription";
import { closeOf, initialize, openInitialized, openRaw, subscribeRaw } from "./support/raw-socket";

let service: RunningService;
let owner: Person;
let id: string;
beforeAll(async () => {
  service = await RunningService.start();
  owner = await service.person("Olga");
  id = await organization(owner);
});
afterAll(() => service.stop());

test("a socket that is silent, violates the protocol, sends too much or has a bad token closes with the right code", async () => {
  const silent = openRaw(service.app.port);
  const wrong = openRaw(service.app.port);
  wrong.on("open", () => wrong.send("nonsense"));
  const large = openRaw(service.app.port);
  large.on("open", () => large.send("x".repeat(SOCKET_LIMITS.messageBytes + 1)));
  const bad = openRaw(service.app.port);
  bad.on("open", () => initialize(bad, "Bearer x.y.z"));
  const hasty = openRaw(service.app.port);
  hasty.on("open", () => subscribeRaw(hasty, "1", "{ plans { code } }"));
  const old = new WebSocket(`ws://127.0.0.1:${service.app.port}/graphql`, "graphql-ws");
  old.on("error", () => undefined);
  const codes = await Promise.all([wrong, large, bad, hasty, old, silent].map(closeOf));
  expect(codes.slice(0, 4)).toEqual([4400, 1009, 4401, 4401]);
  expect(codes[4]).not.toBe(1000);
  expect(codes[5]).toBe(4408);
});

test("sockets are served at /graphql and nowhere else", async () => {
  const elsewhere = openRaw(service.app.port, "/elsewhere");
  const [error] = (await once(elsewhere, "error")) as [Error];
  expect(error.message).toContain("404");
});

test("a malformed upgrade, or one whose client has disconnected, has no effect on others", async () => {
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

test("an operation that cannot start is the message 'error', any other is 'next' and 'complete'", async () => {
  const socket = await openInitialized(service.app.port, owner.token);
  const messages: Array<{ type: string; id: string }> = [];
  socket.on("message", (data) => messages.push(JSON.parse(String(data))));
  const documents = {
    parse: "{",
    validation: "{ nothing }",
    query: "{ viewer { id } }",
    denied: 'subscription { membershipChanged(organizationId: "x") { cursor } }',
  };
  for (const [name, query] of Object.entries(documents)) subscribeRaw(socket, name, query);
  while (messages.length < 5) await once(socket, "message");
  const types = (id: string) => messages.filter((each) => each.id === id).map(({ type }) => type);
  expect(Object.keys(documents).map(types)).toEqual([["error"], ["error"], ["next", "complete"], ["error"]]);
  socket.close();
});

test("queries and mutations over a socket have the same guards and the same masked errors", async () => {
  const client = connect(service.app.port, owner.token);
  const one = async (query: string): Promise<StreamResult | undefined> =>
    (await subscribeBySocket(client, query).over())[0];
  expect((await one("{ viewer { name } }"))?.data).toEqual({ viewer: { name: "Olga" } });
  expect((await one(`{ organization(id: "${id}") { auditLog { totalCount } } }`))?.data.organization.auditLog).toEqual({
    totalCount: expect.any(Number),
  });
  const stranger = connect(service.app.port, (await service.person("Stranger")).token);
  const renamed = `mutation { updateOrganization(input: { organizationId: "${id}", name: "Mine" }) { __typename } }`;
  expect((await subscribeBySocket(stranger, renamed).over())[0]?.errors?.[0]?.extensions.code).toBe("NOT_FOUND");
  expect((await one("{ nothing }"))?.errors?.[0]?.extensions.code).toBe("GRAPHQL_VALIDATION_FAILED");
  const anonymous = connect(service.app.port, null);
  expect((await subscribeBySocket(anonymous, "{ plans { code } }").over())[0]?.data.plans).toHaveLength(4);
  expect((await subscribeBySocket(anonymous, "{ viewer { id } }").over())[0]?.errors?.[0]?.extensions.code).toBe(
    "UNAUTHENTICATED",
  );
  for (const each of [client, stranger, anonymous]) await each.dispose();
});

test("an id that is completed and reused at once, three times, delivers each event once and ends with its operation", async () => {
  const { live } = service.app;
  const from = live.size;
  const size = async (count: number) => {
    while (live.size !== count) await aMoment();
  };
  const socket = await openInitialized(service.app.port, owner.token);
  const received: Array<{ type: string; id?: string; payload: { data: { invitationChanged: { cursor: string } } } }> =
    [];
  socket.on("message", (data) => received.push(JSON.parse(String(data))));
  const query = "subscription($id: ID!) { invitationChanged(organizationId: $id) { cursor } }";
  for (let n = 0; n < 3; n++) {
    subscribeRaw(socket, "1", query, { id });
    socket.send(JSON.stringify({ id: "1", type: "complete" }));
  }
  subscribeRaw(socket, "1", query, { id });
  // A later operation on the same socket: once it has an event, the first one has it too.
  subscribeRaw(socket, "2", query, { id });
  await size(from + 2);
  await invite(owner, id, "once@example.com");
  while (!received.some((each) => each.id === "2" && each.type === "next")) await once(socket, "message");
  await size(from + 2);
  const cursors = (about: string) =>
    received.filter((each) => each.id === about).map(({ payload }) => payload.data.invitationChanged.cursor);
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

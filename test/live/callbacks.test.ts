import { createClient } from "graphql-ws";
import WebSocket from "ws";
import type { App } from "../../src/app";
import { type Received, RouterStandIn } from "../support/router-stand-in";
import { type Person, RunningService } from "../support/service";
import { invite, join, organization } from "../support/watched-organization";
import { watch } from "../support/watching";

let service: RunningService;
let router: RouterStandIn;
let victim: RouterStandIn;
let app: App;
let owner: Person;
let id: string;
beforeAll(async () => {
  service = await RunningService.start({}, { jobs: false });
  [router, victim] = await Promise.all([RouterStandIn.start(), RouterStandIn.start()]);
  app = await service.replica({ SUBSCRIPTION_CALLBACK_URLS: `https://router.example, ${router.url}` }, { jobs: false });
  owner = await service.person("Olga");
  id = await organization(owner);
});
afterAll(async () => {
  await service.stop();
  await Promise.all([router.stop(), victim.stop()]);
});
afterEach(() => {
  expect(router.violations).toEqual([]);
  expect(victim.received).toEqual([]);
});

const INVITATIONS = `subscription($id: ID!, $after: String) {
  invitationChanged(organizationId: $id, after: $after) { cursor change invitation { email } } }`;
const MEMBERSHIPS = `subscription($id: ID!) { membershipChanged(organizationId: $id) {
  change member { organization { byokConfig { id } } } } }`;

const watching = () => ({ query: INVITATIONS, variables: { id } });
const open = (token: string | null, request: Parameters<RouterStandIn["subscribe"]>[3] = {}) =>
  router.subscribe(app.port, token, watching(), request);
const emailsOf = (messages: Received[]) =>
  messages.flatMap(({ payload }) => payload?.data.invitationChanged.invitation.email ?? []);
const isOver = (messages: Received[]) => messages.at(-1)?.action === "complete";
const codesOf = (message: Received | undefined) => message?.errors?.map(({ extensions }) => extensions.code);
const nobodyWatches = async () => {
  while (app.live.size > 0) await new Promise((resolve) => setImmediate(resolve));
};
const newAddress = () => `${crypto.randomUUID()}@example.com`;

test("the router confirms first, is answered, and gets each event once, in order", async () => {
  const { id: subscription, status, headers, answer, receivedBefore } = await open(owner.token);
  expect([status, answer, receivedBefore]).toEqual([200, { data: null }, ["check"]]);
  expect(headers.get("subscription-protocol")).toBe("callback/1.0");
  const emails = [newAddress(), newAddress(), newAddress()];
  for (const email of emails) await invite(owner, id, email);
  const messages = await router.until(subscription, (all) => all.length === 4);
  expect(messages.map(({ action }) => action)).toEqual(["check", "next", "next", "next"]);
  expect(emailsOf(messages)).toEqual(emails);
  router.forget(subscription);
  await invite(owner, id, newAddress());
  await nobodyWatches();
});

test("it is checked on within every interval, where it asks for that", async () => {
  const before = Date.now();
  const { id: subscription } = await open(owner.token, { extension: { heartbeatIntervalMs: 100 } });
  const messages = await router.until(subscription, (all) => all.length === 6);
  expect(messages.map(({ action }) => action)).toEqual(Array(6).fill("check"));
  expect(Date.now() - before).toBeGreaterThanOrEqual(5 * 75 - 5);
  router.forget(subscription);
  await nobodyWatches();
  // The one that was answered by 404 was the last.
  const count = router.of(subscription).length;
  await invite(owner, id, newAddress());
  const other = await open(owner.token, { extension: { heartbeatIntervalMs: 100 } });
  await router.until(other.id, (all) => all.length === 4);
  expect(router.of(subscription)).toHaveLength(count);
  router.forget(other.id);
  await nobodyWatches();
});

test.each([
  ["its verifier is wrong", { verifier: "wrong" }],
  ["its id is unknown", { subscriptionId: "unknown", callbackUrl: "" }],
])("where the router does not confirm because %s, nothing begins", async (_, extension) => {
  const callbackUrl = "callbackUrl" in extension ? { callbackUrl: `${router.url}/unknown` } : {};
  const { status, answer } = await open(owner.token, { extension: { ...extension, ...callbackUrl } });
  expect(status).toBe(400);
  expect(answer.errors?.[0]?.extensions.code).toBe("BAD_USER_INPUT");
  expect(app.live.size).toBe(0);
});

test("a router that answers a check with anything but 204 has not confirmed", async () => {
  for (const oddity of [200, 400, `${victim.url}/elsewhere`]) {
    router.oddities.push(oddity);
    expect((await open(owner.token)).status).toBe(400);
  }
  expect(app.live.size).toBe(0);
});

describe("nobody has this service talk to an address of their choice", () => {
  const port = () => new URL(router.url).port;
  test.each([
    ["another server", () => `${victim.url}/x`],
    ["another host", () => `http://localhost:${port()}/callback/x`],
    ["another protocol", () => `https://127.0.0.1:${port()}/callback/x`],
    ["a file", () => "file:///etc/passwd"],
    ["another path", () => `http://127.0.0.1:${port()}/callbacks`],
    ["a way up", () => `${router.url}/../admin`],
    ["a hidden way up", () => `${router.url}/%2e%2e/admin`],
    ["a way up by backslashes", () => `${router.url}/..\\admin`],
    ["credentials that look like the host", () => `http://127.0.0.1:${port()}@${new URL(victim.url).host}/callback`],
    ["credentials", () => `http://user:secret@127.0.0.1:${port()}/callback`],
    ["a longer name", () => "https://router.example.evil.example/callback"],
    ["no URL", () => "callback"],
    ["nothing", () => undefined],
    ["a number", () => 7],
  ])("%s", async (_, callbackUrl) => {
    const before = router.received.length;
    const { status, answer } = await open(owner.token, { extension: { callbackUrl: callbackUrl() } });
    expect(status).toBe(400);
    expect(answer.errors?.[0]?.extensions.code).toBe("BAD_USER_INPUT");
    expect(router.received).toHaveLength(before);
    expect(app.live.size).toBe(0);
  });
});

test("who may not watch is told in the answer, and the router is not called", async () => {
  const stranger = await service.person();
  const developer = await join(service, owner, id, "DEVELOPER");
  const before = router.received.length;
  const codeOf = async (token: string | null, query = INVITATIONS) => {
    const { answer } = await router.subscribe(app.port, token, { query, variables: { id } });
    return answer.errors?.[0]?.extensions.code;
  };
  expect(await codeOf(null)).toBe("UNAUTHENTICATED");
  expect(await codeOf("no.good.token")).toBe("UNAUTHENTICATED");
  expect(await codeOf(stranger.token)).toBe("NOT_FOUND");
  expect(await codeOf(developer.token)).toBe("FORBIDDEN");
  expect(await codeOf(owner.token, "subscription { nothing }")).toBe("GRAPHQL_VALIDATION_FAILED");
  expect(await codeOf(owner.token, `subscription { ${"a { ".repeat(20)}b${" }".repeat(20)} }`)).toBe(
    "GRAPHQL_VALIDATION_FAILED",
  );
  expect(router.received).toHaveLength(before);
});

test("a query with the extension is answered as a query", async () => {
  const { answer, receivedBefore } = await router.subscribe(app.port, owner.token, { query: "{ viewer { name } }" });
  expect([answer, receivedBefore]).toEqual([{ data: { viewer: { name: "Olga" } } }, []]);
});

test("a right that is lost completes the stream with its error, before any event that it is needed for", async () => {
  const admin = await join(service, owner, id, "ADMIN");
  const { id: subscription } = await open(admin.token);
  await owner.ask(
    `mutation { changeMemberRole(input: { organizationId: "${id}", memberId: "${admin.memberId}", role: VIEWER }) { __typename } }`,
  );
  await invite(owner, id, newAddress());
  const messages = await router.until(subscription, isOver);
  expect(messages.map(({ action }) => action)).toEqual(["check", "complete"]);
  expect(codesOf(messages.at(-1))).toEqual(["FORBIDDEN"]);
  await nobodyWatches();
});

test("a token that ends completes the stream", async () => {
  const { id: person, email } = owner;
  const token = await service.issuer.issue({ id: person, email, emailVerified: true, name: "Olga" }, "1s");
  const { id: subscription } = await open(token);
  expect(codesOf((await router.until(subscription, isOver)).at(-1))).toEqual(["UNAUTHENTICATED"]);
});

test("an event that the router could not take yet is sent again; one that it may have taken is not", async () => {
  const { id: subscription } = await open(owner.token);
  const [first, second] = [newAddress(), newAddress()];
  router.oddities.push(503);
  await invite(owner, id, first);
  await router.until(subscription, (all) => all.length === 3);
  router.oddities.push(500);
  await invite(owner, id, second);
  const messages = await router.until(subscription, isOver);
  expect(emailsOf(messages)).toEqual([first, first, second]);
  expect(codesOf(messages.at(-1))).toEqual(["UNAVAILABLE"]);
  await nobodyWatches();
});

test("what went wrong inside is an id to the router, too", async () => {
  const member = await join(service, owner, id, "DEVELOPER");
  const { id: subscription } = await router.subscribe(app.port, owner.token, { query: MEMBERSHIPS, variables: { id } });
  const sql = (text: string) => service.app.services.database.dataSource.query(text);
  await sql("ALTER TABLE byok_config RENAME TO hidden");
  await owner.ask(
    `mutation { changeMemberRole(input: { organizationId: "${id}", memberId: "${member.memberId}", role: VIEWER }) { __typename } }`,
  );
  const messages = await router.until(subscription, (all) => all.length === 2);
  await sql("ALTER TABLE hidden RENAME TO byok_config");
  const { data, errors } = messages[1]?.payload ?? {};
  expect(data.membershipChanged.change).toBe("ROLE_CHANGED");
  expect(errors?.[0]?.extensions).toMatchObject({ code: "INTERNAL_SERVER_ERROR", requestId: expect.any(String) });
  expect(JSON.stringify(messages)).not.toContain("byok_config");
  router.forget(subscription);
  await invite(owner, id, newAddress());
  await join(service, owner, id);
  await nobodyWatches();
});

test("a service that goes away completes what it streams, with the reason", async () => {
  const going = await service.replica({ SUBSCRIPTION_CALLBACK_URLS: router.url }, { jobs: false });
  const { id: subscription } = await router.subscribe(going.port, owner.token, watching());
  const email = newAddress();
  await invite(owner, id, email);
  await going.close();
  const messages = router.of(subscription);
  expect(emailsOf(messages)).toEqual([email]);
  expect(codesOf(messages.at(-1))).toEqual(["UNAVAILABLE"]);
});

test("where no address is allowed, there are no callbacks", async () => {
  const before = router.received.length;
  const { answer } = await router.subscribe(service.app.port, owner.token, watching());
  expect(answer.errors?.[0]?.extensions.code).toBe("BAD_USER_INPUT");
  expect(router.received).toHaveLength(before);
});

test("where the gateway has a secret, callbacks are for it alone", async () => {
  const environment = { SUBSCRIPTION_CALLBACK_URLS: router.url, GATEWAY_SECRETS: "the-secret-of-the-router" };
  const { port } = await service.replica(environment, { jobs: false });
  const before = router.received.length;
  const refused = await router.subscribe(port, owner.token, watching());
  expect(refused.answer.errors?.[0]?.extensions.code).toBe("FORBIDDEN");
  expect(router.received).toHaveLength(before);
  const headers = { "gateway-secret": "the-secret-of-the-router" };
  const { status, id: subscription } = await router.subscribe(port, owner.token, watching(), { headers });
  expect(status).toBe(200);
  router.forget(subscription);
});

test("a router that passes WebSockets through names the token its own way", async () => {
  const client = createClient({
    url: `ws://127.0.0.1:${app.port}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: { token: `Bearer ${owner.token}` },
    retryAttempts: 0,
  });
  expect(await watch(client, "{ viewer { name } }").over()).toEqual([{ data: { viewer: { name: "Olga" } } }]);
  await client.dispose();
});

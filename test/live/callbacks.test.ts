import { createClient } from "graphql-ws";
import WebSocket from "ws";
import type { App } from "../../src/app";
import { invite, join } from "../support/live-organization";
import type { Received, RouterStandIn } from "../support/router-stand-in";
import type { Person, RunningService } from "../support/service";
import { subscribeBySocket } from "../support/test-subscription";
import { type CallbackService, startCallbackService } from "./support/callback-service";

let callbacks: CallbackService;
let service: RunningService;
let router: RouterStandIn;
let victim: RouterStandIn;
let app: App;
let owner: Person;
let id: string;
beforeAll(async () => {
  callbacks = await startCallbackService();
  ({ service, router, victim, app, owner, id } = callbacks);
});
afterAll(() => callbacks.stop());
afterEach(() => {
  expect(router.violations).toEqual([]);
  expect(victim.received).toEqual([]);
});

const INVITATIONS = `subscription($id: ID!, $after: String) {
  invitationChanged(organizationId: $id, after: $after) { cursor change invitation { email } } }`;
const MEMBERSHIPS = `subscription($id: ID!) { membershipChanged(organizationId: $id) {
  change member { organization { byokConfig { id } } } } }`;

const subscribeRequest = () => ({ query: INVITATIONS, variables: { id } });
const open = (token: string | null, request: Parameters<RouterStandIn["subscribe"]>[3] = {}) =>
  router.subscribe(app.port, token, subscribeRequest(), request);
const emailsOf = (messages: Received[]) =>
  messages.flatMap(({ payload }) => payload?.data.invitationChanged.invitation.email ?? []);
const isOver = (messages: Received[]) => messages.at(-1)?.action === "complete";
const codesOf = (message: Received | undefined) => message?.errors?.map(({ extensions }) => extensions.code);
const allStreamsEnded = async () => {
  while (app.live.size > 0) await new Promise((resolve) => setImmediate(resolve));
};
const newAddress = () => `${crypto.randomUUID()}@example.com`;

test("the router confirms first, gets the response, then each event once, in order", async () => {
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
  await allStreamsEnded();
});

test("the service sends a check within every interval that the router requests", async () => {
  const before = Date.now();
  const { id: subscription } = await open(owner.token, { extension: { heartbeatIntervalMs: 100 } });
  const messages = await router.until(subscription, (all) => all.length === 6);
  expect(messages.map(({ action }) => action)).toEqual(Array(6).fill("check"));
  expect(Date.now() - before).toBeGreaterThanOrEqual(5 * 75 - 5);
  router.forget(subscription);
  await allStreamsEnded();
  // The check that was answered with 404 was the last.
  const count = router.of(subscription).length;
  await invite(owner, id, newAddress());
  const other = await open(owner.token, { extension: { heartbeatIntervalMs: 100 } });
  await router.until(other.id, (all) => all.length === 4);
  expect(router.of(subscription)).toHaveLength(count);
  router.forget(other.id);
  await allStreamsEnded();
});

test.each([
  ["its verifier is wrong", { verifier: "wrong" }],
  ["its id is unknown", { subscriptionId: "unknown", callbackUrl: "" }],
])("no stream starts if the router does not confirm because %s", async (_, extension) => {
  const callbackUrl = "callbackUrl" in extension ? { callbackUrl: `${router.url}/unknown` } : {};
  const { status, answer } = await open(owner.token, { extension: { ...extension, ...callbackUrl } });
  expect(status).toBe(400);
  expect(answer.errors?.[0]?.extensions.code).toBe("BAD_USER_INPUT");
  expect(app.live.size).toBe(0);
});

test("only status 204 confirms a check", async () => {
  for (const oddity of [200, 400, `${victim.url}/elsewhere`]) {
    router.oddities.push(oddity);
    expect((await open(owner.token)).status).toBe(400);
  }
  expect(app.live.size).toBe(0);
});

test("a viewer without the right gets the error in the response, and the router is not called", async () => {
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

test("a query with the extension is executed as a query", async () => {
  const { answer, receivedBefore } = await router.subscribe(app.port, owner.token, { query: "{ viewer { name } }" });
  expect([answer, receivedBefore]).toEqual([{ data: { viewer: { name: "Olga" } } }, []]);
});

test("losing the right completes the stream with an error, before any event that needs the right", async () => {
  const admin = await join(service, owner, id, "ADMIN");
  const { id: subscription } = await open(admin.token);
  await owner.ask(
    `mutation { changeMemberRole(input: { organizationId: "${id}", memberId: "${admin.memberId}", role: VIEWER }) { __typename } }`,
  );
  await invite(owner, id, newAddress());
  const messages = await router.until(subscription, isOver);
  expect(messages.map(({ action }) => action)).toEqual(["check", "complete"]);
  expect(codesOf(messages.at(-1))).toEqual(["FORBIDDEN"]);
  await allStreamsEnded();
});

test("an expired token completes the stream", async () => {
  const { id: person, email } = owner;
  const token = await service.issuer.issue({ id: person, email, emailVerified: true, name: "Olga" }, "1s");
  const { id: subscription } = await open(token);
  expect(codesOf((await router.until(subscription, isOver)).at(-1))).toEqual(["UNAUTHENTICATED"]);
});

test("an event is sent again if the router was unavailable, but not if it may have received it", async () => {
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
  await allStreamsEnded();
});

test("the router gets an id instead of an internal error", async () => {
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
  await allStreamsEnded();
});

test("a service that shuts down completes its streams with the reason", async () => {
  const going = await service.replica({ SUBSCRIPTION_CALLBACK_URLS: router.url }, { jobs: false });
  const { id: subscription } = await router.subscribe(going.port, owner.token, subscribeRequest());
  const email = newAddress();
  await invite(owner, id, email);
  await going.close();
  const messages = router.of(subscription);
  expect(emailsOf(messages)).toEqual([email]);
  expect(codesOf(messages.at(-1))).toEqual(["UNAVAILABLE"]);
});

test("without an allowed URL there are no callbacks", async () => {
  const before = router.received.length;
  const { answer } = await router.subscribe(service.app.port, owner.token, subscribeRequest());
  expect(answer.errors?.[0]?.extensions.code).toBe("BAD_USER_INPUT");
  expect(router.received).toHaveLength(before);
});

test("if the gateway has a secret, only the gateway gets callbacks", async () => {
  const environment = { SUBSCRIPTION_CALLBACK_URLS: router.url, GATEWAY_SECRETS: "the-secret-of-the-router" };
  const { port } = await service.replica(environment, { jobs: false });
  const before = router.received.length;
  const refused = await router.subscribe(port, owner.token, subscribeRequest());
  expect(refused.answer.errors?.[0]?.extensions.code).toBe("FORBIDDEN");
  expect(router.received).toHaveLength(before);
  const headers = { "gateway-secret": "the-secret-of-the-router" };
  const { status, id: subscription } = await router.subscribe(port, owner.token, subscribeRequest(), { headers });
  expect(status).toBe(200);
  router.forget(subscription);
});

test("a router that passes WebSockets through sends the token under its own name", async () => {
  const client = createClient({
    url: `ws://127.0.0.1:${app.port}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: { token: `Bearer ${owner.token}` },
    retryAttempts: 0,
  });
  expect(await subscribeBySocket(client, "{ viewer { name } }").over()).toEqual([
    { data: { viewer: { name: "Olga" } } },
  ]);
  await client.dispose();
});

import type { AddressInfo } from "node:net";
import Fastify from "fastify";
import type { App } from "../../src/app";
import { EventStream } from "../../src/live/event-stream";
import { createLog } from "../../src/log";
import { parseCallbackRequest } from "../../src/server/live/callback-request";
import { serveCallbacks } from "../../src/server/live/callbacks";
import { invite } from "../support/live-organization";
import { aMoment } from "../support/moment";
import type { RouterStandIn } from "../support/router-stand-in";
import type { Person } from "../support/service";
import { type CallbackService, startCallbackService } from "./support/callback-service";

let callbacks: CallbackService;
let router: RouterStandIn;
let victim: RouterStandIn;
let app: App;
let owner: Person;
let id: string;
beforeAll(async () => {
  callbacks = await startCallbackService();
  ({ router, victim, app, owner, id } = callbacks);
});
afterAll(() => callbacks.stop());
afterEach(() => expect(victim.received).toEqual([]));

const INVITATIONS = "subscription($id: ID!) { invitationChanged(organizationId: $id) { cursor } }";

describe("a callbackUrl that is not below an allowed URL is refused and never called", () => {
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
    const { status, answer } = await router.subscribe(
      app.port,
      owner.token,
      { query: INVITATIONS, variables: { id } },
      { extension: { callbackUrl: callbackUrl() } },
    );
    expect(status).toBe(400);
    expect(answer.errors?.[0]?.extensions.code).toBe("BAD_USER_INPUT");
    expect(router.received).toHaveLength(before);
    expect(app.live.size).toBe(0);
  });
});

const subscribe = (extension: object, token: string | null = owner.token) =>
  router.subscribe(app.port, token, { query: INVITATIONS, variables: { id } }, { extension });

test("an id can be used again once its subscription has ended or was refused, and not before", async () => {
  const subscriptionId = crypto.randomUUID();
  const extension = () => router.extensionOf(subscriptionId);
  expect((await subscribe(extension(), null)).answer.errors?.[0]?.extensions.code).toBe("UNAUTHENTICATED");
  for (let round = 0; round < 2; round++) {
    expect((await subscribe(extension())).status).toBe(200);
    const twice = await subscribe(extension());
    expect([twice.status, twice.answer.errors?.[0]?.extensions.code]).toEqual([400, "BAD_USER_INPUT"]);
    router.oddities.push(500);
    await invite(owner, id, `${crypto.randomUUID()}@example.com`);
    await router.until(subscriptionId, (messages) => messages.at(-1)?.action === "complete");
    while (app.live.size > 0) await aMoment();
  }
  router.forget(subscriptionId);
});

test("a router that has dropped a subscription gets no further message about it", async () => {
  const { id: subscriptionId } = await subscribe({});
  router.forget(subscriptionId);
  await invite(owner, id, `${crypto.randomUUID()}@example.com`);
  while (app.live.size > 0) await aMoment();
  expect(router.of(subscriptionId).map(({ action }) => action)).toEqual(["check", "next"]);
});

test("a router that is too slow gets the advice to subscribe again", async () => {
  const http = Fastify();
  let stall: (() => void) | null = null;
  const callbacks = serveCallbacks({
    operate: async (_request, { onStalled }) => {
      stall = onStalled;
      return new EventStream<never>(
        { userId: "", backlog: 0, next: () => null, onStalled: () => undefined },
        () => undefined,
      ) as never;
    },
    callerOf: () => ({ fromGateway: true }) as never,
    callbackUrls: [router.url],
    log: createLog("silent"),
  });
  http.decorateRequest("span", null);
  http.post("/graphql", (request, reply) => void callbacks.respond(request, reply));
  await http.listen({ port: 0, host: "127.0.0.1" });
  const { port } = http.server.address() as AddressInfo;
  const { id: subscriptionId } = await router.subscribe(port, null, { query: INVITATIONS });
  (stall as unknown as () => void)();
  const messages = await router.until(subscriptionId, (all) => all.at(-1)?.action === "complete");
  expect(messages.at(-1)?.errors?.[0]?.message).toMatch(/too slow/);
  await http.close();
});

test.each([
  [undefined, 5_000],
  [0, 0],
  [1, 10],
  [10, 10],
  [86_400_000, 86_400_000],
])("of a heartbeat every %s ms, the service sends one every %i ms", (heartbeatIntervalMs, heartbeatMs) => {
  const subscription = { callbackUrl: `${router.url}/x`, subscriptionId: "x", verifier: "v", heartbeatIntervalMs };
  expect(parseCallbackRequest({ extensions: { subscription } }, [router.url]).heartbeatMs).toBe(heartbeatMs);
});

test.each([
  ["heartbeatIntervalMs", 86_400_001],
  ["heartbeatIntervalMs", -1],
  ["heartbeatIntervalMs", 1.5],
  ["subscriptionId", ""],
  ["subscriptionId", "x".repeat(256)],
  ["verifier", ""],
])("%s must not be %s", (name, value) => {
  const subscription = { callbackUrl: `${router.url}/x`, subscriptionId: "x", verifier: "v", [name]: value };
  expect(() => parseCallbackRequest({ extensions: { subscription } }, [router.url])).toThrow(name);
});

test("a subscription whose request was dropped before the response ends, and delivers nothing", async () => {
  const request = { query: INVITATIONS, variables: { id } };
  const allStreamsEnded = async () => {
    while (app.live.size > 0) await aMoment();
  };
  const abort = new AbortController();
  const { reached, release } = router.hold();
  const dropped = router.subscribe(app.port, owner.token, request, { signal: abort.signal }).catch(() => null);
  await reached;
  const { id: subscription = "" } = router.received.at(-1) ?? {};
  abort.abort();
  await dropped;
  // Two requests later, the service has noticed it.
  for (let n = 0; n < 2; n++) await fetch(`http://127.0.0.1:${app.port}/healthz`);
  release();
  await allStreamsEnded();
  expect(router.of(subscription).map(({ action }) => action)).toEqual(["check"]);
  // The router may use the same id again.
  const again = await router.subscribe(app.port, owner.token, request, { extension: router.extensionOf(subscription) });
  expect(again.status).toBe(200);
  router.forget(subscription);
  await invite(owner, id, "again@example.com");
  await allStreamsEnded();
});

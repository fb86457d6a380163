import type http from "node:http";
import WebSocket from "ws";
import { KEY_LIMITS } from "../../src/server/caller/provider-keys";
import type { IdentityProvider, ProviderKey } from "../support/identity-provider";
import { ProviderService } from "../support/provider-service";
import type { RunningService } from "../support/service";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const WHO = "{ viewer { id } }";

let trusting: ProviderService;
let provider: IdentityProvider;
let service: RunningService;
let first: ProviderKey;
beforeAll(async () => {
  trusting = await ProviderService.start();
  ({ provider, service } = trusting);
});
beforeEach(async () => {
  first = await trusting.begin();
});
afterAll(() => trusting.stop());

const statusOf = (token: string) => trusting.statusOf(token);
const alarms = () => trusting.lines.filter(({ alarm }) => alarm === true);
const keys = (count: number) => JSON.stringify({ keys: Array(count).fill({ kty: "RSA" }) });
const broken = (response: http.ServerResponse) => void response.writeHead(500).end();

test("while the provider is down, known keys are used for twelve hours with an alarm; then requests get 503", async () => {
  const token = await provider.token(first, { exp: provider.seconds(20 * 3600) });
  expect(await statusOf(token)).toBe(200);
  const readAt = provider.clock.now().getTime();
  provider.instead = broken;
  provider.clock.pass(11 * MINUTE);
  expect(await statusOf(token)).toBe(200);
  expect(await statusOf(await provider.token(first, { sub: "new" }))).toBe(200);
  provider.clock.pass(5_000);
  expect(await statusOf(await provider.token(first, { sub: "newer" }))).toBe(200);
  expect(alarms()).toHaveLength(1);
  expect(new Date(String(alarms()[0]?.knownKeysUsedUntil)).getTime()).toBeLessThanOrEqual(readAt + 12 * HOUR);
  provider.clock.pass(12 * HOUR - 12 * MINUTE);
  expect(await statusOf(token)).toBe(200);
  provider.clock.pass(MINUTE);
  const late = await service.ask(token)(WHO);
  expect([late.status, late.errors?.[0]?.extensions]).toEqual([503, { code: "UNAVAILABLE", retryAfterSeconds: 5 }]);
  expect(alarms().length).toBeGreaterThan(1);
  provider.instead = null;
  provider.clock.pass(5_000);
  expect(await statusOf(token)).toBe(200);
});

test("while the provider is down, an undecidable token is 503 and an invalid one is 401", async () => {
  expect(await statusOf(await provider.token(first))).toBe(200);
  provider.instead = broken;
  provider.clock.pass(5_000);
  const [unknown, unnamed] = [await provider.key("ES256", "unknown"), await provider.key("ES256")];
  for (const key of [unknown, unnamed]) {
    expect(await statusOf(await provider.token(key))).toBe(503);
    provider.clock.pass(5_000);
    expect(await statusOf(await provider.token(key))).toBe(503);
  }
  expect(await statusOf(await provider.token({ ...unnamed, kid: "first" }))).toBe(401);
  expect(await statusOf(await provider.token(first, { exp: provider.seconds(-60) }))).toBe(401);
  expect(await statusOf("garbage")).toBe(401);
});

test("a hanging provider does not delay callers with known keys once it counts as down", async () => {
  expect(await statusOf(await provider.token(first))).toBe(200);
  provider.instead = broken;
  provider.clock.pass(5 * MINUTE);
  expect(await statusOf(await provider.token(first))).toBe(200);
  const hanging: http.ServerResponse[] = [];
  provider.instead = (response) => void hanging.push(response);
  provider.clock.pass(5_000);
  for (let n = 0; n < 3; n++) expect(await statusOf(await provider.token(first, { sub: `n${n}` }))).toBe(200);
  expect(hanging).toHaveLength(1);
  for (const response of hanging) response.end("{}");
});

test("a provider that has not answered after five seconds counts as down", async () => {
  let end = () => {};
  const limits = jest.spyOn(AbortSignal, "timeout").mockImplementation((milliseconds) => {
    const controller = new AbortController();
    if (milliseconds === 5_000) end = () => controller.abort();
    return controller.signal;
  });
  provider.instead = () => end();
  expect(await statusOf(await provider.token(first))).toBe(503);
  limits.mockRestore();
});

test.each<[string, (response: http.ServerResponse) => void]>([
  ["no JSON", (response) => response.end("<html>")],
  ["no keys", (response) => response.end('{"error": "unavailable"}')],
  ["a very long response", (response) => response.end(`{"keys": [], "x": "${"x".repeat(2 * 1024 * 1024)}"}`)],
  ["too many keys", (response) => response.end(keys(101))],
  ["keys that were not found", (response) => response.writeHead(404).end(keys(1))],
  [
    "a redirect to keys",
    (response) => {
      if (response.req.url === "/other") response.end(keys(1));
      else response.writeHead(302, { location: "/other" }).end();
    },
  ],
  ["nothing", (response) => response.destroy()],
])("a provider that answers with %s counts as down", async (_, answer) => {
  expect(await statusOf(await provider.token(first))).toBe(200);
  provider.instead = answer;
  provider.clock.pass(6 * MINUTE);
  expect(await statusOf(await provider.token(first, { sub: "bob" }))).toBe(200);
  expect(await statusOf(await provider.token(await provider.key("ES256", "other")))).toBe(503);
});

test("a provider that does not answer within five seconds counts as down", async () => {
  expect(KEY_LIMITS.timeoutMs).toBe(5_000);
  const passed = new AbortController();
  jest
    .spyOn(AbortSignal, "timeout")
    .mockImplementation((ms) => (ms === KEY_LIMITS.timeoutMs ? passed.signal : new AbortController().signal));
  provider.instead = () => passed.abort(new DOMException("The time has passed.", "TimeoutError"));
  expect(await statusOf(await provider.token(first))).toBe(503);
  jest.restoreAllMocks();
});

test("with a provider that is down from the start, requests and event streams get 503 with Retry-After, and sockets retry later", async () => {
  const fresh = await ProviderService.start();
  const token = await fresh.provider.token(await fresh.begin());
  fresh.provider.instead = broken;
  const url = `http://127.0.0.1:${fresh.service.app.port}/graphql`;
  for (const [path, accept] of [
    ["", "application/json"],
    ["", "application/graphql-response+json"],
    ["/stream", "text/event-stream"],
  ]) {
    const response = await fetch(`${url}${path}`, {
      method: "POST",
      headers: { "content-type": "application/json", accept: accept ?? "", authorization: `Bearer ${token}` },
      body: JSON.stringify({ query: WHO }),
    });
    expect([response.status, response.headers.get("retry-after")]).toEqual([503, "5"]);
    const { errors } = (await response.json()) as { errors: Array<{ extensions: { code: string } }> };
    expect(errors[0]?.extensions.code).toBe("UNAVAILABLE");
  }
  const socket = new WebSocket(url.replace("http", "ws"), "graphql-transport-ws");
  const closed = new Promise<number>((resolve) => socket.once("close", resolve));
  await new Promise((resolve) => socket.once("open", resolve));
  socket.send(JSON.stringify({ type: "connection_init", payload: { authorization: `Bearer ${token}` } }));
  expect(await closed).toBe(1013);
  await fresh.stop();
});

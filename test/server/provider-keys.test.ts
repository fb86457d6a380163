import { generateKeyPairSync } from "node:crypto";
import WebSocket from "ws";
import { createLog } from "../../src/log";
import { RemoteKeys } from "../../src/server/caller/provider-keys";
import type { IdentityProvider, ProviderKey } from "../support/identity-provider";
import { ProviderService } from "../support/provider-service";
import type { RunningService } from "../support/service";

const MINUTE = 60_000;
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

test("a token is refused at most five minutes after its key was withdrawn, cached or not", async () => {
  const token = await provider.token(first);
  expect(await statusOf(token)).toBe(200);
  provider.publish(await provider.key("ES256", "second"));
  provider.clock.pass(5 * MINUTE - 10_000);
  expect(await statusOf(token)).toBe(200);
  provider.clock.pass(10_000);
  expect(await statusOf(token)).toBe(401);
  expect(await statusOf(await provider.token(first, { sub: "bob" }))).toBe(401);
});

test("a new key with the same name does not accept old tokens", async () => {
  const token = await provider.token(first);
  expect(await statusOf(token)).toBe(200);
  const same = await provider.key("ES256", "first");
  provider.publish(same);
  provider.clock.pass(5_000);
  expect(await statusOf(await provider.token(same, { sub: "bob" }))).toBe(200);
  expect(await statusOf(token)).toBe(401);
});

test("keys without a name can rotate, too", async () => {
  const [old, next] = [await provider.key("RS256"), await provider.key("RS256")];
  provider.publish(old);
  expect(await statusOf(await provider.token(old))).toBe(200);
  provider.publish(old, next);
  expect(await statusOf(await provider.token(next))).toBe(401);
  provider.clock.pass(5_000);
  expect(await statusOf(await provider.token(next))).toBe(200);
  expect(await statusOf(await provider.token(old, { sub: "bob" }))).toBe(200);
  provider.publish(next);
  provider.clock.pass(5 * MINUTE);
  expect(await statusOf(await provider.token(old))).toBe(401);
});

test("callers cannot make the service read the provider's keys more than once in five seconds", async () => {
  expect(await statusOf(await provider.token(first))).toBe(200);
  const unknown = await provider.key("ES256", "unknown");
  const [unnamed, forged] = [await provider.key("ES256"), { ...(await provider.key("ES256")), kid: "first" }];
  const attack = async (sub: string) => {
    const tokens = await Promise.all([unknown, unnamed, forged].map((key) => provider.token(key, { sub })));
    const statuses = await Promise.all([...tokens, ...tokens].map(statusOf));
    expect(new Set(statuses)).toEqual(new Set([401]));
  };
  const { reads } = provider;
  for (let n = 0; n < 5; n++) await attack(`a${n}`);
  expect(provider.reads).toBe(reads);
  provider.clock.pass(5_000);
  for (let n = 0; n < 5; n++) await attack(`b${n}`);
  expect(provider.reads).toBe(reads + 1);
});

test("a token that no key could make valid is refused without reading keys", async () => {
  const stranger = await provider.key("ES256", "stranger");
  const tokens = [
    await provider.token(stranger, { exp: provider.seconds(-60) }),
    await provider.token(stranger, { iss: "https://evil.example" }),
    await provider.token(stranger, { exp: null }),
    await provider.token(await provider.key("ES512", "stranger")),
  ];
  const { reads } = provider;
  for (const token of tokens) expect(await statusOf(token)).toBe(401);
  expect(provider.reads).toBe(reads);
});

test("a hundred keys are read", async () => {
  provider.published = [...Array(99).fill({ kty: "EC", alg: "ES256" }), first.jwk];
  expect(await statusOf(await provider.token(first))).toBe(200);
});

test("after the clock was set back, the keys are read again", async () => {
  const token = await provider.token(first);
  expect(await statusOf(token)).toBe(200);
  const second = await provider.key("ES256", "second");
  provider.publish(second);
  provider.clock.pass(-60 * MINUTE);
  expect(await statusOf(token)).toBe(401);
  expect(await statusOf(await provider.token(second))).toBe(200);
});

test("an unusable key does not affect the others", async () => {
  const { publicKey } = generateKeyPairSync("rsa", { modulusLength: 1024 });
  const odd = [{ ...publicKey.export({ format: "jwk" }), kid: "weak", alg: "RS256" }, { kty: "EC", alg: "ES256" }, {}];
  provider.published = [...(odd as typeof provider.published), first.jwk];
  expect(await statusOf(await provider.token(first))).toBe(200);
  expect(await statusOf(await provider.token({ ...(await provider.key("RS256")), kid: "weak" }))).toBe(401);
});

test("streams end when the key of their token is withdrawn, and their socket cannot start operations", async () => {
  const token = await provider.token(first);
  expect(await statusOf(token)).toBe(200);
  const socket = new WebSocket(`ws://127.0.0.1:${service.app.port}/graphql`, "graphql-transport-ws");
  const messages: Array<{ type: string; id?: string; payload?: unknown }> = [];
  const waiting = new Set<() => void>();
  socket.on("message", (data) => {
    messages.push(JSON.parse(String(data)));
    for (const notify of waiting) notify();
  });
  const message = async (id: string | undefined, type: string) => {
    for (;;) {
      const found = messages.find((each) => each.id === id && each.type === type);
      if (found) return found;
      await new Promise<void>((resolve) => waiting.add(resolve));
    }
  };
  await new Promise((resolve) => socket.once("open", resolve));
  const send = (body: object) => socket.send(JSON.stringify(body));
  send({ type: "connection_init", payload: { authorization: `Bearer ${token}` } });
  await message(undefined, "connection_ack");
  const query = "subscription { receivedInvitationChanged { id } }";
  send({ type: "subscribe", id: "live", payload: { query } });
  send({ type: "subscribe", id: "before", payload: { query: WHO } });
  await message("before", "complete");
  while (service.app.live.size === 0) await new Promise((resolve) => setImmediate(resolve));
  const second = await provider.key("ES256", "second");
  provider.publish(second);
  provider.clock.pass(5 * MINUTE);
  // The next request reads the keys again; without one, a timer does.
  expect(await statusOf(await provider.token(second, { sub: "bob" }))).toBe(200);
  expect(JSON.stringify((await message("live", "next")).payload)).toContain("UNAUTHENTICATED");
  send({ type: "subscribe", id: "after", payload: { query: WHO } });
  expect(JSON.stringify((await message("after", "error")).payload)).toContain("UNAUTHENTICATED");
  socket.close();
});

test("a timer reads the keys, too, so that streams end without a request", async () => {
  const timers = jest.spyOn(globalThis, "setInterval");
  let notify: () => void = () => undefined;
  const withdrawn = new Promise<void>((resolve) => {
    notify = resolve;
  });
  const url = provider.environment.AUTH_JWKS_URL ?? "";
  const keys = new RemoteKeys({ url, clock: provider.clock, log: createLog("silent"), onWithdrawn: () => notify() });
  const [tick, milliseconds] = timers.mock.calls.at(-1) ?? [];
  timers.mockRestore();
  try {
    expect(milliseconds).toBe(4 * MINUTE);
    const [name] = [...(await keys.current()).keys()];
    expect(keys.has(name ?? "")).toBe(true);
    provider.publish(await provider.key());
    provider.clock.pass(4 * MINUTE);
    tick?.();
    await withdrawn;
    expect(keys.has(name ?? "")).toBe(false);
  } finally {
    keys.close();
  }
});

test("a replica reads a person again after five minutes, even if it missed a notification", async () => {
  const token = await provider.token(first, { sub: "reader" });
  const name = async () => (await service.ask(token)("{ viewer { name } }")).data.viewer.name;
  expect(await name()).toBe("Ada");
  const { dataSource } = service.app.services.database;
  const rename =
    "UPDATE user_account SET name = 'Ada L.', identity_at = identity_at + interval '1 s' WHERE id = 'reader'";
  await dataSource.query(rename);
  expect(await name()).toBe("Ada");
  provider.clock.pass(5 * MINUTE);
  expect(await name()).toBe("Ada L.");
});

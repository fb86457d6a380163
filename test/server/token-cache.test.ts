import type { Person } from "../../src/domain/viewer";
import { TokenCache } from "../../src/server/caller/token-cache";
import { personTopic } from "../../src/store/events/notifier";

const NOW = new Date("2026-03-01T12:00:00Z");
const after = (milliseconds: number) => new Date(NOW.getTime() + milliseconds);
const ada: Person = { kind: "person", id: "ada", name: "Ada", email: null, emailVerified: false };
const bob: Person = { ...ada, id: "bob", name: "Bob" };
const token = (tokenHash: string, expiresAt = after(3_600_000)) => ({ tokenHash, expiresAt, signedBy: "key" });

test("a token's viewer is read again after five minutes, and once the token has ended", async () => {
  const cache = new TokenCache();
  const session = await cache.load(token("long"), NOW, async () => ada);
  expect(session).toEqual({ ...token("long"), viewer: ada });
  expect(cache.get("long", after(5 * 60_000 - 1))).toBe(session);
  expect(cache.get("long", after(5 * 60_000))).toBeNull();
  await cache.load(token("short", after(1_000)), NOW, async () => ada);
  expect(cache.get("short", after(5_999))).not.toBeNull();
  expect(cache.get("short", after(6_000))).toBeNull();
  expect([cache.has("short"), cache.has("unknown")]).toEqual([true, false]);
});

test("a person who has changed is read again for all of their tokens, and nobody else is", async () => {
  const cache = new TokenCache();
  for (const hash of ["one", "other"]) await cache.load(token(hash), NOW, async () => ada);
  await cache.load(token("bob"), NOW, async () => bob);
  cache.forget([personTopic("ada"), personTopic("nobody")]);
  expect(["one", "other", "bob"].map((hash) => cache.get(hash, NOW)?.viewer)).toEqual([undefined, undefined, bob]);
  expect(cache.has("one")).toBe(true);
  await cache.load(token("one"), NOW, async () => ada);
  expect(cache.get("one", NOW)?.viewer).toBe(ada);
  cache.forget(null);
  expect(["one", "bob"].map((hash) => cache.get(hash, NOW))).toEqual([null, null]);
});

test("what was read before a change does not stay in the cache, even if the read ends after the change", async () => {
  const cache = new TokenCache();
  for (const topics of [[personTopic("ada")], null]) {
    const changed = async (viewer: Person) => {
      cache.forget(topics);
      return viewer;
    };
    expect((await cache.load(token("one"), NOW, () => changed(ada))).viewer).toBe(ada);
    expect(cache.get("one", NOW)).toBeNull();
    await cache.load(token("bob"), NOW, () => changed(bob));
    expect(cache.get("bob", NOW) === null).toBe(topics === null);
  }
});

test("a failed read leaves the cached session as it is", async () => {
  const cache = new TokenCache();
  const session = await cache.load(token("one"), NOW, async () => ada);
  await expect(cache.load(token("one"), NOW, () => Promise.reject(new Error("No database.")))).rejects.toThrow("No d");
  expect(cache.get("one", NOW)).toBe(session);
});

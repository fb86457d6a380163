import { createHash } from "node:crypto";
import { createLocalJWKSet, type JSONWebKeySet, type JWTVerifyGetKey } from "jose";
import { Unavailable } from "../../domain/denial";
import type { Log } from "../../log";

/** Limits for the identity provider's keys. docs/clients.md documents them. */
export const KEY_LIMITS = {
  /** Keys older than this are read again, so a withdrawn key is trusted for at most this long. */
  maxAgeMs: 5 * 60_000,
  /** A timer reads them a little earlier, so that no request has to wait. */
  readEveryMs: 4 * 60_000,
  /** A token that no known key signed causes another read of the keys, but at most this often. */
  cooldownMs: 5_000,
  /** While the provider cannot be reached, the last known keys stay valid for this long. */
  staleMs: 12 * 60 * 60_000,
  timeoutMs: 5_000,
  bytes: 1024 * 1024,
  keys: 100,
} as const;

/** Keys by a hash of the whole key, so that another key with the same `kid` has another name. */
export type KeySet = ReadonlyMap<string, JWTVerifyGetKey>;

/** The keys that may sign tokens. */
export interface ProviderKeys {
  /** The current keys. Throws UNAVAILABLE if they cannot be read and the last known ones are too old. */
  current(): Promise<KeySet>;
  /**
   * Reads the keys again, because none of `seen` signed a token. `isCurrent`: the last attempt to read them succeeded.
   */
  renewed(seen: KeySet): Promise<{ keys: KeySet; isCurrent: boolean }>;
  /** Whether the keys, when last read, included this one. */
  has(name: string): boolean;
}

/** Keys that never change: those of the development issuer. */
export function fixedKeys(jwks: JSONWebKeySet): ProviderKeys {
  const keys = keySetOf(jwks);
  return {
    current: async () => keys,
    renewed: async () => ({ keys, isCurrent: true }),
    has: (name) => keys.has(name),
  };
}

interface Dependencies {
  url: string;
  clock: { now(): Date };
  log: Log;
  /** Called after keys were withdrawn. */
  onWithdrawn(): void;
}

/**
 * The keys that an identity provider publishes as a JWKS. They are read on first use and then by a timer, so that
 * requests need not wait, and streams end when their key is withdrawn even if no request comes.
 */
export class RemoteKeys implements ProviderKeys {
  private keys: KeySet | null = null;
  private readAt = 0;
  private triedAt = Number.NEGATIVE_INFINITY;
  private alarmedAt = Number.NEGATIVE_INFINITY;
  private isFailing = false;
  private reading: Promise<void> | null = null;
  private readonly timer: NodeJS.Timeout;

  constructor(private readonly dependencies: Dependencies) {
    this.timer = setInterval(() => void this.readAgain(), KEY_LIMITS.readEveryMs).unref();
  }

  close(): void {
    clearInterval(this.timer);
  }

  has(name: string): boolean {
    return this.keys?.has(name) ?? false;
  }

  async current(): Promise<KeySet> {
    if (this.keys && this.isYoungerThan(KEY_LIMITS.maxAgeMs)) return this.keys;
    const reading = this.readAgain();
    // During an outage, only the first request waits for the provider.
    if (!this.mayUseStale() || !this.isFailing) await reading;
    if (this.keys && this.mayUseStale()) return this.keys;
    throw keysUnavailable();
  }

  async renewed(seen: KeySet): Promise<{ keys: KeySet; isCurrent: boolean }> {
    if (this.keys === seen) await this.readAgain();
    return { keys: this.keys ?? seen, isCurrent: !this.isFailing };
  }

  /** Reads the keys, unless the last attempt was within the cooldown. Never throws: a failure sets `isFailing`. */
  private readAgain(): Promise<void> {
    if (this.reading) return this.reading;
    const since = this.now() - this.triedAt;
    if (since >= 0 && since < KEY_LIMITS.cooldownMs) return Promise.resolve();
    this.triedAt = this.now();
    this.reading = this.read().finally(() => {
      this.reading = null;
    });
    return this.reading;
  }

  private async read(): Promise<void> {
    try {
      const before = this.keys;
      const read = await fetchKeys(this.dependencies.url);
      // Equal keys keep the old set: `renewed` compares sets by identity.
      const isSame = before?.size === read.size && [...read.keys()].every((name) => before.has(name));
      if (!isSame) this.keys = read;
      this.readAt = this.now();
      if (this.isFailing) this.dependencies.log.info("the identity provider's keys can be read again");
      this.isFailing = false;
      if (before && [...before.keys()].some((name) => !read.has(name))) this.dependencies.onWithdrawn();
    } catch (error) {
      this.isFailing = true;
      this.alarm(error);
    }
  }

  private alarm(error: unknown): void {
    if (this.now() - this.alarmedAt < KEY_LIMITS.maxAgeMs) return;
    this.alarmedAt = this.now();
    const until = this.keys ? new Date(this.readAt + KEY_LIMITS.staleMs).toISOString() : null;
    this.dependencies.log.error(
      { err: error, alarm: true, knownKeysUsedUntil: until },
      "the identity provider's keys (AUTH_JWKS_URL) cannot be read",
    );
  }

  private mayUseStale(): boolean {
    return this.keys !== null && this.isYoungerThan(KEY_LIMITS.staleMs);
  }

  private isYoungerThan(milliseconds: number): boolean {
    const age = this.now() - this.readAt;
    return age >= 0 && age < milliseconds;
  }

  private now(): number {
    return this.dependencies.clock.now().getTime();
  }
}

/** The error for a token that no known key signed, while the provider's current keys are unknown. */
export function keysUnavailable(): Unavailable {
  const message = "The identity provider cannot be reached to check the token. Try again in a few seconds.";
  return new Unavailable(message, { retryAfterSeconds: KEY_LIMITS.cooldownMs / 1000 });
}

/** Reads the keys at an address. Throws if they cannot be read or are no keys. */
export async function fetchKeys(url: string): Promise<KeySet> {
  return keySetOf(await fetchJwks(url));
}

async function fetchJwks(url: string): Promise<JSONWebKeySet> {
  const response = await fetch(url, {
    headers: { accept: "application/json, application/jwk-set+json" },
    // A redirect could make us trust the keys of another host.
    redirect: "manual",
    signal: AbortSignal.timeout(KEY_LIMITS.timeoutMs),
  });
  if (response.status !== 200) {
    await response.body?.cancel();
    throw new Error(`The identity provider responded with status ${response.status}.`);
  }
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength;
    if (size > KEY_LIMITS.bytes)
      throw new Error(`The identity provider's keys have more than ${KEY_LIMITS.bytes} bytes.`);
    chunks.push(chunk);
  }
  return JSON.parse(Buffer.concat(chunks).toString("utf8"));
}

/** Throws if the value is not a JWKS. An unusable key fails only when a token names it. */
function keySetOf(jwks: JSONWebKeySet): KeySet {
  createLocalJWKSet(jwks);
  if (jwks.keys.length > KEY_LIMITS.keys)
    throw new Error(`The identity provider has more than ${KEY_LIMITS.keys} keys.`);
  return new Map(
    jwks.keys.map((key) => {
      const entries = Object.entries(key).sort(([one], [other]) => (one < other ? -1 : 1));
      const name = createHash("sha256").update(JSON.stringify(entries)).digest("base64url").slice(0, 22);
      return [name, createLocalJWKSet({ keys: [key] })];
    }),
  );
}

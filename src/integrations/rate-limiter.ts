import { LRUCache } from "lru-cache";

const MAX_KEYS = 10_000;

/**
 * How often somebody may have the world outside asked, per process: `burst` times at once, and again one time every
 * `everyMs` milliseconds.
 */
export class RateLimiter {
  /** When each asker will have all their attempts back. */
  private readonly restoredAt: LRUCache<string, number>;

  constructor(
    private readonly burst: number,
    private readonly everyMs: number,
  ) {
    this.restoredAt = new LRUCache({ max: MAX_KEYS, ttl: burst * everyMs });
  }

  /** Takes one attempt of somebody's; gives 0, or in how many milliseconds there will be one. */
  take(key: string, now: Date): number {
    const restoredAt = Math.max(this.restoredAt.get(key) ?? 0, now.getTime()) + this.everyMs;
    const wait = restoredAt - now.getTime() - this.burst * this.everyMs;
    if (wait > 0) return wait;
    this.restoredAt.set(key, restoredAt);
    return 0;
  }
}

import { LRUCache } from "lru-cache";
import { countRefusal } from "../process-metrics";

const MAX_KEYS = 10_000;

/**
 * A token bucket per key, in this process. Implemented as GCRA, with one timestamp per key. A bucket holds `burst`
 * tokens and gains one every `everyMs` milliseconds.
 */
export class RateLimiter {
  /** When each key's bucket will be full again. */
  private readonly fullAt: LRUCache<string, number>;

  constructor(
    private readonly burst: number,
    private readonly everyMs: number,
    /** The name under which its refusals are counted. */
    private readonly name = "",
  ) {
    this.fullAt = new LRUCache({ max: MAX_KEYS, ttl: burst * everyMs });
  }

  /** Takes a token and returns 0, or returns the wait for the next token in milliseconds. */
  take(key: string, now: Date): number {
    const fullAt = Math.max(this.fullAt.get(key) ?? 0, now.getTime()) + this.everyMs;
    const wait = fullAt - now.getTime() - this.burst * this.everyMs;
    if (wait > 0) {
      countRefusal(this.name);
      return wait;
    }
    this.fullAt.set(key, fullAt);
    return 0;
  }
}

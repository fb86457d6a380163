import { Denied } from "../../domain/denial";
import { countRefusal } from "../../process-metrics";

/** The longest wait of a client for a lock. */
const RETRY_AFTER_SECONDS = 2;

/** All places are taken. The transaction returns its connection and starts again when it has a place. */
export class LockBusy extends Error {}

/** A statement gave up because somebody has locked its rows. It changed nothing. */
export class RowsLocked extends Error {}

/** The RATE_LIMITED error for a lock that was not free in time. */
export function lockTimeout(cause?: unknown): Denied {
  countRefusal("lock_wait");
  const message = "Somebody else is changing this right now. Nothing was changed. Try again in a few seconds.";
  const denied = new Denied("RATE_LIMITED", message, RETRY_AFTER_SECONDS);
  if (cause !== undefined) denied.cause = cause;
  return denied;
}

/**
 * Limits how many connections of a pool wait for locks, so that a lock that is held for long does not use up the pool.
 * More transactions wait here, without a connection.
 */
export class LockQueue {
  private occupied = 0;
  private readonly queue: Array<() => void> = [];

  constructor(
    /** The limit of connections that wait at a time. */
    readonly places: number,
    /** How long a transaction waits for a lock, in milliseconds. */
    readonly timeoutMs: number,
  ) {}

  /** Takes a place if one is free, and returns whether it did. If so, `leave` must follow. */
  enter(): boolean {
    if (this.occupied >= this.places) return false;
    this.occupied += 1;
    return true;
  }

  /** The number of places that are taken now. */
  get taken(): number {
    return this.occupied;
  }

  /** Gives the place to the next one that waits, or frees it. */
  leave(): void {
    const next = this.queue.shift();
    if (next) next();
    else this.occupied -= 1;
  }

  /** Takes a place as soon as one is free; `leave` must follow. Throws RATE_LIMITED at the time `until` (performance.now). */
  async enterInTurn(until: number): Promise<void> {
    if (this.enter()) return;
    const hasPlace = await new Promise<boolean>((resolve) => {
      const take = () => {
        clearTimeout(timer);
        resolve(true);
      };
      const timer = setTimeout(() => {
        this.queue.splice(this.queue.indexOf(take), 1);
        resolve(false);
      }, until - performance.now());
      this.queue.push(take);
    });
    if (!hasPlace) throw lockTimeout();
  }
}

import { Denied } from "../../domain/denial";
import { countRefusal } from "../../process-metrics";

/** A client should not wait longer for somebody else's lock. */
const RETRY_AFTER_SECONDS = 2;

/** All places are taken: the transaction gives its connection back and starts over when one is free. */
export class LockBusy extends Error {}

/** Somebody else holds the lock for too long. */
export function lockTimeout(cause?: unknown): Denied {
  countRefusal("lock_wait");
  const message = "Somebody else is changing this right now. Nothing was changed. Try again in a few seconds.";
  const denied = new Denied("RATE_LIMITED", message, RETRY_AFTER_SECONDS);
  if (cause !== undefined) denied.cause = cause;
  return denied;
}

/**
 * Bounds how many connections of a pool wait for locks: those that others hold must not take the pool from everybody.
 * Transactions beyond that wait here, without a connection.
 */
export class LockQueue {
  private waiting = 0;
  private readonly queue: Array<() => void> = [];

  constructor(
    /** How many may wait at a time. */
    readonly places: number,
    /** How long a lock is waited for. */
    readonly timeoutMs: number,
  ) {}

  /** Takes a place, if there is one. Then `leave` must follow. */
  enter(): boolean {
    if (this.waiting >= this.places) return false;
    this.waiting += 1;
    return true;
  }

  /** How many wait for a lock now. */
  get taken(): number {
    return this.waiting;
  }

  leave(): void {
    this.waiting -= 1;
    this.queue.shift()?.();
  }

  /** Resolves when a place became free. Throws RATE_LIMITED at the time `until` (performance.now). */
  async whenFree(until: number): Promise<void> {
    const isFree = await new Promise<boolean>((resolve) => {
      const wake = () => {
        clearTimeout(timer);
        resolve(true);
      };
      const timer = setTimeout(() => {
        this.queue.splice(this.queue.indexOf(wake), 1);
        resolve(false);
      }, until - performance.now());
      this.queue.push(wake);
    });
    if (!isFree) throw lockTimeout();
  }
}

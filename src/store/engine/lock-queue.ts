import { Denied } from "../../domain/denial";
import { countRefusal } from "../../process-metrics";

/** The longest wait of a client for a lock. */
const RETRY_AFTER_SECONDS = 2;

/** All places are taken. The transaction returns its connection and starts again when a place is free. */
export class LockBusy extends Error {}

/** The RATE_LIMITED error for a lock that was not free in time. */
export function lockTimeout(cause?: unknown): Denied {
  countRefusal("lock_wait");
  const message = "Somebody else is changing this right now. Nothing was changed. Try again in a few seconds.";
  const denied = new Denied("RATE_LIMITED", message, RETRY_AFTER_SECONDS);
  if (cause !== undefined) denied.cause = cause;
  return denied;
}

/** Whether somebody else held a lock for too long. */
export function isLockTimeout(error: unknown): boolean {
  return error instanceof Denied && error.extensions.code === "RATE_LIMITED";
}

/**
 * Limits how many connections of a pool wait for locks, so that a lock that is held for long does not use up the pool.
 * More transactions wait here, without a connection.
 */
export class LockQueue {
  private waiting = 0;
  private readonly queue: Array<() => void> = [];

  constructor(
    /** The limit of connections that wait at a time. */
    readonly places: number,
    /** How long a transaction waits for a lock, in milliseconds. */
    readonly timeoutMs: number,
  ) {}

  /** Takes a place if one is free, and returns whether it did. If so, `leave` must follow. */
  enter(): boolean {
    if (this.waiting >= this.places) return false;
    this.waiting += 1;
    return true;
  }

  /** The number of connections that wait for a lock now. */
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

import type { Deadline } from "./deadline";

/**
 * A mutex per key within this process. Writers of one busy organization queue here before they take a connection, which
 * leaves the pool to others.
 */
export class KeyedMutex {
  private readonly tails = new Map<string, Promise<unknown>>();

  /**
   * Runs `work` after all earlier work with the same key. At the deadline the next work may begin, even if this work
   * hangs: the row's lock still separates them. Throws DEADLINE_EXCEEDED if the turn comes too late.
   */
  async run<Result>(key: string, work: () => Promise<Result>, deadline: Deadline | null): Promise<Result> {
    const before = this.tails.get(key) ?? Promise.resolve();
    // The promise is wrapped in an object, because `then` would await a bare promise.
    const started = before.then(() => {
      deadline?.assert();
      return { working: work() };
    });
    const tail = started.then(({ working }) => settledOrLate(working, deadline)).catch(() => undefined);
    this.tails.set(key, tail);
    try {
      return await (await started).working;
    } finally {
      if (this.tails.get(key) === tail) this.tails.delete(key);
    }
  }
}

function settledOrLate(working: Promise<unknown>, deadline: Deadline | null): Promise<void> {
  return new Promise((resolve) => {
    const removeListener = deadline?.onEnd(resolve);
    const release = () => {
      removeListener?.();
      resolve();
    };
    working.then(release, release);
  });
}

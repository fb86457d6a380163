import type { Deadline } from "./deadline";

/**
 * A mutex per key within this process. Writers of one busy organization queue here, before they take a connection, and
 * leave the pool to the others.
 */
export class KeyedMutex {
  private readonly tails = new Map<string, Promise<unknown>>();

  /**
   * Runs `work` after all earlier work with the same key. The next one may begin at the deadline, even if this work hangs:
   * the row's lock still keeps them apart. Throws DEADLINE_EXCEEDED if its turn comes too late.
   */
  async run<Result>(key: string, work: () => Promise<Result>, deadline: Deadline | null): Promise<Result> {
    const before = this.tails.get(key) ?? Promise.resolve();
    // In an object, because a promise in a promise would be waited for.
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

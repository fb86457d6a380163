import { Denied, MAY_HAVE_HAPPENED, RETRY_AFTER_SECONDS } from "../../domain/denial";
import { countRefusal } from "../../process-metrics";

/**
 * The deadline of one operation. When it passes, running statements are cancelled and no others start. It is not an
 * AbortSignal, because one per request costs more than a timer.
 */
export class Deadline {
  private readonly timer: NodeJS.Timeout;
  private cancels: Set<() => void> | null = null;
  private error: Denied | null = null;
  /**
   * Whether a commit or another irreversible call was sent. After that, a timeout leaves open whether the change
   * happened.
   */
  mayHaveChanged = false;

  constructor(private readonly milliseconds: number) {
    this.timer = setTimeout(() => this.end(), milliseconds).unref();
  }

  /** Throws DEADLINE_EXCEEDED after the deadline. */
  assert(): void {
    if (this.error) throw this.error;
  }

  /** Must be called before a commit or another irreversible call. Throws DEADLINE_EXCEEDED after the deadline. */
  beginCommit(): void {
    this.assert();
    this.mayHaveChanged = true;
  }

  /** Calls `cancel` at the deadline. Returns a function that removes it. */
  onEnd(cancel: () => void): () => void {
    this.cancels ??= new Set();
    this.cancels.add(cancel);
    return () => this.cancels?.delete(cancel);
  }

  /** Stops the timer. */
  clear(): void {
    clearTimeout(this.timer);
  }

  /** Waits for `work`. Throws DEADLINE_EXCEEDED if it takes longer. */
  race<Result>(work: Promise<Result>): Promise<Result> {
    return new Promise((resolve, reject) => {
      const removeListener = this.onEnd(() => reject(this.error));
      work.then(resolve, reject).finally(removeListener);
    });
  }

  /** Waits for `work`, then stops the timer. Throws DEADLINE_EXCEEDED if `work` takes longer. */
  limit<Result>(work: Promise<Result>): Promise<Result> {
    return new Promise((resolve, reject) => {
      const removeListener = this.onEnd(() => reject(this.error));
      const stop = () => {
        removeListener();
        this.clear();
      };
      work.then(
        (result) => {
          stop();
          resolve(result);
        },
        (error: unknown) => {
          stop();
          reject(error);
        },
      );
    });
  }

  private end(): void {
    countRefusal("deadline");
    const timedOut = `This took longer than ${this.milliseconds / 1000} s and was stopped.`;
    const message = this.mayHaveChanged ? `${timedOut} ${MAY_HAVE_HAPPENED}` : `${timedOut} Nothing was changed.`;
    this.error = new Denied("DEADLINE_EXCEEDED", message, RETRY_AFTER_SECONDS);
    if (this.mayHaveChanged) this.error.extensions.mayHaveHappened = true;
    for (const cancel of this.cancels ?? []) cancel();
  }
}

import { Denied, MAY_HAVE_HAPPENED, RETRY_AFTER_SECONDS } from "../../domain/denial";

/**
 * The time an operation may take. When it is over, what runs for the operation is cancelled, and nothing more begins.
 * (A small class of its own: an AbortSignal per request costs more than the timer.)
 */
export class Deadline {
  private readonly timer: NodeJS.Timeout;
  private cancels: Set<() => void> | null = null;
  private error: Denied | null = null;
  /** Whether something that cannot be taken back was sent under it: then the end of the time leaves it open. */
  mayHaveChanged = false;

  constructor(private readonly milliseconds: number) {
    this.timer = setTimeout(() => this.end(), milliseconds).unref();
  }

  /** Throws DEADLINE_EXCEEDED once it is over. */
  assert(): void {
    if (this.error) throw this.error;
  }

  /** Called before something is sent that cannot be taken back. Throws DEADLINE_EXCEEDED once it is over. */
  beginCommit(): void {
    this.assert();
    this.mayHaveChanged = true;
  }

  /** Has `cancel` called when it is over. Returns what takes that back. */
  onEnd(cancel: () => void): () => void {
    this.cancels ??= new Set();
    this.cancels.add(cancel);
    return () => this.cancels?.delete(cancel);
  }

  /** Nothing is timed any more. */
  clear(): void {
    clearTimeout(this.timer);
  }

  /** What `work` answers in time. Throws DEADLINE_EXCEEDED otherwise; there is nothing to wait for after it. */
  limit<Result>(work: Promise<Result>): Promise<Result> {
    return new Promise((resolve, reject) => {
      const clear = this.onEnd(() => reject(this.error));
      const inTime = () => {
        clear();
        this.clear();
      };
      work.then(
        (result) => {
          inTime();
          resolve(result);
        },
        (error: unknown) => {
          inTime();
          reject(error);
        },
      );
    });
  }

  private end(): void {
    const took = `This took longer than ${this.milliseconds / 1000} s and was stopped.`;
    const message = this.mayHaveChanged ? `${took} ${MAY_HAVE_HAPPENED}` : `${took} Nothing was changed.`;
    this.error = new Denied("DEADLINE_EXCEEDED", message, RETRY_AFTER_SECONDS);
    if (this.mayHaveChanged) this.error.extensions.mayHaveHappened = true;
    for (const cancel of this.cancels ?? []) cancel();
  }
}

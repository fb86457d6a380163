/** How a stream's supplier gives out what comes next; null where nothing does yet. Throws what ends the stream. */
export type Pull<Payload> = () => Promise<Payload | null>;

/** So many events may wait, and so many milliseconds may pass, while somebody's last one stays in their socket. */
export const STALLED_AFTER = 1_000;
const STALLED_MS = 5_000;

/**
 * One subscriber: an iterator that asks for the next payload when it is asked, so that nothing is kept for a client
 * that does not read. It waits until it is woken.
 */
export class Watcher<Payload> implements AsyncGenerator<Payload, undefined, undefined> {
  /** When it was given what it has not asked beyond yet; null while it waits for more. */
  private givenAt: number | null = null;
  private wakes = 0;
  private resume: (() => void) | null = null;
  private ending: { error: Error | null } | null = null;
  private readonly enders: Array<() => void> = [];

  /** `backlog`: how many payloads, or events at least, wait for it. */
  constructor(
    private readonly pull: Pull<Payload>,
    private readonly backlog: () => number,
  ) {}

  /** Has something done when the stream has ended, for whatever reason. */
  onEnd(ender: () => void): void {
    if (this.ending) ender();
    else this.enders.push(ender);
  }

  /** Whether it has been given everything there is, and its last payload has been taken. */
  get isIdle(): boolean {
    return this.resume !== null || this.ending !== null;
  }

  /** Whether it does not read: much waits for it, and for long it has not asked. */
  get hasStalled(): boolean {
    if (this.givenAt === null || performance.now() - this.givenAt < STALLED_MS) return false;
    return this.backlog() > STALLED_AFTER;
  }

  /** Has it look for what is next. */
  wake(): void {
    this.wakes += 1;
    this.resume?.();
  }

  /** Ends the stream with an error, as soon as it is asked again. */
  fail(error: Error): void {
    this.end(error);
  }

  async next(): Promise<IteratorResult<Payload, undefined>> {
    for (;;) {
      this.givenAt = null;
      if (this.ending) return this.ended(this.ending);
      const seen = this.wakes;
      const payload = await this.pulled();
      if (payload !== null && !this.ending) {
        this.givenAt = performance.now();
        return { value: payload, done: false };
      }
      if (this.ending || this.wakes !== seen) continue;
      await new Promise<void>((resolve) => {
        this.resume = resolve;
      });
      this.resume = null;
    }
  }

  async return(): Promise<IteratorResult<Payload, undefined>> {
    this.end(null);
    return { value: undefined, done: true };
  }

  async throw(error: Error): Promise<IteratorResult<Payload, undefined>> {
    this.end(error);
    throw error;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.end(null);
  }

  private async pulled(): Promise<Payload | null> {
    try {
      return await this.pull();
    } catch (error) {
      this.end(error instanceof Error ? error : new Error(String(error)));
      return null;
    }
  }

  private end(error: Error | null): void {
    if (this.ending) return;
    this.ending = { error };
    for (const ender of this.enders) ender();
    this.resume?.();
  }

  private ended(ending: { error: Error | null }): IteratorResult<Payload, undefined> {
    const { error } = ending;
    ending.error = null;
    if (error) throw error;
    return { value: undefined, done: true };
  }
}

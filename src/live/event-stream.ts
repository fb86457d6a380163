import { Denied } from "../domain/denial";

/** Where a stream comes from. */
export interface Source<Payload> {
  /** What comes next; null where nothing does yet. Throws what ends the stream. */
  pull(): Payload | null | Promise<Payload | null>;
  /** How many payloads, or events at least, wait to be pulled. */
  readonly backlog: number;
}

/** So many events may wait, and so many milliseconds may pass, while somebody's last one stays in their socket. */
export const STALLED_AFTER = 1_000;
const STALLED_MS = 5_000;

/** Whoever waits for what comes next: the payload, or the end with what caused it. */
export interface Taker<Payload> {
  give(payload: Payload): void;
  end(error: Error | null): void;
}

/**
 * One subscriber: an iterator that asks for the next payload when it is asked, so that nothing is kept for a client
 * that does not read. It waits until it is woken. (Written without async functions: thousands wait at a time, and a
 * suspended one holds half a kilobyte.)
 */
export class Watcher<Payload> implements AsyncGenerator<Payload, undefined, undefined> {
  private taker: Taker<Payload> | null = null;
  private isPulling = false;
  /** Whether it was woken while it pulled: what came up since may be missing in what is pulled. */
  private isWoken = false;
  /** When it was given what it has not asked beyond yet, in milliseconds; 0 while it waits for more. */
  private givenAt = 0;
  private ending: { error: Error | null } | null = null;
  private ender: (() => void) | null = null;

  /** `forget` is told when the stream has ended, for whatever reason. */
  constructor(
    private readonly source: Source<Payload>,
    private readonly forget: (watcher: Watcher<Payload>) => void,
  ) {}

  /** Has something else done when the stream has ended; one thing at most. */
  onEnd(ender: () => void): void {
    if (this.ending) ender();
    else this.ender = ender;
  }

  /** Whether it has been given everything there is, and its last payload has been taken. */
  get isIdle(): boolean {
    return (this.taker !== null && !this.isPulling) || this.ending !== null;
  }

  /** Whether it does not read: much waits for it, and for long it has not asked. */
  get hasStalled(): boolean {
    if (this.givenAt === 0 || performance.now() - this.givenAt < STALLED_MS) return false;
    return this.source.backlog > STALLED_AFTER;
  }

  /** Has it look for what is next. */
  wake(): void {
    this.isWoken = true;
    this.supply();
  }

  /** Ends the stream because the token of whoever watches has ended. */
  expire(): void {
    this.end(new Denied("UNAUTHENTICATED", "The token has expired. Sign in again to go on."));
  }

  /** Ends the stream with an error, as soon as it is asked again. */
  fail(error: Error): void {
    this.end(error);
  }

  /** Has `taker` given what comes next; one at a time. */
  take(taker: Taker<Payload>): void {
    this.taker = taker;
    this.givenAt = 0;
    this.supply();
  }

  next(): Promise<IteratorResult<Payload, undefined>> {
    return new Promise((resolve, reject) => {
      this.take({
        give: (value) => resolve({ value, done: false }),
        end: (error) => (error ? reject(error) : resolve({ value: undefined, done: true })),
      });
    });
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

  private supply(): void {
    if (this.ending) this.finish(this.ending);
    if (!this.taker || this.isPulling) return;
    this.isWoken = false;
    try {
      const pulled = this.source.pull();
      if (pulled instanceof Promise) this.await(pulled);
      else this.give(pulled);
    } catch (error) {
      this.endBy(error);
    }
  }

  private await(pulled: Promise<Payload | null>): void {
    this.isPulling = true;
    pulled.then(
      (payload) => this.give(payload),
      (error: unknown) => this.endBy(error),
    );
  }

  private give(payload: Payload | null): void {
    this.isPulling = false;
    const { taker } = this;
    if (!taker) return;
    if (payload === null) {
      if (this.isWoken) this.supply();
      return;
    }
    this.taker = null;
    this.givenAt = performance.now();
    taker.give(payload);
  }

  private endBy(error: unknown): void {
    this.end(error instanceof Error ? error : new Error(String(error)));
  }

  private end(error: Error | null): void {
    if (this.ending) return;
    this.ending = { error };
    this.forget(this);
    this.ender?.();
    this.finish(this.ending);
  }

  private finish(ending: { error: Error | null }): void {
    const { taker } = this;
    if (!taker) return;
    this.taker = null;
    const { error } = ending;
    ending.error = null;
    taker.end(error);
  }
}

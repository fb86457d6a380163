import { Denied } from "../domain/denial";

/** Where a stream comes from. */
export interface Cursor<Payload> {
  /** What comes next; null where nothing does yet. Throws what ends the stream. */
  next(): Payload | null | Promise<Payload | null>;
  /** How many payloads, or events at least, wait to be pulled. */
  readonly backlog: number;
}

/** So many events may wait, and so many milliseconds may pass, while somebody's last one stays in their socket. */
export const STALLED_AFTER = 1_000;
const STALLED_MS = 5_000;

/** Whoever waits for what comes next: the payload, or the end with what caused it. */
export interface Sink<Payload> {
  deliver(payload: Payload): void;
  end(error: Error | null): void;
}

/**
 * One subscriber: an iterator that asks for the next payload when it is asked, so that nothing is kept for a client
 * that does not read. It waits until it is woken. (Written without async functions: thousands wait at a time, and a
 * suspended one holds half a kilobyte.)
 */
export class EventStream<Payload> implements AsyncGenerator<Payload, undefined, undefined> {
  private sink: Sink<Payload> | null = null;
  private isReading = false;
  /** Whether it was woken while it pulled: what came up since may be missing in what is pulled. */
  private isWoken = false;
  /** When it was given what it has not asked beyond yet, in milliseconds; 0 while it waits for more. */
  private deliveredAt = 0;
  private ending: { error: Error | null } | null = null;
  private endListener: (() => void) | null = null;

  /** `forget` is told when the stream has ended, for whatever reason. */
  constructor(
    private readonly cursor: Cursor<Payload>,
    private readonly onClosed: (watcher: EventStream<Payload>) => void,
  ) {}

  /** Has something else done when the stream has ended; one thing at most. */
  onEnd(endListener: () => void): void {
    if (this.ending) endListener();
    else this.endListener = endListener;
  }

  /** Whether it has been given everything there is, and its last payload has been taken. */
  get isIdle(): boolean {
    return (this.sink !== null && !this.isReading) || this.ending !== null;
  }

  /** Whether it does not read: much waits for it, and for long it has not asked. */
  get hasStalled(): boolean {
    if (this.deliveredAt === 0 || performance.now() - this.deliveredAt < STALLED_MS) return false;
    return this.cursor.backlog > STALLED_AFTER;
  }

  /** Has it look for what is next. */
  wake(): void {
    this.isWoken = true;
    this.deliverNext();
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
  readInto(sink: Sink<Payload>): void {
    this.sink = sink;
    this.deliveredAt = 0;
    this.deliverNext();
  }

  next(): Promise<IteratorResult<Payload, undefined>> {
    return new Promise((resolve, reject) => {
      this.readInto({
        deliver: (value) => resolve({ value, done: false }),
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

  private deliverNext(): void {
    if (this.ending) this.finish(this.ending);
    if (!this.sink || this.isReading) return;
    this.isWoken = false;
    try {
      const pulled = this.cursor.next();
      if (pulled instanceof Promise) this.await(pulled);
      else this.deliver(pulled);
    } catch (error) {
      this.endWith(error);
    }
  }

  private await(pulled: Promise<Payload | null>): void {
    this.isReading = true;
    pulled.then(
      (payload) => this.deliver(payload),
      (error: unknown) => this.endWith(error),
    );
  }

  private deliver(payload: Payload | null): void {
    this.isReading = false;
    const { sink } = this;
    if (!sink) return;
    if (payload === null) {
      if (this.isWoken) this.deliverNext();
      return;
    }
    this.sink = null;
    this.deliveredAt = performance.now();
    sink.deliver(payload);
  }

  private endWith(error: unknown): void {
    this.end(error instanceof Error ? error : new Error(String(error)));
  }

  private end(error: Error | null): void {
    if (this.ending) return;
    this.ending = { error };
    this.onClosed(this);
    this.endListener?.();
    this.finish(this.ending);
  }

  private finish(ending: { error: Error | null }): void {
    const { sink } = this;
    if (!sink) return;
    this.sink = null;
    const { error } = ending;
    ending.error = null;
    sink.end(error);
  }
}

import { Denied } from "../domain/denial";

/** The position of one subscription in its feed. */
export interface Cursor<Payload> {
  readonly userId: string;
  /** How many payloads are left to deliver; an organization's cursor also counts events that its filter will drop. */
  readonly backlog: number;
  /** Returns the next payload, or null if there is none yet. Throws the error that ends the stream. */
  next(): Payload | null | Promise<Payload | null>;
  /** Called before the stream is closed because its client does not read. */
  onStalled(): void;
}

/** Receives the payloads of an event stream: one per `readInto`, or the end of the stream. */
export interface Sink<Payload> {
  deliver(payload: Payload): void;
  end(error: Error | null): void;
}

/** A client has stalled if it leaves its last payload unread for STALLED_MS and its backlog exceeds this. */
export const STALLED_BACKLOG = 1_000;
const STALLED_MS = 5_000;

/**
 * One subscription. It reads the next payload only when its consumer asks for it, so a slow client costs no buffer.
 * No async functions: docs/live.md, "Memory", says why.
 */
export class EventStream<Payload> implements AsyncGenerator<Payload, undefined, undefined> {
  private sink: Sink<Payload> | null = null;
  private isReading = false;
  /** Whether `notify` was called during a read, whose result may then be out of date. */
  private wasNotified = false;
  /** When the last payload was delivered (ms); 0 while the consumer waits. */
  private deliveredAt = 0;
  private ending: { error: Error | null } | null = null;
  private endListener: (() => void) | null = null;

  constructor(
    private readonly cursor: Cursor<Payload>,
    private readonly onClosed: (stream: EventStream<Payload>) => void,
  ) {}

  /** Sets the one listener for the end of the stream; calls it at once if the stream has ended. */
  onEnd(endListener: () => void): void {
    if (this.ending) endListener();
    else this.endListener = endListener;
  }

  /** Whether the stream has ended, or its consumer waits and nothing is being read. */
  get isIdle(): boolean {
    return (this.sink !== null && !this.isReading) || this.ending !== null;
  }

  /** Whether the client has read nothing for STALLED_MS while its backlog exceeds STALLED_BACKLOG. */
  get hasStalled(): boolean {
    if (this.deliveredAt === 0 || performance.now() - this.deliveredAt < STALLED_MS) return false;
    return this.cursor.backlog > STALLED_BACKLOG;
  }

  /** Tells the stream that its cursor may have a new payload. */
  notify(): void {
    this.wasNotified = true;
    this.deliverNext();
  }

  /** Ends the stream because the subscriber's token has expired. */
  expire(): void {
    this.end(new Denied("UNAUTHENTICATED", "The token has expired. Sign in again to continue."));
  }

  /** Ends the stream with an error, which the consumer gets with its current or next read. */
  fail(error: Error): void {
    this.end(error);
  }

  /** Delivers the next payload, or the end, to `sink`. Only one read at a time. */
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
    this.wasNotified = false;
    try {
      const next = this.cursor.next();
      if (next instanceof Promise) this.deliverLater(next);
      else this.deliver(next);
    } catch (error) {
      this.endWith(error);
    }
  }

  private deliverLater(next: Promise<Payload | null>): void {
    this.isReading = true;
    next.then(
      (payload) => this.deliver(payload),
      (error: unknown) => this.endWith(error),
    );
  }

  private deliver(payload: Payload | null): void {
    this.isReading = false;
    const { sink } = this;
    if (!sink) return;
    if (payload === null) {
      if (this.wasNotified) this.deliverNext();
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

import type { Reader } from "../store/engine/statement";
import type { Epochs } from "../store/events/epochs";
import { type Cursor, EventStream } from "./event-stream";
import { SingleFlight } from "./single-flight";

export interface FeedDependencies {
  database: Reader;
  /** Whether the events are on several nodes. */
  isDistributed?: boolean;
  clock: { now(): Date };
  epochs: Epochs;
}

/** The one reader of a log in this process. It serves the event streams of all its subscribers. */
export abstract class Feed<Payload, FeedCursor extends Cursor<Payload>> {
  /** Called when the last stream has ended. */
  onEmpty: () => void = () => undefined;
  protected readonly cursors = new Map<EventStream<Payload>, FeedCursor>();
  private readonly reads = new SingleFlight(() => this.read());

  /** The number of open streams. */
  get size(): number {
    return this.cursors.size;
  }

  /** Whether every stream has delivered all events that were read. */
  get isIdle(): boolean {
    return [...this.cursors.keys()].every((stream) => stream.isIdle);
  }

  /** Reads new events and notifies the streams. Rejects if the database cannot be reached. */
  refresh(): Promise<void> {
    return this.reads.run();
  }

  /** Closes the streams of clients that have stalled. */
  closeStalled(): void {
    for (const [stream, cursor] of this.cursors) {
      if (!stream.hasStalled) continue;
      cursor.onStalled();
      void stream.return();
    }
  }

  /** Ends every open stream. */
  close(): void {
    for (const stream of this.cursors.keys()) void stream.return();
  }

  protected abstract read(): Promise<void>;

  protected add(cursor: FeedCursor): EventStream<Payload> {
    const stream = new EventStream(cursor, this.remove);
    this.cursors.set(stream, cursor);
    return stream;
  }

  /** One function for all streams; see docs/live.md, "Memory". */
  private readonly remove = (stream: EventStream<Payload>): void => {
    this.cursors.delete(stream);
    if (this.cursors.size === 0) this.onEmpty();
  };
}

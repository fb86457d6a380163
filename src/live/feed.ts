import type { Reader } from "../store/engine/statement";
import type { EventStream } from "./event-stream";
import { SingleFlight } from "./single-flight";

/** What feeds read with. */
export interface FeedDependencies {
  database: Reader;
  clock: { now(): Date };
}

/** The one reader, in this process, of what several watch: its watchers, each with what it reads by. */
export abstract class Feed<Payload, Reading extends { onStalled(): void }> {
  /** Told when the last watcher has gone. */
  onEmpty: () => void = () => undefined;
  protected readonly streams = new Map<EventStream<Payload>, Reading>();
  private readonly reads = new SingleFlight(() => this.read());

  /** How many watch. */
  get size(): number {
    return this.streams.size;
  }

  /** Whether everybody has been given everything there is. */
  get isIdle(): boolean {
    return [...this.streams.keys()].every((watcher) => watcher.isIdle);
  }

  /** Reads on, and wakes the watchers where there is something new. Fails where the database cannot be reached. */
  refresh(): Promise<void> {
    return this.reads.run();
  }

  /** Lets go of those who do not read. */
  closeStalled(): void {
    for (const [watcher, reading] of this.streams) {
      if (!watcher.hasStalled) continue;
      reading.onStalled();
      void watcher.return();
    }
  }

  /** Ends every stream that is still open. */
  close(): void {
    for (const watcher of this.streams.keys()) void watcher.return();
  }

  protected abstract read(): Promise<void>;

  /** One for all watchers. */
  protected readonly remove = (watcher: EventStream<Payload>): void => {
    this.streams.delete(watcher);
    if (this.streams.size === 0) this.onEmpty();
  };
}

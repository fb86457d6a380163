import type { Reader } from "../store/engine/statement";
import type { Watcher } from "./event-stream";
import { Looks } from "./single-flight";

/** What feeds read with. */
export interface FeedParts {
  database: Reader;
  clock: { now(): Date };
}

/** The one reader, in this process, of what several watch: its watchers, each with what it reads by. */
export abstract class Feed<Payload, Reading extends { onStalled(): void }> {
  /** Told when the last watcher has gone. */
  onEmpty: () => void = () => undefined;
  protected readonly watchers = new Map<Watcher<Payload>, Reading>();
  private readonly looks = new Looks(() => this.look());

  /** How many watch. */
  get size(): number {
    return this.watchers.size;
  }

  /** Whether everybody has been given everything there is. */
  get isIdle(): boolean {
    return [...this.watchers.keys()].every((watcher) => watcher.isIdle);
  }

  /** Reads on, and wakes the watchers where there is something new. Fails where the database cannot be reached. */
  refresh(): Promise<void> {
    return this.looks.run();
  }

  /** Lets go of those who do not read. */
  dropStalled(): void {
    for (const [watcher, reading] of this.watchers) {
      if (!watcher.hasStalled) continue;
      reading.onStalled();
      void watcher.return();
    }
  }

  /** Ends every stream that is still open. */
  close(): void {
    for (const watcher of this.watchers.keys()) void watcher.return();
  }

  protected abstract look(): Promise<void>;

  /** One for all watchers. */
  protected readonly forget = (watcher: Watcher<Payload>): void => {
    this.watchers.delete(watcher);
    if (this.watchers.size === 0) this.onEmpty();
  };
}

import type { EventType } from "../domain/events";
import { observeLag } from "../process-metrics";
import type { FeedPosition } from "../store/events/feed-position";
import {
  type FeedBound,
  type FeedPage,
  readFeedEnd,
  readFeedPage,
  type ServiceEvent,
} from "../store/events/service-events";
import { readBound } from "../store/events/settled-bound";
import type { Cursor, EventStream } from "./event-stream";
import { Feed, type FeedDependencies } from "./feed";

/** How many events the feed holds for subscribers that are a little behind. Others read pages of their own. */
const RECENT_EVENTS = 1_000;
const BATCH_SIZE = 200;
const PAGE_SIZE = 100;
/** How many events one read scans for a subscriber of rare types. */
const SCAN_SIZE = 2_000;

/** The point up to which the feed has read everything. */
interface Settled {
  /** How many events it had read in all. */
  count: number;
  bound: FeedBound;
}

/** Reads the events of all organizations, once for all subscribers of this process. */
export class ServiceFeed extends Feed<ServiceEvent, Cursor<ServiceEvent>> {
  private recent: ServiceEvent[] = [];
  /** How many events it has read since it started. */
  private readCount = 0;
  private position: FeedPosition | null = null;
  private settledAt: Settled = { count: 0, bound: { last: 0, running: [] } };
  private needsRetry = false;
  /** A bound above every position of the last read. */
  private end = 0;

  constructor(private readonly dependencies: FeedDependencies) {
    super();
  }

  /** How many events it has read since it started. */
  get count(): number {
    return this.readCount;
  }

  get settled(): Settled {
    return this.settledAt;
  }

  /** Event number `index` since the start; undefined if the feed no longer holds it. */
  recentAt(index: number): ServiceEvent | undefined {
    return this.recent[index - this.readCount + this.recent.length];
  }

  /**
   * Opens a stream after a position, or from now on for null. `cursorAt` gets the position, and the number of the feed's
   * next event if that follows it. Returns null for a position that this database has not reached.
   */
  async subscribe(
    after: FeedPosition | null,
    cursorAt: (position: FeedPosition, index: number | null) => Cursor<ServiceEvent>,
  ): Promise<EventStream<ServiceEvent> | null> {
    // Events from before the subscription must not reach it as new, and this process must know the events that another
    // process delivered before `after`.
    await this.refresh();
    if (after && after.last[0] >= this.end) return null;
    const start = after ?? this.position;
    if (!start) throw new Error("The feed was refreshed and has no position.");
    return this.add(cursorAt(start, after ? null : this.readCount));
  }

  /** Reads events after a position that were committed when the feed had last read everything. */
  readPage(position: FeedPosition, types: ReadonlySet<EventType> | null, bound: FeedBound): Promise<FeedPage> {
    const request = { position, limit: PAGE_SIZE, scanLimit: SCAN_SIZE, types: types && [...types], bound };
    return readFeedPage(this.dependencies.database, request);
  }

  /** Notifies all streams again after the next read that succeeds. */
  retryLater(): void {
    this.needsRetry = true;
  }

  protected async read(): Promise<void> {
    const { database } = this.dependencies;
    const bound = await readBound(database, this.dependencies);
    this.position ??= await readFeedEnd(database, bound);
    const request = { position: this.position, limit: BATCH_SIZE, scanLimit: BATCH_SIZE, types: null, bound };
    const { events, position, hasMore, end } = await readFeedPage(database, request);
    observeLag(events, this.dependencies.clock.now());
    this.position = position;
    this.end = end;
    this.readCount += events.length;
    this.recent = [...this.recent, ...events].slice(-RECENT_EVENTS);
    if (!hasMore) {
      this.settledAt = { count: this.readCount, bound: { last: position.last[0], running: position.running } };
    }
    if (events.length > 0 || this.needsRetry) this.notifyStreams();
    if (hasMore) await this.read();
  }

  private notifyStreams(): void {
    this.needsRetry = false;
    for (const stream of this.cursors.keys()) stream.notify();
  }
}

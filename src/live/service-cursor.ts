import type { EventType } from "../domain/events";
import type { FeedPosition } from "../store/events/feed-position";
import type { ServiceEvent } from "../store/events/service-events";
import { type Cursor, STALLED_BACKLOG } from "./event-stream";
import type { ServiceFeed } from "./service-feed";

export interface ServiceSubscriber {
  userId: string;
  /** Null: all. */
  types: ReadonlySet<EventType> | null;
  onStalled(): void;
}

/**
 * Reads the feed over all organizations for one subscriber. Near the end it takes the events that the feed holds.
 * Further behind it reads pages of its own, up to the last position at which the feed had read everything. There both
 * have seen the same events, and the cursor changes over to the feed.
 */
export class ServiceCursor implements Cursor<ServiceEvent> {
  readonly userId: string;
  private readonly types: ReadonlySet<EventType> | null;
  readonly onStalled: () => void;
  private page: readonly ServiceEvent[] = [];
  private taken = 0;
  /** Where to change over once the page is delivered; null if there is more to read. */
  private joinAt: number | null = null;
  /** How many of the feed's events this cursor had seen when it fell behind. */
  private seen = 0;

  /** `index`: the number of the feed's next event; null while this reads pages. */
  constructor(
    private readonly feed: ServiceFeed,
    { userId, types, onStalled }: ServiceSubscriber,
    private position: FeedPosition,
    private index: number | null,
  ) {
    this.userId = userId;
    this.types = types;
    this.onStalled = onStalled;
  }

  get backlog(): number {
    const { index, joinAt, feed, page, taken } = this;
    if (index !== null) return feed.count - index;
    return page.length - taken + (joinAt === null ? STALLED_BACKLOG + 1 : feed.count - joinAt);
  }

  next(): ServiceEvent | null | Promise<ServiceEvent | null> {
    if (this.index === null) return this.nextOfPage();
    while (this.index < this.feed.count) {
      const event = this.feed.recentAt(this.index);
      if (event === undefined) {
        this.seen = this.index;
        this.index = null;
        return this.readPage();
      }
      this.index += 1;
      this.position = event.position;
      if (this.types === null || this.types.has(event.type)) return event;
    }
    return null;
  }

  private nextOfPage(): ServiceEvent | null | Promise<ServiceEvent | null> {
    const event = this.page[this.taken];
    if (event) {
      this.taken += 1;
      return event;
    }
    if (this.joinAt === null) return this.readPage();
    this.index = this.joinAt;
    this.joinAt = null;
    this.page = [];
    return this.next();
  }

  private async readPage(): Promise<ServiceEvent | null> {
    const { feed, types } = this;
    const { count, bound } = feed.settled;
    // The feed is still reading the events that this has already seen.
    if (count < this.seen) return feed.retryLater() ?? null;
    const page = await feed.readPage(this.position, types, bound).catch(() => feed.retryLater());
    if (!page) return null;
    this.page = page.events;
    this.taken = 0;
    this.position = page.position;
    this.joinAt = page.hasMore ? null : count;
    return await this.nextOfPage();
  }
}

import { roleAfter } from "../domain/live";
import type { LiveEvent } from "../store/events/live-events";
import { eventAfter } from "./batch-cache";
import type { EventFilter } from "./event-filter";
import type { Cursor } from "./event-stream";
import type { OrganizationFeed } from "./organization-feed";
import { assertMayReceive } from "./subscriber-right";

const NO_EVENTS: readonly LiveEvent[] = [];

/**
 * Reads the log of an organization for one subscriber and checks their right before each event. Role changes before
 * `startHead` do not count: the subscriber held the right at that point, when the stream started.
 */
export class LogCursor implements Cursor<LiveEvent> {
  private batch = NO_EVENTS;

  /** `position`: the sequence of the last event seen. `startHead`: the head of the log when the stream started. */
  constructor(
    private readonly feed: OrganizationFeed,
    readonly userId: string,
    private readonly filter: EventFilter,
    readonly onStalled: () => void,
    private position: number,
    private readonly startHead: number,
  ) {}

  get backlog(): number {
    return this.feed.head - this.position;
  }

  /** `isRefreshed`: the feed has just been refreshed, so the role it holds is current. */
  next(isRefreshed = false): LiveEvent | null | Promise<LiveEvent | null> {
    const { feed, filter, userId } = this;
    while (this.position < feed.head) {
      const event = this.upcomingEvent();
      if (event === undefined) return this.nextFromBatch();
      const newRole = event.sequence > this.startHead ? roleAfter(event, userId) : undefined;
      if (newRole !== undefined) assertMayReceive(filter, newRole, event.type === "organization.deleted");
      if (filter.matches(event)) {
        if (!isRefreshed && !feed.isRoleFresh(userId)) return this.nextAfterRefresh();
        assertMayReceive(filter, feed.roleOf(userId), feed.isDeleted);
        this.position = event.sequence;
        return event;
      }
      this.position = event.sequence;
    }
    return null;
  }

  private upcomingEvent(): LiveEvent | undefined {
    const recent = this.feed.recentAfter(this.position);
    if (recent) this.batch = NO_EVENTS;
    return recent ?? eventAfter(this.batch, this.position);
  }

  private async nextFromBatch(): Promise<LiveEvent | null> {
    const { feed, position } = this;
    const batch = await feed.batchAfter(position).catch(() => feed.retryLater());
    this.batch = batch ?? NO_EVENTS;
    if (eventAfter(this.batch, position)) return await this.next();
    // The batch was read for another subscriber before the event was committed.
    feed.retryLater();
    return null;
  }

  private async nextAfterRefresh(): Promise<LiveEvent | null> {
    const { feed } = this;
    const isRefreshed = await feed.refresh().then(
      () => true,
      () => feed.retryLater(),
    );
    return isRefreshed ? await this.next(true) : null;
  }
}

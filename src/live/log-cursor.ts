import { decidingWorkspaces, maySeeEvent, summaryFor } from "../domain/audience";
import { notFound } from "../domain/denial";
import { roleAfter } from "../domain/live";
import type { LiveEvent } from "../store/events/live-events";
import { eventAfter } from "./batch-cache";
import type { EventFilter } from "./event-filter";
import type { Cursor } from "./event-stream";
import type { OrganizationFeed } from "./organization-feed";
import { assertMayReceive } from "./subscriber-right";

const NO_EVENTS: readonly LiveEvent[] = [];
const NO_WORKSPACES: readonly string[] = [];

/**
 * Reads the log of an organization for one subscriber and checks their right before each event. Role changes before
 * `startHead` do not count: the subscriber held the right at that point, when the stream started.
 */
export class LogCursor implements Cursor<LiveEvent> {
  private batch = NO_EVENTS;
  /** Whether the deletion of the organization was delivered. The stream ends after it. */
  private isOver = false;

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

  /** `isRefreshed`: the feed has just been refreshed, so its role is current. */
  next(isRefreshed = false): LiveEvent | null | Promise<LiveEvent | null> {
    const { feed, filter } = this;
    if (this.isOver) throw notFound("organization");
    while (this.position < feed.head) {
      const event = this.upcomingEvent();
      if (event === undefined) return this.nextFromBatch();
      if (this.endsAt(event)) return this.deliverLast(event);
      const isWanted = filter.matches(event);
      if (isWanted && !this.checkRight(event, isRefreshed)) return this.nextAfterRefresh(event);
      this.position = event.sequence;
      if (isWanted && this.maySee(event)) return this.asSeen(event);
    }
    return null;
  }

  /**
   * Whether an event is the last one: the deletion, in a stream by subject. A subscriber whose stream reaches it was a
   * member until then. Throws if the event takes the right away.
   */
  private endsAt(event: LiveEvent): boolean {
    const { filter, startHead } = this;
    const newRole = event.sequence > startHead ? roleAfter(event, this.userId) : undefined;
    if (newRole === undefined) return false;
    const isDeleted = event.type === "organization.deleted";
    if (isDeleted && filter.bySubject) return true;
    assertMayReceive(filter, newRole, isDeleted);
    return false;
  }

  private deliverLast(event: LiveEvent): LiveEvent {
    this.isOver = true;
    this.position = event.sequence;
    return event;
  }

  /** Throws if the subscriber has lost the right. Returns false if the feed must be refreshed to find out. */
  private checkRight(event: LiveEvent, isRefreshed: boolean): boolean {
    const { feed, filter, userId } = this;
    if (!isRefreshed && !feed.isRoleFresh(userId)) return false;
    // The deletion hides all earlier events. The stream delivers only the deletion itself.
    if (feed.isDeleted && filter.bySubject) return true;
    assertMayReceive(filter, feed.roleOf(userId), feed.isDeleted);
    return feed.knowsAssignees(this.decidingWorkspaces(event));
  }

  private decidingWorkspaces(event: LiveEvent): readonly string[] {
    const { feed, filter, userId } = this;
    const role = feed.roleOf(userId);
    return filter.bySubject && role ? decidingWorkspaces(withWorkspace(event), role, userId) : NO_WORKSPACES;
  }

  private maySee(event: LiveEvent): boolean {
    const { feed, filter, userId } = this;
    if (!filter.bySubject) return true;
    const role = feed.roleOf(userId);
    return role !== null && maySeeEvent(withWorkspace(event), role, userId, (id) => feed.isAssigned(id, userId));
  }

  private asSeen(event: LiveEvent): LiveEvent {
    const role = this.feed.roleOf(this.userId);
    const { type, organization } = event;
    if (!organization || !role) return event;
    const summary = summaryFor(role, type, organization.summary);
    return summary === organization.summary ? event : { ...event, organization: { ...organization, summary } };
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

  private async nextAfterRefresh(event: LiveEvent): Promise<LiveEvent | null> {
    const { feed } = this;
    const isRefreshed = await feed.refreshAssignees(this.decidingWorkspaces(event)).then(
      () => true,
      () => feed.retryLater(),
    );
    return isRefreshed ? await this.next(true) : null;
  }
}

function withWorkspace({ type, data, organization }: LiveEvent) {
  return { type, data, workspaceId: organization?.workspaceId ?? null };
}

import { forbidden, notFound } from "../domain/denial";
import { roleAfter } from "../domain/live";
import { mayInOrganization, type OrganizationPermission } from "../domain/permission";
import type { OrganizationRole } from "../domain/role";
import type { EventKind, LiveEvent } from "../store/events/live-events";
import type { Cursor } from "./event-stream";
import { eventAfter } from "./log-pages";

/** Which events of an organization are watched, and by which right. */
export interface EventFilter {
  /** What is needed to see them; null: to be a member. */
  permission: OrganizationPermission | null;
  /** What they are wanted with. */
  kind: EventKind;
  matches(event: LiveEvent): boolean;
}

/** An organization's log, and how people stand in it, as far as it has been read. */
export interface LogView {
  /** Where the log ended when it was last looked at. */
  readonly head: number;
  /** The event that follows `seen`, undefined where it is no longer kept. */
  cachedAfter(seen: number): LiveEvent | undefined;
  /** Events around the one that follows `seen`, for whoever is further behind. */
  pageAfter(seen: number): Promise<readonly LiveEvent[]>;
  /** Whether what is known of somebody's role is of just now. */
  isFresh(userId: string): boolean;
  /** Somebody's role when the log was last looked at; null for those who are no member of it, or where it is deleted. */
  roleOf(userId: string): OrganizationRole | null;
  readonly isDeleted: boolean;
  refresh(): Promise<void>;
  /** Is told that something could not be read, and has to be after the next look that succeeds. */
  onFailure(): void;
}

const NO_EVENTS: readonly LiveEvent[] = [];

/**
 * Gives one watcher event after event, and checks before each that they still may see it. What their right was at
 * times up to `head` does not matter: they have it since, and could not get past a time without it.
 */
export class LogCursor implements Cursor<LiveEvent> {
  private page = NO_EVENTS;

  /**
   * `onStalled`: called when the watcher does not read although much has come up. `seen`: up to where they have seen
   * everything. `head`: where the log ended when they began to watch.
   */
  constructor(
    private readonly log: LogView,
    readonly userId: string,
    private readonly topic: EventFilter,
    readonly onStalled: () => void,
    private seen: number,
    private readonly head: number,
  ) {}

  get backlog(): number {
    return this.log.head - this.seen;
  }

  next(isFresh = false): LiveEvent | null | Promise<LiveEvent | null> {
    const { log, topic, userId } = this;
    while (this.seen < log.head) {
      const event = this.upcomingEvent();
      if (event === undefined) return this.readPage();
      const changed = event.sequence > this.head ? roleAfter(event, userId) : undefined;
      if (changed !== undefined) assertStill(topic, changed, event.type === "organization.deleted");
      if (topic.matches(event)) {
        if (!isFresh && !log.isFresh(userId)) return this.nextAfterRefresh();
        assertStill(topic, log.roleOf(userId), log.isDeleted);
        this.seen = event.sequence;
        return event;
      }
      this.seen = event.sequence;
    }
    return null;
  }

  private upcomingEvent(): LiveEvent | undefined {
    const kept = this.log.cachedAfter(this.seen);
    if (kept) this.page = NO_EVENTS;
    return kept ?? eventAfter(this.page, this.seen);
  }

  private async readPage(): Promise<LiveEvent | null> {
    const { log, seen } = this;
    const page = await log.pageAfter(seen).catch(() => log.onFailure());
    this.page = page ?? NO_EVENTS;
    if (eventAfter(this.page, seen)) return await this.next();
    // Somebody else had asked for the page before the event was there.
    log.onFailure();
    return null;
  }

  private async nextAfterRefresh(): Promise<LiveEvent | null> {
    const { log } = this;
    const hasLooked = await log.refresh().then(
      () => true,
      () => log.onFailure(),
    );
    return hasLooked ? await this.next(true) : null;
  }
}

/** Throws what ends the stream of somebody who may no longer see it. */
function assertStill({ permission }: EventFilter, role: OrganizationRole | null, isDeleted: boolean): void {
  if (isDeleted || (role === null && permission === null)) throw notFound("organization");
  if (permission !== null && !mayInOrganization(role, permission)) {
    throw forbidden(`You no longer hold ${permission} in this organization.`);
  }
}

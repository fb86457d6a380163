import { forbidden, notFound } from "../domain/denial";
import { roleAfter } from "../domain/live";
import { mayInOrganization, type OrganizationPermission } from "../domain/permission";
import type { OrganizationRole } from "../domain/role";
import type { LiveEvent, Subject } from "../store/events/live-events";
import type { Source } from "./event-stream";
import { eventAfter } from "./log-pages";

/** Which events of an organization are watched, and by which right. */
export interface Topic {
  /** What is needed to see them; null: to be a member. */
  permission: OrganizationPermission | null;
  /** What they are wanted with. */
  subject: Subject;
  isRelevant(event: LiveEvent): boolean;
}

/** An organization's log, and how people stand in it, as far as it has been read. */
export interface ReadLog {
  /** Where the log ended when it was last looked at. */
  readonly head: number;
  /** The event that follows `seen`, undefined where it is no longer kept. */
  keptAfter(seen: number): LiveEvent | undefined;
  /** Events around the one that follows `seen`, for whoever is further behind. */
  pageAround(seen: number): Promise<readonly LiveEvent[]>;
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
export class OrganizationReader implements Source<LiveEvent> {
  private page = NO_EVENTS;

  /**
   * `onStalled`: called when the watcher does not read although much has come up. `seen`: up to where they have seen
   * everything. `head`: where the log ended when they began to watch.
   */
  constructor(
    private readonly log: ReadLog,
    readonly userId: string,
    private readonly topic: Topic,
    readonly onStalled: () => void,
    private seen: number,
    private readonly head: number,
  ) {}

  get backlog(): number {
    return this.log.head - this.seen;
  }

  pull(isFresh = false): LiveEvent | null | Promise<LiveEvent | null> {
    const { log, topic, userId } = this;
    while (this.seen < log.head) {
      const event = this.upcoming();
      if (event === undefined) return this.turnPage();
      const changed = event.sequence > this.head ? roleAfter(event, userId) : undefined;
      if (changed !== undefined) assertStill(topic, changed, event.type === "organization.deleted");
      if (topic.isRelevant(event)) {
        if (!isFresh && !log.isFresh(userId)) return this.pullAfterLook();
        assertStill(topic, log.roleOf(userId), log.isDeleted);
        this.seen = event.sequence;
        return event;
      }
      this.seen = event.sequence;
    }
    return null;
  }

  private upcoming(): LiveEvent | undefined {
    const kept = this.log.keptAfter(this.seen);
    if (kept) this.page = NO_EVENTS;
    return kept ?? eventAfter(this.page, this.seen);
  }

  private async turnPage(): Promise<LiveEvent | null> {
    const { log, seen } = this;
    const page = await log.pageAround(seen).catch(() => log.onFailure());
    this.page = page ?? NO_EVENTS;
    if (eventAfter(this.page, seen)) return await this.pull();
    // Somebody else had asked for the page before the event was there.
    log.onFailure();
    return null;
  }

  private async pullAfterLook(): Promise<LiveEvent | null> {
    const { log } = this;
    const hasLooked = await log.refresh().then(
      () => true,
      () => log.onFailure(),
    );
    return hasLooked ? await this.pull(true) : null;
  }
}

/** Throws what ends the stream of somebody who may no longer see it. */
function assertStill({ permission }: Topic, role: OrganizationRole | null, isDeleted: boolean): void {
  if (isDeleted || (role === null && permission === null)) throw notFound("organization");
  if (permission !== null && !mayInOrganization(role, permission)) {
    throw forbidden(`You no longer hold ${permission} in this organization.`);
  }
}

import { forbidden, notFound } from "../domain/denial";
import { roleAfter } from "../domain/live";
import { mayInOrganization, type OrganizationPermission } from "../domain/permission";
import type { OrganizationRole } from "../domain/role";
import { type LiveEvent, type LogExcerpt, readLogAfter } from "../store/live-events";
import type { Reader } from "../store/statement";
import { Looks } from "./look";
import { type Pull, Watcher } from "./watcher";

/** What feeds read with. */
export interface FeedParts {
  database: Reader;
  clock: { now(): Date };
}

/** Which events of an organization somebody wants, and by which right. */
export interface Interest {
  userId: string;
  /** What they need to see them; null: to be a member. */
  permission: OrganizationPermission | null;
  isRelevant(event: LiveEvent): boolean;
  /** Called when the watcher does not read although much has come up. */
  onStalled(): void;
}

/** Events kept for those who are a little behind; whoever is further behind reads the log by themself. */
const KEPT_EVENTS = 500;
const PAGE = 200;
/** How old, in milliseconds, what is known of somebody's role may be when an event is given to them. */
const FRESH_MS = 50;

/** How everybody stands in an organization that was purged. */
const NOBODY = { isDeleted: true, roles: new Map<string, OrganizationRole>() };

/** The one reader of an organization's log in this process, however many watch. */
export class OrganizationFeed {
  private readonly watchers = new Map<Watcher<LiveEvent>, Interest>();
  private readonly looks = new Looks(() => this.look());
  private kept: LiveEvent[] = [];
  private position: number | null = null;
  private standings: Omit<LogExcerpt, "events"> = NOBODY;
  private standingsReadAt = Number.NEGATIVE_INFINITY;
  private hasFailed = false;

  constructor(
    private readonly parts: FeedParts,
    private readonly organizationId: string,
  ) {}

  /** Whether there is something to read: the log goes on, or somebody who was further behind could not read theirs. */
  isBehind(head: number): boolean {
    return this.position !== null && (this.position < head || this.hasFailed);
  }

  /** How many watch. */
  get size(): number {
    return this.watchers.size;
  }

  get isIdle(): boolean {
    return [...this.watchers.keys()].every((watcher) => watcher.isIdle);
  }

  /** Adds a watcher who has seen everything up to `seen`, while the log ended at `head`. */
  watch(interest: Interest, seen: number, head: number): Watcher<LiveEvent> {
    const reader = this.readerOf(interest, seen, head);
    const watcher = new Watcher(reader.pull, () => (this.position ?? 0) - reader.seen());
    watcher.onEnd(() => this.watchers.delete(watcher));
    this.watchers.set(watcher, interest);
    if (this.position === null) {
      this.position = head;
      // Whatever woke the feed before it knew where to begin is looked at now.
      this.refresh().catch(() => undefined);
    }
    return watcher;
  }

  /** Reads on, and wakes the watchers where there is something new. Fails where the database cannot be reached. */
  refresh(): Promise<void> {
    return this.looks.run();
  }

  /** Lets go of those who do not read. */
  dropStalled(): void {
    for (const [watcher, { onStalled }] of this.watchers) {
      if (!watcher.hasStalled) continue;
      onStalled();
      void watcher.return();
    }
  }

  /** Ends every stream that is still open. */
  close(): void {
    for (const watcher of this.watchers.keys()) void watcher.return();
  }

  /**
   * Gives one watcher event after event, and checks before each that they still may see it. What their right was at
   * times up to `head` does not matter: they have it since, and could not get past a time without it.
   */
  private readerOf(interest: Interest, from: number, head: number): { pull: Pull<LiveEvent>; seen(): number } {
    let seen = from;
    let page: LiveEvent[] = [];
    const nextEvent = async (): Promise<LiveEvent | null> => {
      const kept = this.keptAfter(seen);
      if (kept !== undefined) return kept;
      page = page.filter(({ sequence }) => sequence > seen);
      if (page.length === 0) page = (await this.readPage(seen)).events;
      return page[0] ?? null;
    };
    const pull = async () => {
      for (;;) {
        const event = await this.unlessFailing(nextEvent());
        if (!event) return null;
        const changed = event.sequence > head ? roleAfter(event, interest.userId) : undefined;
        if (changed !== undefined) assertStill(interest, changed, event.type === "organization.deleted");
        if (interest.isRelevant(event)) {
          const role = await this.unlessFailing(this.freshRole(interest.userId));
          if (role === undefined) return null;
          assertStill(interest, role, this.standings.isDeleted);
        }
        seen = event.sequence;
        if (interest.isRelevant(event)) return event;
      }
    };
    return { pull, seen: () => seen };
  }

  /** What cannot be read now is read again after the next look that succeeds: no position is lost by it. */
  private unlessFailing<Result>(reading: Promise<Result>): Promise<Result | undefined> {
    return reading.catch(() => {
      this.hasFailed = true;
      return undefined;
    });
  }

  /** The next event, null where there is none yet, undefined where it is no longer kept. */
  private keptAfter(seen: number): LiveEvent | null | undefined {
    if (this.position === null || seen >= this.position) return null;
    const [first] = this.kept;
    return first && seen + 1 >= first.sequence ? this.kept[seen + 1 - first.sequence] : undefined;
  }

  private async freshRole(userId: string): Promise<OrganizationRole | null> {
    const { roles } = this.standings;
    if (performance.now() - this.standingsReadAt > FRESH_MS || !roles.has(userId)) await this.refresh();
    return this.standings.roles.get(userId) ?? null;
  }

  private async readPage(position: number, userIds: readonly string[] = []): Promise<LogExcerpt> {
    const { database, clock } = this.parts;
    const wanted = { organizationId: this.organizationId, position, limit: PAGE, userIds };
    return (await readLogAfter(database, clock.now(), wanted)) ?? { events: [], ...NOBODY };
  }

  private async look(): Promise<void> {
    if (this.position === null) return;
    const startedAt = performance.now();
    const userIds = [...new Set([...this.watchers.values()].map(({ userId }) => userId))];
    const { events, ...standings } = await this.readPage(this.position, userIds);
    this.standings = standings;
    this.standingsReadAt = startedAt;
    const last = events.at(-1);
    if (last) this.position = last.sequence;
    this.kept = [...this.kept, ...events].slice(-KEPT_EVENTS);
    if (events.length > 0 || this.hasFailed) this.wakeAll();
    if (events.length === PAGE) await this.look();
  }

  private wakeAll(): void {
    this.hasFailed = false;
    for (const watcher of this.watchers.keys()) {
      watcher.wake();
    }
  }
}

/** Throws what ends the stream of somebody who may no longer see it. */
function assertStill({ permission }: Interest, role: OrganizationRole | null, isDeleted: boolean): void {
  if (isDeleted || (role === null && permission === null)) throw notFound("organization");
  if (permission !== null && !mayInOrganization(role, permission)) {
    throw forbidden(`You no longer hold ${permission} in this organization.`);
  }
}

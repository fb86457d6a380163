import type { OrganizationRole } from "../domain/role";
import { type LiveEvent, type LogExcerpt, readLogAfter, type Subject } from "../store/events/live-events";
import { Watcher } from "./event-stream";
import { Feed, type FeedParts } from "./feed";
import { OrganizationReader, type ReadLog, type Topic } from "./log-cursor";
import { eventAfter, type LogPages } from "./log-pages";

/** Events kept for those who are a little behind; whoever is further behind turns pages of the log. */
const KEPT_EVENTS = 200;
/** How old, in milliseconds, what is known of somebody's role may be when an event is given to them. */
const FRESH_MS = 50;

/** How everybody stands in an organization that was purged. */
const NOBODY = { isDeleted: true, roles: new Map<string, OrganizationRole>() };

/** The one reader of an organization's log in this process, however many watch. */
export class OrganizationFeed extends Feed<LiveEvent, OrganizationReader> implements ReadLog {
  private kept: LiveEvent[] = [];
  private position: number | null = null;
  private standings: Omit<LogExcerpt, "events"> = NOBODY;
  private standingsReadAt = Number.NEGATIVE_INFINITY;
  private hasFailed = false;
  /** What the events are read with: what anybody has wanted so far. */
  private subjects: ReadonlySet<Subject> = new Set();

  constructor(
    private readonly parts: FeedParts,
    private readonly pages: LogPages,
    private readonly organizationId: string,
  ) {
    super();
  }

  /** Whether there is something to read: the log goes on, or somebody who was further behind could not read theirs. */
  isBehind(head: number): boolean {
    return this.position !== null && (this.position < head || this.hasFailed);
  }

  /** Adds a watcher who has seen everything up to `seen`, while the log ended at `head`. */
  watch(
    { userId, onStalled }: { userId: string; onStalled(): void },
    topic: Topic,
    { seen, head }: { seen: number; head: number },
  ): Watcher<LiveEvent> {
    const reader = new OrganizationReader(this, userId, topic, onStalled, seen, head);
    const watcher = new Watcher(reader, this.forget);
    this.watchers.set(watcher, reader);
    this.readWith(topic.subject);
    if (this.position === null) {
      this.position = head;
      // Whatever woke the feed before it knew where to begin is looked at now.
      this.refresh().catch(() => undefined);
    }
    return watcher;
  }

  get head(): number {
    return this.position ?? 0;
  }

  get isDeleted(): boolean {
    return this.standings.isDeleted;
  }

  keptAfter(seen: number): LiveEvent | undefined {
    return eventAfter(this.kept, seen);
  }

  pageAround(seen: number): Promise<readonly LiveEvent[]> {
    return this.pages.around(this.organizationId, seen);
  }

  isFresh(userId: string): boolean {
    return performance.now() - this.standingsReadAt <= FRESH_MS && this.standings.roles.has(userId);
  }

  roleOf(userId: string): OrganizationRole | null {
    return this.standings.roles.get(userId) ?? null;
  }

  onFailure(): void {
    this.hasFailed = true;
  }

  private readWith(subject: Subject): void {
    if (this.subjects.has(subject)) return;
    this.subjects = new Set([...this.subjects, subject]);
    // They were read without it; whoever wants them turns a page.
    this.kept = [];
  }

  protected async look(): Promise<void> {
    if (this.position === null) return;
    const { database, clock } = this.parts;
    const startedAt = performance.now();
    const { subjects } = this;
    const userIds = [...new Set([...this.watchers.values()].map(({ userId }) => userId))];
    const { organizationId, position } = this;
    const wanted = { organizationId, position, limit: KEPT_EVENTS, userIds, subjects };
    const excerpt = await readLogAfter(database, clock.now(), wanted);
    const { events, ...standings } = excerpt ?? { events: [], ...NOBODY };
    this.standings = standings;
    this.standingsReadAt = startedAt;
    const last = events.at(-1);
    if (last) this.position = last.sequence;
    this.kept = subjects === this.subjects ? [...this.kept, ...events].slice(-KEPT_EVENTS) : [];
    if (events.length > 0 || this.hasFailed) this.wakeAll();
    if (events.length === KEPT_EVENTS) await this.look();
  }

  private wakeAll(): void {
    this.hasFailed = false;
    for (const watcher of this.watchers.keys()) watcher.wake();
  }
}

import type { OrganizationRole } from "../domain/role";
import { type EventBatch, type EventKind, type LiveEvent, readEventBatch } from "../store/events/live-events";
import { EventStream } from "./event-stream";
import { Feed, type FeedDependencies } from "./feed";
import { type EventFilter, LogCursor, type LogView } from "./log-cursor";
import { eventAfter, type LogPages } from "./log-pages";

/** Events kept for those who are a little behind; whoever is further behind turns pages of the log. */
const CACHED_EVENTS = 200;
/** How old, in milliseconds, what is known of somebody's role may be when an event is given to them. */
const FRESH_MS = 50;

/** How everybody stands in an organization that was purged. */
const NO_MEMBERS = { isDeleted: true, roles: new Map<string, OrganizationRole>() };

/** The one reader of an organization's log in this process, however many watch. */
export class OrganizationFeed extends Feed<LiveEvent, LogCursor> implements LogView {
  private cached: LiveEvent[] = [];
  private position: number | null = null;
  private state: Omit<EventBatch, "events"> = NO_MEMBERS;
  private stateReadAt = Number.NEGATIVE_INFINITY;
  private hasFailed = false;
  /** What the events are read with: what anybody has wanted so far. */
  private kinds: ReadonlySet<EventKind> = new Set();

  constructor(
    private readonly dependencies: FeedDependencies,
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
  subscribe(
    { userId, onStalled }: { userId: string; onStalled(): void },
    topic: EventFilter,
    { seen, head }: { seen: number; head: number },
  ): EventStream<LiveEvent> {
    const reader = new LogCursor(this, userId, topic, onStalled, seen, head);
    const watcher = new EventStream(reader, this.remove);
    this.streams.set(watcher, reader);
    this.addKind(topic.kind);
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
    return this.state.isDeleted;
  }

  cachedAfter(seen: number): LiveEvent | undefined {
    return eventAfter(this.cached, seen);
  }

  pageAfter(seen: number): Promise<readonly LiveEvent[]> {
    return this.pages.around(this.organizationId, seen);
  }

  isFresh(userId: string): boolean {
    return performance.now() - this.stateReadAt <= FRESH_MS && this.state.roles.has(userId);
  }

  roleOf(userId: string): OrganizationRole | null {
    return this.state.roles.get(userId) ?? null;
  }

  onFailure(): void {
    this.hasFailed = true;
  }

  private addKind(subject: EventKind): void {
    if (this.kinds.has(subject)) return;
    this.kinds = new Set([...this.kinds, subject]);
    // They were read without it; whoever wants them turns a page.
    this.cached = [];
  }

  protected async read(): Promise<void> {
    if (this.position === null) return;
    const { database, clock } = this.dependencies;
    const startedAt = performance.now();
    const { kinds } = this;
    const userIds = [...new Set([...this.streams.values()].map(({ userId }) => userId))];
    const { organizationId, position } = this;
    const wanted = { organizationId, position, limit: CACHED_EVENTS, userIds, kinds: kinds };
    const excerpt = await readEventBatch(database, clock.now(), wanted);
    const { events, ...state } = excerpt ?? { events: [], ...NO_MEMBERS };
    this.state = state;
    this.stateReadAt = startedAt;
    const last = events.at(-1);
    if (last) this.position = last.sequence;
    this.cached = kinds === this.kinds ? [...this.cached, ...events].slice(-CACHED_EVENTS) : [];
    if (events.length > 0 || this.hasFailed) this.wakeAll();
    if (events.length === CACHED_EVENTS) await this.read();
  }

  private wakeAll(): void {
    this.hasFailed = false;
    for (const watcher of this.streams.keys()) watcher.wake();
  }
}

import type { OrganizationRole } from "../domain/role";
import { observeLag } from "../process-metrics";
import {
  type Assignees,
  type EventBatch,
  type EventKind,
  type LiveEvent,
  readAssignees,
  readEventBatch,
} from "../store/events/live-events";
import { type BatchCache, eventAfter } from "./batch-cache";
import type { Cursor, EventStream } from "./event-stream";
import { Feed, type FeedDependencies } from "./feed";

/** How many events the feed holds for subscribers that are a little behind. Others read from the batch cache. */
const RECENT_EVENTS = 200;
/** How old a role may be when it decides on an event, in milliseconds. */
const FRESH_MS = 50;

const PURGED = { isDeleted: true, roles: new Map<string, OrganizationRole>() };

/** Reads the log of one organization. */
export class OrganizationFeed extends Feed<LiveEvent, Cursor<LiveEvent>> {
  private recent: LiveEvent[] = [];
  /** The sequence of the last event read; null before the first subscription. */
  private position: number | null = null;
  private state: Omit<EventBatch, "events"> = PURGED;
  private stateReadAt = Number.NEGATIVE_INFINITY;
  /** The members assigned to each workspace that a cursor has requested, as of the last read. */
  private assignees: ReadonlyMap<string, Assignees> = new Map();
  private readonly requestedWorkspaces = new Set<string>();
  private needsRetry = false;
  /** All kinds that subscriptions have requested so far; events are loaded with them. */
  private kinds: ReadonlySet<EventKind> = new Set();

  constructor(
    private readonly dependencies: FeedDependencies,
    private readonly batches: BatchCache,
    private readonly organizationId: string,
  ) {
    super();
  }

  /** Whether the log has events to read, given its current head, or a cursor waits for a retry. */
  isBehind(head: number): boolean {
    return this.position !== null && (this.position < head || this.needsRetry);
  }

  /** Opens a stream. `head`: the head of the log when the subscriber's right was checked. */
  subscribe(cursor: Cursor<LiveEvent>, kind: EventKind, head: number): EventStream<LiveEvent> {
    const stream = this.add(cursor);
    this.addKind(kind);
    if (this.position === null) {
      this.position = head;
      // A notification may have arrived before the feed had a position to read from.
      this.refresh().catch(() => undefined);
    }
    return stream;
  }

  /** The sequence of the last event read. */
  get head(): number {
    return this.position ?? 0;
  }

  get isDeleted(): boolean {
    return this.state.isDeleted;
  }

  /** The event after `position`; undefined if the feed no longer holds it. */
  recentAfter(position: number): LiveEvent | undefined {
    return eventAfter(this.recent, position);
  }

  /** Reads events around the one after `position`. */
  batchAfter(position: number): Promise<readonly LiveEvent[]> {
    return this.batches.batchAfter(this.organizationId, position);
  }

  isRoleFresh(userId: string): boolean {
    return performance.now() - this.stateReadAt <= FRESH_MS && this.state.roles.has(userId);
  }

  /** The role as of the last read; null for everyone but members. */
  roleOf(userId: string): OrganizationRole | null {
    return this.state.roles.get(userId) ?? null;
  }

  /** Whether the last read included the assignments to these workspaces. */
  knowsAssignees(workspaceIds: readonly string[]): boolean {
    return workspaceIds.every((id) => this.assignees.has(id));
  }

  /** Access can end after the last read, so its end is compared with the clock. */
  isAssigned(workspaceId: string, userId: string): boolean {
    const end = this.assignees.get(workspaceId)?.get(userId);
    return end === null || (end !== undefined && end > this.dependencies.clock.now());
  }

  /** Refreshes, and from now on reads the assignments to these workspaces too. */
  refreshAssignees(workspaceIds: readonly string[]): Promise<void> {
    for (const id of workspaceIds) this.requestedWorkspaces.add(id);
    return this.refresh();
  }

  /** Notifies all streams again after the next read that succeeds. */
  retryLater(): void {
    this.needsRetry = true;
  }

  private addKind(kind: EventKind): void {
    if (this.kinds.has(kind)) return;
    this.kinds = new Set([...this.kinds, kind]);
    // These were loaded without the new kind; the batch cache loads all kinds.
    this.recent = [];
  }

  protected async read(): Promise<void> {
    if (this.position === null) return;
    const startedAt = performance.now();
    const { kinds } = this;
    const userIds = [...new Set([...this.cursors.values()].map(({ userId }) => userId))];
    const [{ events, ...state }, assignees] = await Promise.all([
      this.readBatch(this.position, kinds, userIds),
      this.readRequestedAssignees(userIds),
    ]);
    observeLag(events, this.dependencies.clock.now());
    this.state = state;
    this.assignees = assignees;
    this.stateReadAt = startedAt;
    const last = events.at(-1);
    if (last) this.position = last.sequence;
    this.recent = kinds === this.kinds ? [...this.recent, ...events].slice(-RECENT_EVENTS) : [];
    if (events.length > 0 || this.needsRetry) this.notifyStreams();
    if (events.length === RECENT_EVENTS) await this.read();
  }

  private async readBatch(
    position: number,
    kinds: ReadonlySet<EventKind>,
    userIds: readonly string[],
  ): Promise<EventBatch> {
    const { organizationId } = this;
    const { database, clock } = this.dependencies;
    const request = { organizationId, position, limit: RECENT_EVENTS, userIds, kinds };
    return (await readEventBatch(database, clock.now(), request)) ?? { events: [], ...PURGED };
  }

  private readRequestedAssignees(userIds: readonly string[]) {
    const workspaceIds = [...this.requestedWorkspaces];
    this.requestedWorkspaces.clear();
    const { database, clock } = this.dependencies;
    return readAssignees(database, clock.now(), this.organizationId, workspaceIds, userIds);
  }

  private notifyStreams(): void {
    this.needsRetry = false;
    for (const stream of this.cursors.keys()) stream.notify();
  }
}

import { forbidden } from "../domain/denial";
import {
  type Positions,
  type ReceivedChange,
  readHolders,
  readPending,
  readReceivedChanges,
} from "../store/events/received-events";
import type { InvitationView } from "../store/views/invitations";
import type { Cursor, EventStream } from "./event-stream";
import { Feed, type FeedDependencies } from "./feed";

/** The queue of one subscriber. */
class ReceivedCursor implements Cursor<InvitationView> {
  private readonly queue: InvitationView[] = [];
  /** Changes that arrived before `start`; the pending invitations already include some of them. Null afterwards. */
  private earlyChanges: ReceivedChange[] | null = [];
  /** The pending invitations include all changes up to these positions. */
  private startPositions: Positions = new Map();

  constructor(
    readonly userId: string,
    readonly onStalled: () => void,
  ) {}

  get backlog(): number {
    return this.queue.length;
  }

  next(): InvitationView | null {
    return this.queue.shift() ?? null;
  }

  /** Queues the pending invitations, then the changes after `positions`. */
  start(pending: readonly InvitationView[], positions: Positions): void {
    const earlyChanges = this.earlyChanges ?? [];
    this.earlyChanges = null;
    this.startPositions = positions;
    this.queue.push(...pending);
    this.push(earlyChanges);
  }

  push(changes: readonly ReceivedChange[]): void {
    if (this.earlyChanges) this.earlyChanges.push(...changes);
    else {
      const isNew = ({ organizationId, sequence }: ReceivedChange) =>
        sequence > (this.startPositions.get(organizationId) ?? 0);
      this.queue.push(...changes.filter(isNew).map(({ invitation }) => invitation));
    }
  }
}

/** Reads the invitations to one verified e-mail address, from the logs of all organizations that have invited it. */
export class ReceivedFeed extends Feed<InvitationView, ReceivedCursor> {
  private positions: Positions | null = null;

  constructor(
    private readonly dependencies: FeedDependencies,
    readonly email: string,
  ) {
    super();
  }

  /** Whether there is something to read, given the current head of an organization's log. */
  isBehind(organizationId: string, head: number): boolean {
    return this.positions !== null && (this.positions.get(organizationId) ?? 0) < head;
  }

  /** Opens a stream: the pending invitations, then each change. Throws FORBIDDEN if the address is no longer theirs. */
  async subscribe(userId: string, onStalled: () => void): Promise<EventStream<InvitationView>> {
    const cursor = new ReceivedCursor(userId, onStalled);
    // Before the first read, so that no change is missed.
    const stream = this.add(cursor);
    try {
      await this.start(cursor);
      return stream;
    } catch (error) {
      await stream.return();
      throw error;
    }
  }

  private async start(cursor: ReceivedCursor): Promise<void> {
    const { database, clock } = this.dependencies;
    const { pending, positions } = await readPending(database, clock.now(), this.email);
    const holders = await readHolders(database, this.email, [cursor.userId]);
    if (!holders.has(cursor.userId)) throw addressChanged();
    cursor.start(pending, positions);
    if (this.positions === null) {
      this.positions = new Map(positions);
      // A notification may have arrived before the feed had positions to read from.
      this.refresh().catch(() => undefined);
    }
  }

  protected async read(): Promise<void> {
    if (this.positions === null) return;
    const { database, clock } = this.dependencies;
    const subscribed = [...this.cursors];
    const positions = new Map(this.positions);
    const changes = await readReceivedChanges(database, clock.now(), this.email, positions);
    // After the changes: a subscriber whose address changed in between must not get them.
    const userIds = new Set(subscribed.map(([, { userId }]) => userId));
    const holders = await readHolders(database, this.email, [...userIds]);
    this.positions = positions;
    for (const [stream, { userId }] of subscribed) if (!holders.has(userId)) stream.fail(addressChanged());
    if (changes.length === 0) return;
    for (const [stream, cursor] of this.cursors) {
      cursor.push(changes);
      stream.notify();
    }
  }
}

function addressChanged(): Error {
  return forbidden("This is no longer your verified e-mail address. Sign in again to continue.");
}

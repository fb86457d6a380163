import { forbidden } from "../domain/denial";
import {
  type Positions,
  type ReceivedChange,
  readHolders,
  readPending,
  readReceivedChanges,
} from "../store/events/received-events";
import type { InvitationView } from "../store/views/invitations";
import { type Cursor, EventStream } from "./event-stream";
import { Feed, type FeedDependencies } from "./feed";

/** Gives one watcher what waits for them. */
class ReceivedCursor implements Cursor<InvitationView> {
  private readonly queue: InvitationView[] = [];
  /** What came up before the pending ones were read, of which they show a part already. */
  private beforeStart: ReceivedChange[] | null = [];
  /** Up to where the pending ones show every change. */
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

  /** Starts with what is pending: of the changes, those after `positions` are new. */
  begin(pending: readonly InvitationView[], positions: Positions): void {
    const beforeStart = this.beforeStart ?? [];
    this.beforeStart = null;
    this.startPositions = positions;
    this.queue.push(...pending);
    this.push(beforeStart);
  }

  push(changes: readonly ReceivedChange[]): void {
    if (this.beforeStart) this.beforeStart.push(...changes);
    else {
      const isNew = ({ organizationId, sequence }: ReceivedChange) =>
        sequence > (this.startPositions.get(organizationId) ?? 0);
      this.queue.push(...changes.filter(isNew).map(({ invitation }) => invitation));
    }
  }
}

/** The one reader of what is addressed to one verified address, however many of its owner's devices watch. */
export class ReceivedFeed extends Feed<InvitationView, ReceivedCursor> {
  private positions: Positions | null = null;

  constructor(
    private readonly dependencies: FeedDependencies,
    readonly email: string,
  ) {
    super();
  }

  /** Whether an organization's log goes on after what was read of it. */
  isBehind(organizationId: string, head: number): boolean {
    return this.positions !== null && (this.positions.get(organizationId) ?? 0) < head;
  }

  /** Adds a watcher: first what is pending, then each change after it. Throws FORBIDDEN where it is not their address. */
  async subscribe(userId: string, onStalled: () => void): Promise<EventStream<InvitationView>> {
    const reader = new ReceivedCursor(userId, onStalled);
    const watcher = new EventStream(reader, this.remove);
    this.streams.set(watcher, reader);
    try {
      await this.begin(reader);
      return watcher;
    } catch (error) {
      await watcher.return();
      throw error;
    }
  }

  private async begin(reader: ReceivedCursor): Promise<void> {
    const { pending, positions } = await readPending(
      this.dependencies.database,
      this.dependencies.clock.now(),
      this.email,
    );
    if (!(await this.holders([reader.userId])).has(reader.userId)) throw addressChanged();
    reader.begin(pending, positions);
    if (this.positions === null) {
      this.positions = new Map(positions);
      // Whatever woke the feed before it knew where to begin is looked at now.
      this.refresh().catch(() => undefined);
    }
  }

  private holders(userIds: readonly string[]): Promise<Set<string>> {
    return readHolders(this.dependencies.database, this.email, [...new Set(userIds)]);
  }

  protected async read(): Promise<void> {
    if (this.positions === null) return;
    const { database, clock } = this.dependencies;
    const asked = [...this.streams];
    const positions = new Map(this.positions);
    const changes = await readReceivedChanges(database, clock.now(), this.email, positions);
    // Asked after the changes were read: whose address it is no longer is given none of them.
    const holders = await this.holders(asked.map(([, { userId }]) => userId));
    this.positions = positions;
    for (const [watcher, { userId }] of asked) if (!holders.has(userId)) watcher.fail(addressChanged());
    if (changes.length === 0) return;
    for (const [watcher, reader] of this.streams) {
      reader.push(changes);
      watcher.wake();
    }
  }
}

function addressChanged(): Error {
  return forbidden("This is no longer your verified e-mail address. Sign in again to go on.");
}

import { forbidden } from "../domain/denial";
import {
  type Positions,
  type ReceivedChange,
  readHolders,
  readPending,
  readReceivedChanges,
} from "../store/events/received-events";
import type { InvitationView } from "../store/views/invitations";
import { type Source, Watcher } from "./event-stream";
import { Feed, type FeedParts } from "./feed";

/** Gives one watcher what waits for them. */
class ReceivedReader implements Source<InvitationView> {
  private readonly queue: InvitationView[] = [];
  /** What came up before the pending ones were read, of which they show a part already. */
  private early: ReceivedChange[] | null = [];
  /** Up to where the pending ones show every change. */
  private shown: Positions = new Map();

  constructor(
    readonly userId: string,
    readonly onStalled: () => void,
  ) {}

  get backlog(): number {
    return this.queue.length;
  }

  pull(): InvitationView | null {
    return this.queue.shift() ?? null;
  }

  /** Starts with what is pending: of the changes, those after `positions` are new. */
  begin(pending: readonly InvitationView[], positions: Positions): void {
    const early = this.early ?? [];
    this.early = null;
    this.shown = positions;
    this.queue.push(...pending);
    this.take(early);
  }

  take(changes: readonly ReceivedChange[]): void {
    if (this.early) this.early.push(...changes);
    else {
      const isNew = ({ organizationId, sequence }: ReceivedChange) => sequence > (this.shown.get(organizationId) ?? 0);
      this.queue.push(...changes.filter(isNew).map(({ invitation }) => invitation));
    }
  }
}

/** The one reader of what is addressed to one verified address, however many of its owner's devices watch. */
export class ReceivedFeed extends Feed<InvitationView, ReceivedReader> {
  private positions: Positions | null = null;

  constructor(
    private readonly parts: FeedParts,
    readonly email: string,
  ) {
    super();
  }

  /** Whether an organization's log goes on after what was read of it. */
  isBehind(organizationId: string, head: number): boolean {
    return this.positions !== null && (this.positions.get(organizationId) ?? 0) < head;
  }

  /** Adds a watcher: first what is pending, then each change after it. Throws FORBIDDEN where it is not their address. */
  async watch(userId: string, onStalled: () => void): Promise<Watcher<InvitationView>> {
    const reader = new ReceivedReader(userId, onStalled);
    const watcher = new Watcher(reader, this.forget);
    this.watchers.set(watcher, reader);
    try {
      await this.begin(reader);
      return watcher;
    } catch (error) {
      await watcher.return();
      throw error;
    }
  }

  private async begin(reader: ReceivedReader): Promise<void> {
    const { pending, positions } = await readPending(this.parts.database, this.parts.clock.now(), this.email);
    if (!(await this.holders([reader.userId])).has(reader.userId)) throw noLongerTheirs();
    reader.begin(pending, positions);
    if (this.positions === null) {
      this.positions = new Map(positions);
      // Whatever woke the feed before it knew where to begin is looked at now.
      this.refresh().catch(() => undefined);
    }
  }

  private holders(userIds: readonly string[]): Promise<Set<string>> {
    return readHolders(this.parts.database, this.email, [...new Set(userIds)]);
  }

  protected async look(): Promise<void> {
    if (this.positions === null) return;
    const { database, clock } = this.parts;
    const asked = [...this.watchers];
    const positions = new Map(this.positions);
    const changes = await readReceivedChanges(database, clock.now(), this.email, positions);
    // Asked after the changes were read: whose address it is no longer is given none of them.
    const holders = await this.holders(asked.map(([, { userId }]) => userId));
    this.positions = positions;
    for (const [watcher, { userId }] of asked) if (!holders.has(userId)) watcher.fail(noLongerTheirs());
    if (changes.length === 0) return;
    for (const [watcher, reader] of this.watchers) {
      reader.take(changes);
      watcher.wake();
    }
  }
}

function noLongerTheirs(): Error {
  return forbidden("This is no longer your verified e-mail address. Sign in again to go on.");
}

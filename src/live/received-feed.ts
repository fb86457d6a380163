import { forbidden } from "../domain/denial";
import {
  type Positions,
  type ReceivedChange,
  readHolders,
  readPending,
  readReceivedChanges,
} from "../store/received-events";
import type { InvitationView } from "../store/views/invitations";
import { Looks } from "./look";
import type { FeedParts } from "./organization-feed";
import { Watcher } from "./watcher";

interface Reading {
  userId: string;
  /** What waits to be given. */
  queue: InvitationView[];
  /** What came up before the pending ones were read, of which they show a part already. */
  early: ReceivedChange[] | null;
  /** Up to where the pending ones show every change. */
  shown: Positions;
  onStalled(): void;
}

/** The one reader of what is addressed to one verified address, however many of its owner's devices watch. */
export class ReceivedFeed {
  private readonly watchers = new Map<Watcher<InvitationView>, Reading>();
  private readonly looks = new Looks(() => this.look());
  private positions: Positions | null = null;

  constructor(
    private readonly parts: FeedParts,
    readonly email: string,
  ) {}

  /** How many watch. */
  get size(): number {
    return this.watchers.size;
  }

  get isIdle(): boolean {
    return [...this.watchers.keys()].every((watcher) => watcher.isIdle);
  }

  /** Whether an organization's log goes on after what was read of it. */
  isBehind(organizationId: string, head: number): boolean {
    return this.positions !== null && (this.positions.get(organizationId) ?? 0) < head;
  }

  /** Adds a watcher: first what is pending, then each change after it. Throws FORBIDDEN where it is not their address. */
  async watch(userId: string, onStalled: () => void): Promise<Watcher<InvitationView>> {
    const reading: Reading = { userId, queue: [], early: [], shown: new Map(), onStalled };
    const watcher = new Watcher(
      async () => reading.queue.shift() ?? null,
      () => reading.queue.length,
    );
    watcher.onEnd(() => this.watchers.delete(watcher));
    this.watchers.set(watcher, reading);
    try {
      await this.begin(reading);
      return watcher;
    } catch (error) {
      await watcher.return();
      throw error;
    }
  }

  private async begin(reading: Reading): Promise<void> {
    const { pending, positions } = await readPending(this.parts.database, this.parts.clock.now(), this.email);
    if (!(await this.holders([reading.userId])).has(reading.userId)) throw noLongerTheirs();
    reading.shown = positions;
    reading.queue.push(...pending);
    const early = reading.early ?? [];
    reading.early = null;
    give(reading, early);
    if (this.positions === null) {
      this.positions = new Map(positions);
      // Whatever woke the feed before it knew where to begin is looked at now.
      this.refresh().catch(() => undefined);
    }
  }

  /** Reads what changed, and gives it to every watcher. Fails where the database cannot be reached. */
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

  private holders(userIds: readonly string[]): Promise<Set<string>> {
    return readHolders(this.parts.database, this.email, [...new Set(userIds)]);
  }

  private async look(): Promise<void> {
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
    for (const [watcher, reading] of this.watchers) {
      give(reading, changes);
      watcher.wake();
    }
  }
}

function noLongerTheirs(): Error {
  return forbidden("This is no longer your verified e-mail address. Sign in again to go on.");
}

function give(reading: Reading, changes: readonly ReceivedChange[]): void {
  if (reading.early) reading.early.push(...changes);
  else {
    const unseen = changes.filter(
      ({ organizationId, sequence }) => sequence > (reading.shown.get(organizationId) ?? 0),
    );
    reading.queue.push(...unseen.map(({ invitation }) => invitation));
  }
}

import type { Positions } from "../store/events/positions";
import type { Cursor, EventStream } from "./event-stream";
import { Feed } from "./feed";

/** One change that concerns the person, and its place in the log of its organization. */
export interface PersonalChange<Payload> {
  organizationId: string;
  sequence: number;
  payload: Payload;
}

/** The source of a personal feed: the changes that concern one person, in the logs of all organizations. */
export interface PersonalLog<Payload> {
  /**
   * Returns the first payloads of a stream, and the positions up to which they include all changes. `catchUp` returns
   * the feed's positions once it has read everything; for the first stream it gets them from `readHeads`.
   */
  readStart(
    after: Positions | null,
    catchUp: (readHeads: () => Promise<Positions>) => Promise<Positions>,
  ): Promise<{ first: readonly Payload[]; positions: Positions }>;
  /** Returns the changes since the positions, in the order of each log, and advances the positions. */
  readChanges(positions: Positions): Promise<Array<PersonalChange<Payload>>>;
  /** Returns which of these people may read this now. Called after the changes are read. */
  readHolders(userIds: readonly string[]): Promise<ReadonlySet<string>>;
  /** The error that ends the streams of everybody else. */
  lostRight(): Error;
}

/** The queue of one subscriber. */
class PersonalCursor<Payload> implements Cursor<Payload> {
  private readonly queue: Payload[] = [];
  /** Changes that arrived before `start`. The first payloads include some of them. Null after `start`. */
  private earlyChanges: Array<PersonalChange<Payload>> | null = [];
  /** The first payloads include all changes up to these positions. */
  private startPositions: Positions = new Map();

  constructor(
    readonly userId: string,
    readonly onStalled: () => void,
  ) {}

  get backlog(): number {
    return this.queue.length;
  }

  next(): Payload | null {
    return this.queue.shift() ?? null;
  }

  /** Queues the first payloads, then the changes after `positions`. */
  start(first: readonly Payload[], positions: Positions): void {
    const earlyChanges = this.earlyChanges ?? [];
    this.earlyChanges = null;
    this.startPositions = positions;
    this.queue.push(...first);
    this.push(earlyChanges);
  }

  push(changes: ReadonlyArray<PersonalChange<Payload>>): void {
    if (this.earlyChanges) this.earlyChanges.push(...changes);
    else {
      const isNew = ({ organizationId, sequence }: PersonalChange<Payload>) =>
        sequence > (this.startPositions.get(organizationId) ?? 0);
      this.queue.push(...changes.filter(isNew).map(({ payload }) => payload));
    }
  }
}

/** Reads the changes that concern one person from the logs of all organizations. */
export class PersonalFeed<Payload> extends Feed<Payload, PersonalCursor<Payload>> {
  private positions: Positions | null = null;

  /** `key`: the address or the id of the person. */
  constructor(
    readonly key: string,
    private readonly log: PersonalLog<Payload>,
  ) {
    super();
  }

  /** Whether an organization's log has events to read, given its current head. */
  isBehind(organizationId: string, head: number): boolean {
    return this.positions !== null && (this.positions.get(organizationId) ?? 0) < head;
  }

  /**
   * Opens a stream, which begins with the payloads from `readStart`. Throws FORBIDDEN for a person without the right.
   */
  async subscribe(userId: string, onStalled: () => void, after: Positions | null): Promise<EventStream<Payload>> {
    const cursor = new PersonalCursor<Payload>(userId, onStalled);
    // Before the first read, so that no change is missed.
    const stream = this.add(cursor);
    try {
      await this.start(cursor, after);
      return stream;
    } catch (error) {
      await stream.return();
      throw error;
    }
  }

  private async start(cursor: PersonalCursor<Payload>, after: Positions | null): Promise<void> {
    const isFirst = this.positions === null;
    let hasCaughtUp = false;
    const { first, positions } = await this.log.readStart(after, (readHeads) => {
      hasCaughtUp = true;
      return this.catchUp(readHeads);
    });
    const holders = await this.log.readHolders([cursor.userId]);
    if (!holders.has(cursor.userId)) throw this.log.lostRight();
    // Another stream started meanwhile. The feed reads the changes after that one's positions, which may be later.
    if (isFirst && !hasCaughtUp && this.positions !== null) return await this.start(cursor, after);
    cursor.start(first, positions);
    if (this.positions === null) {
      this.positions = new Map(positions);
      // A notification may have arrived before the feed had positions to read from.
      this.refresh().catch(() => undefined);
    }
  }

  private async catchUp(readHeads: () => Promise<Positions>): Promise<Positions> {
    const heads = this.positions ?? (await readHeads());
    this.positions ??= heads;
    await this.refresh();
    return new Map(this.positions);
  }

  protected async read(): Promise<void> {
    if (this.positions === null) return;
    const subscribed = [...this.cursors];
    const positions = new Map(this.positions);
    const changes = await this.log.readChanges(positions);
    // After the changes: a subscriber who lost the right in between must not get them.
    const userIds = new Set(subscribed.map(([, { userId }]) => userId));
    const holders = await this.log.readHolders([...userIds]);
    this.positions = positions;
    for (const [stream, { userId }] of subscribed) if (!holders.has(userId)) stream.fail(this.log.lostRight());
    if (changes.length === 0) return;
    for (const [stream, cursor] of this.cursors) {
      cursor.push(changes);
      stream.notify();
    }
  }
}

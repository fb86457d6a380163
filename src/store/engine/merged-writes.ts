import { Unavailable } from "../../domain/denial";
import type { Deadline } from "./deadline";
import { RowsLocked } from "./lock-queue";
import { LockedKeys } from "./locked-keys";
import type { Statement } from "./statement";

/** A write that one statement can make for the batches of several callers. */
export interface MergeableWrite<Batch, Row, Result> {
  statement: Statement;
  /** The largest statement: the sum of its batches' sizes. A larger batch is sent in a statement of its own. */
  limit: number;
  sizeOf(batch: Batch): number;
  /** Names the owners of the rows that a batch writes. Somebody who locks rows locks all of an owner's. */
  keysOf(batch: Batch): Iterable<string>;
  /** Whether two batches may go into one statement. */
  areCompatible(one: Batch, other: Batch): boolean;
  valuesOf(batches: readonly Batch[]): unknown[];
  /** The result of each batch. */
  resultsOf(rows: readonly Row[], batches: readonly Batch[]): Result[];
}

/** How statements are sent, each in a transaction of its own. */
export interface Sends {
  /** Throws RowsLocked after a wait of `lockMs` for a lock. */
  together<Row>(statement: Statement, values: readonly unknown[], lockMs: number): Promise<Row[]>;
  /** For one batch apart from others. Waits for locks as changes do. */
  apart<Row>(statement: Statement, values: readonly unknown[]): Promise<Row[]>;
}

interface Waiting<Batch, Result> {
  batch: Batch;
  deadline: Deadline | null;
  resolve(result: Result): void;
  reject(error: unknown): void;
}

/** Two statements keep the database busy while the process prepares the next one. */
const AT_ONCE = 2;
/** A statement that takes longer than this hangs. */
const STALL_MS = 1_000;
/** The shortest limit of a statement's wait for a lock. Another statement for the same rows holds them for less. */
const MOMENT_MS = 50;
/** The limit of the wait for a lock, in times of the longest recent statement. */
const PATIENCE = 2;
/** The part that remains, after each statement, of the time of an earlier and longer one. */
const FADING = 0.9;

/**
 * Merges the batches of concurrent callers: while two statements run, the next batches collect, and go into one
 * statement when one of the two ends. A batch that fails or meets a lock does not harm the others: the batches of a
 * failed statement are sent again, each on its own. So are later batches with their keys, until one of them succeeds.
 */
export class MergedWrites<Batch, Row, Result> {
  private waiting: Array<Waiting<Batch, Result>> = [];
  private running = 0;
  private readonly suspects = new LockedKeys();
  /** The time of a long recent statement, in milliseconds. */
  private longestMs = 0;

  constructor(
    private readonly write: MergeableWrite<Batch, Row, Result>,
    /** Statements are cancelled at the deadline. */
    private readonly sendsUntil: (deadline: Deadline | null) => Sends,
  ) {}

  /** Writes a batch. Throws the errors that a statement of its own would throw. */
  add(batch: Batch, deadline: Deadline | null): Promise<Result> {
    if (this.isSuspect(batch)) return this.writeAlone(batch, deadline);
    const written = new Promise<Result>((resolve, reject) => {
      this.waiting.push({ batch, deadline, resolve, reject });
      this.sendNext();
    });
    return deadline ? deadline.race(written) : written;
  }

  private sendNext(): void {
    while (this.running < AT_ONCE) {
      const group = this.takeGroup();
      if (group.length === 0) return;
      void this.sendGroup(group);
    }
  }

  /** Takes the first batch that waits, and the batches after it that fit into the same statement. */
  private takeGroup(): Array<Waiting<Batch, Result>> {
    const { limit, sizeOf, areCompatible } = this.write;
    const group: Array<Waiting<Batch, Result>> = [];
    let size = 0;
    for (let next = this.waiting[0]; next; next = this.waiting[0]) {
      const [first] = group;
      if (first && (size + sizeOf(next.batch) > limit || !areCompatible(first.batch, next.batch))) break;
      this.waiting.shift();
      if (this.isSuspect(next.batch)) {
        this.sendAlone(next);
        continue;
      }
      if (!hasBegun(next)) continue;
      group.push(next);
      size += sizeOf(next.batch);
    }
    return group;
  }

  private async sendGroup(group: ReadonlyArray<Waiting<Batch, Result>>): Promise<void> {
    this.running += 1;
    let isReleased = false;
    const release = () => {
      if (isReleased) return;
      isReleased = true;
      this.running -= 1;
      this.sendNext();
    };
    const timer = setTimeout(() => {
      this.suspect(group);
      release();
    }, STALL_MS).unref();
    const sentAt = performance.now();
    try {
      const results = await this.writeTogether(group);
      this.longestMs = Math.max(performance.now() - sentAt, this.longestMs * FADING);
      for (const [index, { resolve }] of group.entries()) resolve(results[index] as Result);
    } catch (error) {
      this.fail(group, error);
    } finally {
      clearTimeout(timer);
      release();
    }
  }

  private fail(group: ReadonlyArray<Waiting<Batch, Result>>, error: unknown): void {
    // An outage fails all batches alike, and it may have come after the commit.
    const isRepeated = !(error instanceof Unavailable) && (group.length > 1 || error instanceof RowsLocked);
    if (isRepeated) {
      this.suspect(group);
      for (const each of group) this.sendAlone(each);
    } else {
      for (const { reject } of group) reject(error);
    }
  }

  private isSuspect(batch: Batch): boolean {
    return this.suspects.hasAny(() => this.write.keysOf(batch));
  }

  private suspect(group: ReadonlyArray<Pick<Waiting<Batch, Result>, "batch">>): void {
    for (const { batch } of group) this.suspects.add(this.write.keysOf(batch));
  }

  private sendAlone({ batch, deadline, resolve, reject }: Waiting<Batch, Result>): void {
    this.writeAlone(batch, deadline).then(resolve, reject);
  }

  private async writeAlone(batch: Batch, deadline: Deadline | null): Promise<Result> {
    const { statement, valuesOf, resultsOf, keysOf } = this.write;
    try {
      const rows = await this.sendsUntil(deadline).apart<Row>(statement, valuesOf([batch]));
      this.suspects.delete(keysOf(batch));
      const [result] = resultsOf(rows, [batch]);
      return result as Result;
    } catch (error) {
      this.suspect([{ batch }]);
      throw error;
    }
  }

  private async writeTogether(group: ReadonlyArray<Waiting<Batch, Result>>): Promise<Result[]> {
    const { statement, valuesOf, resultsOf } = this.write;
    const batches = group.map(({ batch }) => batch);
    // The last batch has the latest deadline.
    const sends = this.sendsUntil(group.at(-1)?.deadline ?? null);
    const lockMs = Math.max(MOMENT_MS, this.longestMs * PATIENCE);
    return resultsOf(await sends.together<Row>(statement, valuesOf(batches), lockMs), batches);
  }
}

/** The queue of each mergeable write. */
export class MergedQueues {
  private readonly queues = new Map<object, unknown>();

  of<Batch, Row, Result>(
    write: MergeableWrite<Batch, Row, Result>,
    sendsUntil: (deadline: Deadline | null) => Sends,
  ): MergedWrites<Batch, Row, Result> {
    const known = this.queues.get(write) as MergedWrites<Batch, Row, Result> | undefined;
    const queue = known ?? new MergedWrites(write, sendsUntil);
    if (!known) this.queues.set(write, queue);
    return queue;
  }
}

/**
 * Begins a caller's commit. Returns false if its deadline has passed, in which case the caller already has the error.
 */
function hasBegun({ deadline }: Pick<Waiting<unknown, unknown>, "deadline">): boolean {
  try {
    deadline?.beginCommit();
    return true;
  } catch {
    return false;
  }
}

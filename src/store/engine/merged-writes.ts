import { Unavailable } from "../../domain/denial";
import type { Deadline } from "./deadline";
import { isLockTimeout } from "./lock-queue";
import type { Statement } from "./statement";

/** A write that one statement can make for the batches of several callers. */
export interface MergeableWrite<Batch, Row, Result> {
  statement: Statement;
  /** The largest statement: the sum of its batches' sizes. A larger batch is sent in a statement of its own. */
  limit: number;
  sizeOf(batch: Batch): number;
  /** Whether two batches may go into one statement. */
  areCompatible(one: Batch, other: Batch): boolean;
  valuesOf(batches: readonly Batch[]): unknown[];
  /** The result of each batch. */
  resultsOf(rows: readonly Row[], batches: readonly Batch[]): Result[];
}

/** How statements are sent that commit by themselves. */
export interface Sends {
  together<Row>(statement: Statement, values: readonly unknown[]): Promise<Row[]>;
  /** For one batch apart from others; without `waits`, gives up at once where somebody holds a lock. */
  apart<Row>(statement: Statement, values: readonly unknown[], waits: boolean): Promise<Row[]>;
}

interface Waiting<Batch, Result> {
  batch: Batch;
  deadline: Deadline | null;
  resolve(result: Result): void;
  reject(error: unknown): void;
}

/** Two statements keep the database busy while the process prepares the next one. */
const AT_ONCE = 2;
/** A statement that takes longer probably waits for a lock. Batches are then sent separately for a while. */
const STALL_MS = 1_000;
const APART_MS = 60_000;

/**
 * Merges the batches of concurrent callers: while two statements run, the next batches collect, and go into one
 * statement when one of the two ends. A batch that fails or waits for a lock does not harm the others: the batches of a
 * failed statement are sent again, each on its own, and so are all batches in the next minute.
 */
export class MergedWrites<Batch, Row, Result> {
  private waiting: Array<Waiting<Batch, Result>> = [];
  private running = 0;
  private apartUntil = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly write: MergeableWrite<Batch, Row, Result>,
    /** Statements are cancelled at the deadline. */
    private readonly sendsUntil: (deadline: Deadline | null) => Sends,
  ) {}

  /** Writes a batch. Throws the errors that a statement of its own would throw. */
  add(batch: Batch, deadline: Deadline | null): Promise<Result> {
    if (performance.now() < this.apartUntil) return this.writeAlone(batch, deadline);
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
      this.mergeNoMore();
      release();
    }, STALL_MS).unref();
    try {
      // The last batch has the latest deadline.
      const results = await this.writeTogether(
        group.map(({ batch }) => batch),
        group.at(-1)?.deadline ?? null,
      );
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
    if (group.length > 1 && !(error instanceof Unavailable)) {
      this.mergeNoMore();
      // The group has waited for the lock already, for all of its batches.
      const waits = !isLockTimeout(error);
      for (const { batch, deadline, resolve, reject } of group)
        this.writeAlone(batch, deadline, waits).then(resolve, reject);
    } else {
      for (const { reject } of group) reject(error);
    }
  }

  /** Stops merging for a while. */
  private mergeNoMore(): void {
    this.apartUntil = performance.now() + APART_MS;
    const waiting = this.waiting;
    this.waiting = [];
    for (const { batch, deadline, resolve, reject } of waiting) this.writeAlone(batch, deadline).then(resolve, reject);
  }

  private async writeAlone(batch: Batch, deadline: Deadline | null, waits = true): Promise<Result> {
    const { statement, valuesOf, resultsOf } = this.write;
    const rows = await this.sendsUntil(deadline).apart<Row>(statement, valuesOf([batch]), waits);
    const [result] = resultsOf(rows, [batch]);
    return result as Result;
  }

  private async writeTogether(batches: readonly Batch[], deadline: Deadline | null): Promise<Result[]> {
    const { statement, valuesOf, resultsOf } = this.write;
    return resultsOf(await this.sendsUntil(deadline).together<Row>(statement, valuesOf(batches)), batches);
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

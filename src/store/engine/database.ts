import type { ClientBase, PoolClient } from "pg";
import type { DataSource } from "typeorm";
import type { Span } from "../../tracing/span";
import { hasCitus } from "./citus";
import { BACKGROUND_STATEMENT_MS } from "./connection";
import { ConnectionWatch } from "./connection-watch";
import type { Connections } from "./connections";
import { createDataSource } from "./data-source";
import type { DatabaseOptions } from "./database-options";
import type { Deadline } from "./deadline";
import { LockQueue, RowsLocked } from "./lock-queue";
import { withLockLimit } from "./lock-waits";
import { type MergeableWrite, MergedQueues, type Sends } from "./merged-writes";
import { afterCommitWasSent, beforeCommit, isDiskFailure, isLockNotAvailable, isOutage } from "./outage";
import { Pipeline } from "./pipeline";
import { cancelledAt, onConnection } from "./pool";
import { measureWaits, poolOf } from "./pool-waits";
import { type Reader, rowsOf, type Statement, type TracedReader } from "./statement";

/** The connections to PostgreSQL. Reads use `pg` directly, pipelined; migrations and writes use TypeORM. */
export interface Database extends TracedReader {
  dataSource: DataSource;
  /**
   * Runs a statement that writes and commits by itself. If the connection breaks, the error says that it may have
   * happened. With `lockMs`, throws RowsLocked if a lock takes longer. A pooler allows no `lockMs`.
   */
  write<Row>(statement: Statement, values: readonly unknown[], lockMs?: number): Promise<Row[]>;
  /** Writes a batch, possibly in one statement with other callers' batches. Throws the errors of `write`. */
  writeMerged<Batch, Row, R>(write: MergeableWrite<Batch, Row, R>, batch: Batch, sendsOf: SendsOf): Promise<R>;
  /** Must be called before COMMIT is sent. Throws DEADLINE_EXCEEDED after the deadline. */
  beginCommit(): void;
  /** Limits how many connections wait for locks. */
  readonly lockQueue: LockQueue;
  /** Whether it is the coordinator of a Citus cluster, on which rows of several organizations are on several nodes. */
  readonly isDistributed: boolean;
  /** Whether connections go through a pooler, so that a session may not set parameters. */
  readonly isPooled: boolean;
  /** The deadline of the operation to which this object belongs; null: none. */
  readonly deadline: Deadline | null;
  /** Returns the same database for one operation, whose statements are cancelled at the deadline. */
  withDeadline(deadline: Deadline): Database;
  /** Returns the same database within a span, which gets its statements as children. */
  withSpan(span: Span): Database;
  /** Runs `work`, and cancels the connection's running statement at the deadline, if there is one. */
  cancellable<Result>(client: ClientBase, work: () => Promise<Result>): Promise<Result>;
  /** Remembers an error of a write, for `failingWrites`. */
  noteFailure(error: unknown): void;
  /** Whether writes failed recently because the disk is full or fails. */
  failingWrites(): boolean;
  /** The number of statements sent since the start, for the metrics. */
  statementCount(): number;
  close(): Promise<void>;
}

type SendsOf = (database: Database) => Sends;

/** How long a disk error counts. After that, new requests show whether the disk works again. */
const FAILING_FOR_MS = 10_000;
/** How much of the pool may wait for locks. */
const LOCK_SHARE = 1 / 2;

/** Connects to the database. */
export async function openDatabase(
  url: string,
  {
    directUrl = null,
    connections = 10,
    lanes = 2,
    lockTimeoutMs: timeoutMs = 2_000,
    namedStatements = true,
    ...known
  }: DatabaseOptions = {},
): Promise<Database> {
  let count = 0;
  const onStatement = () => {
    count += 1;
  };
  const isPooled = directUrl !== null;
  const watch = new ConnectionWatch({ url, isPooled });
  const directWatch = directUrl === null ? watch : new ConnectionWatch({ url: directUrl, isPooled: false });
  const isDistributed = known.isDistributed ?? (await hasCitus(directUrl ?? url));
  const dataSource = createDataSource(url, connections, {
    statementMs: BACKGROUND_STATEMENT_MS,
    lock_timeout: timeoutMs,
    isPooled,
    isDistributed,
    namedStatements,
    onStatement,
    registry: watch,
  });
  await dataSource.initialize();
  const pipeline = new Pipeline({ url: directUrl ?? url, lanes, isDistributed, onStatement, registry: directWatch });
  await pipeline.open();
  return new PooledDatabase({
    dataSource,
    pool: measureWaits(poolOf(dataSource)),
    pipeline,
    watches: [watch, directWatch],
    lockQueue: new LockQueue(Math.max(Math.floor(connections * LOCK_SHARE), 1), timeoutMs),
    isPooled,
    isDistributed,
    writes: { failedAt: Number.NEGATIVE_INFINITY },
    merged: new MergedQueues(),
    count: () => count,
  });
}

/** A class, because each operation creates one, and methods on a prototype cost less than closures. */
class PooledDatabase implements Database {
  constructor(
    private readonly connections: Connections,
    readonly deadline: Deadline | null = null,
    readonly span: Span | null = null,
  ) {}

  get lockQueue(): LockQueue {
    return this.connections.lockQueue;
  }

  get isPooled(): boolean {
    return this.connections.isPooled;
  }

  get isDistributed(): boolean {
    return this.connections.isDistributed;
  }

  get dataSource(): DataSource {
    return this.connections.dataSource;
  }

  withDeadline(deadline: Deadline): Database {
    return new PooledDatabase(this.connections, deadline, this.span);
  }

  withSpan(span: Span): Database {
    return new PooledDatabase(this.connections, this.deadline, span);
  }

  async rows<Row>(statement: Statement, values: readonly unknown[]): Promise<Row[]> {
    this.deadline?.assert();
    try {
      if (!statement.isShortRead) return await this.pooled<Row>(statement, values);
      const fallback: Reader["rows"] = (retried, same) => this.repeatedOnce(retried, same);
      return await this.connections.pipeline.rows<Row>(statement, values, fallback, this.span);
    } catch (error) {
      throw beforeCommit(error);
    }
  }

  async write<Row>(statement: Statement, values: readonly unknown[], lockMs?: number): Promise<Row[]> {
    this.deadline?.assert();
    let isSent = false;
    const send = async (client: PoolClient) => {
      this.beginCommit();
      isSent = true;
      return await rowsOf<Row>(client, statement, values);
    };
    const limited = (client: PoolClient) => withLockLimit(client, this.lockQueue, lockMs, () => send(client));
    try {
      return await this.onConnection(limited);
    } catch (error) {
      if (lockMs !== undefined && isLockNotAvailable(error)) throw new RowsLocked();
      this.noteFailure(error);
      throw isSent ? afterCommitWasSent(error) : beforeCommit(error);
    }
  }

  async writeMerged<Batch, Row, R>(write: MergeableWrite<Batch, Row, R>, batch: Batch, sendsOf: SendsOf): Promise<R> {
    const sendsUntil = (deadline: Deadline | null) => sendsOf(new PooledDatabase(this.connections, deadline));
    return await this.connections.merged.of(write, sendsUntil).add(batch, this.deadline);
  }

  beginCommit(): void {
    this.deadline?.beginCommit();
  }

  cancellable<Result>(client: ClientBase, work: () => Promise<Result>): Promise<Result> {
    return this.deadline ? cancelledAt(this.deadline, client, work) : work();
  }

  noteFailure(error: unknown): void {
    if (isDiskFailure(error)) this.connections.writes.failedAt = performance.now();
  }

  failingWrites(): boolean {
    return performance.now() - this.connections.writes.failedAt < FAILING_FOR_MS;
  }

  statementCount(): number {
    return this.connections.count();
  }

  async close(): Promise<void> {
    await this.connections.pipeline.close();
    await this.connections.dataSource.destroy();
    for (const watch of this.connections.watches) watch.close();
  }

  /**
   * Repeats a read once, because the pool may hold connections to a server that is gone. It drops them when the first
   * one fails.
   */
  private async repeatedOnce<Row>(statement: Statement, values: readonly unknown[]): Promise<Row[]> {
    try {
      return await this.pooled<Row>(statement, values);
    } catch (error) {
      if (!isOutage(error)) throw error;
      return await this.pooled<Row>(statement, values);
    }
  }

  private pooled<Row>(statement: Statement, values: readonly unknown[]): Promise<Row[]> {
    return this.onConnection((client) => rowsOf<Row>(client, statement, values));
  }

  private onConnection<Result>(work: (client: PoolClient) => Promise<Result>): Promise<Result> {
    return onConnection(this.connections.pool, this.span, (client) => this.cancellable(client, () => work(client)));
  }
}

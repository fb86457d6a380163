import type { ClientBase, PoolClient } from "pg";
import type { DataSource } from "typeorm";
import type { Span } from "../../tracing/span";
import type { Connections } from "./connections";
import type { Database, Located, SendsOf } from "./database";
import type { Deadline } from "./deadline";
import { type LockQueue, RowsLocked } from "./lock-queue";
import { withLockLimit } from "./lock-waits";
import type { MergeableWrite } from "./merged-writes";
import { afterCommitWasSent, beforeCommit, isDiskFailure, isLockNotAvailable, isOutage } from "./outage";
import { cancelledAt, onConnection } from "./pool";
import { type Reader, rowsOf, type Statement } from "./statement";

/** How long a disk error counts. After that, new requests show whether the disk works again. */
const FAILING_FOR_MS = 10_000;

/** A class, because each operation creates one, and methods on a prototype cost less than closures. */
export class PooledDatabase implements Database {
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

  get writesDirectories(): boolean {
    return this.isDistributed || this.connections.directories !== null;
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

  async locate(reader: Reader, statement: Statement, values: readonly unknown[]): Promise<Located> {
    const { directories } = this.connections;
    return directories && statement.located ? await directories.locate(reader, statement, values) : [statement, values];
  }

  async rows<Row>(asked: Statement, given: readonly unknown[]): Promise<Row[]> {
    this.deadline?.assert();
    // Without a wait for the usual case: another turn of the loop costs all reads.
    const [statement, values] = this.connections.directories ? await this.locate(this, asked, given) : [asked, given];
    try {
      if (!statement.isShortRead) return await this.pooled<Row>(statement, values);
      const fallback: Reader["rows"] = (retried, same) => this.repeatedOnce(retried, same);
      return await this.connections.pipeline.rows<Row>(statement, values, fallback, this.span);
    } catch (error) {
      throw beforeCommit(error);
    }
  }

  async write<Row>(asked: Statement, given: readonly unknown[], lockMs?: number): Promise<Row[]> {
    this.deadline?.assert();
    const [statement, values] = await this.locate(this, asked, given);
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

import type { ClientBase } from "pg";
import type { DataSource } from "typeorm";
import type { Span } from "../../tracing/span";
import type { Deadline } from "./deadline";
import { LockQueue } from "./lock-queue";
import { type MergeableWrite, type Sends } from "./merged-writes";
import { type Reader, type Statement, type TracedReader } from "./statement";

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
  /** Whether changes must write the directories of a distributed database. */
  readonly writesDirectories: boolean;
  /** Returns the statement and the values to send, which name organizations if directories know them. */
  locate(reader: Reader, statement: Statement, values: readonly unknown[]): Promise<Located>;
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

/** A statement and its values. */
export type Located = readonly [Statement, readonly unknown[]];
export type SendsOf = (database: Database) => Sends;

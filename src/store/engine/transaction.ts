import type { PoolClient } from "pg";
import type { EntityManager, EntityTarget, ObjectLiteral, QueryRunner } from "typeorm";
import { type Span, traced } from "../../tracing/span";
import type { Database } from "./database";
import { LockBusy } from "./lock-queue";
import { type LockWaits, lockRows, waitForLocks } from "./lock-waits";
import type { MergeableWrite } from "./merged-writes";
import { afterCommitWasSent, beforeCommit } from "./outage";
import { traceAs } from "./pool";
import { type LockStatements, type Reader, rowsOf } from "./statement";

/** An open transaction. Commands pass it to the store and do not use it themselves. */
export interface Transaction extends Reader {
  /** The span of the transaction; null: no trace. */
  readonly span: Span | null;
  manager: EntityManager;
  /** Whether changes must write the directories of a distributed database. */
  readonly writesDirectories: boolean;
  /**
   * Writes a batch. If this is the transaction's only statement, it may be merged with the batches of other callers.
   */
  write<Batch, Row, Result>(write: MergeableWrite<Batch, Row, Result>, batch: Batch): Promise<Result>;
  /**
   * Runs `work` in a transaction of its own, which commits by itself. Absent in an open transaction: only work of single
   * statements may divide.
   */
  apart?<Result>(work: (transaction: Transaction) => Promise<Result>): Promise<Result>;
  /** Runs `part` in a savepoint: if it throws, only the part is rolled back. */
  savepoint<Result>(part: () => Promise<Result>): Promise<Result>;
  /** Locks a row, if it exists. Throws RATE_LIMITED if its lock is not free in time. */
  lock<Row>(statements: LockStatements, values: readonly unknown[]): Promise<Row[]>;
  /** Runs a part that waits for locks, on one of the few connections that may. Throws RATE_LIMITED as `lock` does. */
  waitForLocks<Result>(part: () => Promise<Result>): Promise<Result>;
}

/**
 * Runs `work` in one transaction: commits when it returns, rolls back when it throws. Throws Unavailable if the
 * connection breaks. If it breaks after COMMIT was sent, the error says that the change may have happened, unless the
 * work is `isRepeatable`, so that running it again does no harm.
 */
export function inTransaction<Result>(
  database: Database,
  work: (transaction: Transaction) => Promise<Result>,
  { isRepeatable = false } = {},
): Promise<Result> {
  return transact(database, work, { isRepeatable, commits: true });
}

/** Runs `work` in one transaction that is rolled back even when it returns. Throws Unavailable if the connection breaks. */
export function inDryTransaction<Result>(
  database: Database,
  work: (transaction: Transaction) => Promise<Result>,
): Promise<Result> {
  return transact(database, work, { isRepeatable: true, commits: false });
}

interface TransactOptions {
  isRepeatable: boolean;
  commits: boolean;
}

/** Runs a transaction, and starts it again if it could not wait for a lock. It has changed nothing by then. */
async function transact<Result>(
  database: Database,
  work: (transaction: Transaction) => Promise<Result>,
  options: TransactOptions,
): Promise<Result> {
  const { lockQueue: queue } = database;
  const until = performance.now() + queue.timeoutMs;
  const run = (hasPlace: boolean) =>
    traced(database.span, ["transaction"], (span) =>
      transactOnce(database, work, { ...options, waits: { queue, until, hasPlace }, span }),
    );
  try {
    return await run(false);
  } catch (error) {
    if (!(error instanceof LockBusy)) throw error;
  }
  await queue.enterInTurn(until);
  try {
    return await run(true);
  } finally {
    queue.leave();
  }
}

async function transactOnce<Result>(
  database: Database,
  work: (transaction: Transaction) => Promise<Result>,
  { isRepeatable, commits, waits, span }: TransactOptions & { waits: LockWaits; span: Span | null },
): Promise<Result> {
  const runner = database.dataSource.createQueryRunner();
  let isBroken = false;
  let isSent = false;
  const onBreak = () => {
    isBroken = true;
  };
  const end = async () => {
    if (isBroken) throw new Error("The connection broke before the commit.");
    if (!commits) return await runner.rollbackTransaction();
    if (!isRepeatable) database.beginCommit();
    isSent = true;
    await runner.commitTransaction();
  };
  let client: PoolClient | undefined;
  try {
    const connection: PoolClient = await runner.connect();
    client = connection.once("error", onBreak).once("end", onBreak);
    traceAs(connection, span);
    const direct: Reader = { rows: (statement, values) => rowsOf(connection, statement, values) };
    const rows: Reader["rows"] = async (statement, values) =>
      await direct.rows(...(await database.locate(direct, statement, values)));
    const transaction: Transaction = {
      span,
      manager: runner.manager,
      writesDirectories: database.writesDirectories,
      rows,
      write: async (write, batch) => onlyResult(write, batch, await rows(write.statement, write.valuesOf([batch]))),
      savepoint: (part) => atomically(runner, part, () => runner.commitTransaction()),
      lock: (statements, values) => lockRows(connection, waits, statements, values),
      waitForLocks: (part) => waitForLocks(connection, waits, part),
    };
    return await database.cancellable(connection, () => atomically(runner, () => work(transaction), end));
  } catch (error) {
    database.noteFailure(error);
    throw isSent && !isRepeatable ? afterCommitWasSent(error) : beforeCommit(error, isBroken);
  } finally {
    if (client) traceAs(client, null);
    client?.off("error", onBreak).off("end", onBreak);
    await runner.release();
  }
}

function onlyResult<Batch, Row, Result>(
  { resultsOf }: MergeableWrite<Batch, Row, Result>,
  batch: Batch,
  rows: readonly Row[],
): Result {
  const [result] = resultsOf(rows, [batch]);
  return result as Result;
}

/** Inserts rows in one statement. Ids and values come from the application, so nothing is read back. */
export async function insertRows<Row extends ObjectLiteral>(
  { manager }: Transaction,
  entity: EntityTarget<Row>,
  rows: readonly Row[],
): Promise<void> {
  if (rows.length === 0) return;
  await manager
    .createQueryBuilder()
    .insert()
    .into(entity)
    .values([...rows])
    .updateEntity(false)
    .execute();
}

// TypeORM starts a savepoint within an open transaction, and releases it on commit.
async function atomically<Result>(
  runner: QueryRunner,
  part: () => Promise<Result>,
  commit: () => Promise<void>,
): Promise<Result> {
  await runner.startTransaction();
  try {
    const result = await part();
    await commit();
    return result;
  } catch (error) {
    // A rollback fails on a broken connection. The first error is the cause.
    await runner.rollbackTransaction().catch(() => undefined);
    throw error;
  }
}

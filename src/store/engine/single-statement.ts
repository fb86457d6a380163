import type { Database } from "./database";
import { LockBusy } from "./lock-queue";
import type { Sends } from "./merged-writes";
import { isLockNotAvailable } from "./outage";
import type { Statement } from "./statement";
import { inTransaction, type Transaction } from "./transaction";

/**
 * Treats the database as a transaction for work of a single statement, which saves the round trips of BEGIN and COMMIT.
 */
export function asTransaction(database: Database): Transaction {
  return {
    span: database.span,
    manager: database.dataSource.manager,
    rows: (statement, values) => database.write(statement, values),
    write: (write, batch) => database.writeMerged(write, batch, sendsOf),
    savepoint: (part) => part(),
    lock: () => Promise.reject(new Error("A single statement holds no lock for the next one.")),
  };
}

/** How merged writes reach this database. */
function sendsOf(database: Database): Sends {
  return {
    together: (statement, values) =>
      // Through a pooler, only a transaction has limits.
      database.isPooled
        ? inTransaction(database, (transaction) => transaction.rows(statement, values))
        : database.write(statement, values),
    apart: (statement, values, waits) => writeApart(database, statement, values, waits),
  };
}

/** How long a lock may take that is held for a moment, as by another batch. */
const MOMENT_MS = 50;

/**
 * Runs a statement that writes rows which others may have locked. Waits for them on one of the few connections that may, or
 * with `waits` false not at all. Throws RATE_LIMITED if somebody holds a lock for too long.
 */
function writeApart<Row>(
  database: Database,
  statement: Statement,
  values: readonly unknown[],
  waits: boolean,
): Promise<Row[]> {
  const { lockQueue: queue } = database;
  const until = performance.now() + queue.timeoutMs;
  return inTransaction(database, async (transaction) => {
    const limitTo = (milliseconds: number) => transaction.manager.query(`SET LOCAL lock_timeout = ${milliseconds}`);
    try {
      await limitTo(MOMENT_MS);
      return await transaction.savepoint(() => transaction.rows<Row>(statement, values));
    } catch (error) {
      if (!waits || !isLockNotAvailable(error)) throw error;
    }
    if (!queue.enter()) throw new LockBusy();
    try {
      await limitTo(Math.max(Math.ceil(until - performance.now()), 1));
      return await transaction.rows<Row>(statement, values);
    } finally {
      queue.leave();
    }
  });
}

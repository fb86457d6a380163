import type { Database } from "./database";
import { RowsLocked } from "./lock-queue";
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
    writesDirectories: database.writesDirectories,
    rows: (statement, values) => database.write(statement, values),
    write: (write, batch) => database.writeMerged(write, batch, sendsOf),
    apart: (work) => inTransaction(database, work),
    savepoint: (part) => part(),
    lock: () => Promise.reject(new Error("A single statement holds no lock for the next one.")),
    waitForLocks: (part) => part(),
  };
}

function sendsOf(database: Database): Sends {
  return {
    together: (statement, values, lockMs) => writeTogether(database, statement, values, lockMs),
    apart: (statement, values) => writeApart(database, statement, values),
  };
}

/** Throws RowsLocked after a wait of `lockMs` for a lock. */
function writeTogether<Row>(
  database: Database,
  statement: Statement,
  values: readonly unknown[],
  lockMs: number,
): Promise<Row[]> {
  if (!database.isPooled) return database.write(statement, values, lockMs);
  return inTransaction(database, async (transaction) => {
    await limitLocks(transaction, Math.min(lockMs, database.lockQueue.timeoutMs));
    try {
      return await transaction.rows<Row>(statement, values);
    } catch (error) {
      throw isLockNotAvailable(error) ? new RowsLocked() : error;
    }
  });
}

/** Tries a statement whose rows others may have locked. If they have, waits for the locks as a change does. */
function writeApart<Row>(database: Database, statement: Statement, values: readonly unknown[]): Promise<Row[]> {
  return inTransaction(database, async (transaction) => {
    const write = () => transaction.rows<Row>(statement, values);
    await limitLocks(transaction, SHORTEST_MS);
    try {
      return await transaction.savepoint(write);
    } catch (error) {
      if (!isLockNotAvailable(error)) throw error;
    }
    return await transaction.waitForLocks(write);
  });
}

/** The server counts whole milliseconds, and takes 0 for no limit. */
const SHORTEST_MS = 1;

/** Limits the wait for each lock. */
async function limitLocks({ manager }: Transaction, milliseconds: number): Promise<void> {
  await manager.query(`SET LOCAL lock_timeout = ${Math.ceil(milliseconds)}`);
}

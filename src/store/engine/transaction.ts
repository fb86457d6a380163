import type { PoolClient } from "pg";
import type { EntityManager, EntityTarget, ObjectLiteral, QueryRunner } from "typeorm";
import type { Database } from "./database";
import { afterCommitWasSent, beforeCommit } from "./outage";
import { type Reader, rowsOf } from "./statement";

/** What the store writes through. Commands pass it on and never look inside. */
export interface Transaction extends Reader {
  manager: EntityManager;
  /** Runs a part that can be taken back alone: when it throws, everything before it stands. */
  savepoint<Result>(part: () => Promise<Result>): Promise<Result>;
}

/**
 * Runs `work` in one transaction: committed when it returns, rolled back when it throws. A connection that breaks before
 * COMMIT is sent is Unavailable; one that breaks afterwards leaves open whether the change stands, and the error says so.
 * `isRepeatable`: the same work may run again at any time, so that nobody has to be told.
 */
export async function inTransaction<Result>(
  database: Database,
  work: (transaction: Transaction) => Promise<Result>,
  { isRepeatable = false } = {},
): Promise<Result> {
  const runner = database.dataSource.createQueryRunner();
  let isBroken = false;
  let isSent = false;
  const onBreak = () => {
    isBroken = true;
  };
  const commit = async () => {
    if (isBroken) throw new Error("The connection broke before the commit.");
    if (!isRepeatable) database.beginCommit();
    isSent = true;
    await runner.commitTransaction();
  };
  let client: PoolClient | undefined;
  try {
    const connection: PoolClient = await runner.connect();
    client = connection.once("error", onBreak).once("end", onBreak);
    const transaction: Transaction = {
      manager: runner.manager,
      rows: (statement, values) => rowsOf(connection, statement, values),
      savepoint: (part) => atomically(runner, part, () => runner.commitTransaction()),
    };
    return await database.cancellable(connection, () => atomically(runner, () => work(transaction), commit));
  } catch (error) {
    throw isSent && !isRepeatable ? afterCommitWasSent(error) : beforeCommit(error, isBroken);
  } finally {
    client?.off("error", onBreak).off("end", onBreak);
    await runner.release();
  }
}

/** For work that is one statement, and by that a transaction already: it waits for no other round trip. */
export function asTransaction(database: Database): Transaction {
  return {
    manager: database.dataSource.manager,
    rows: (statement, values) => database.write(statement, values),
    savepoint: (part) => part(),
  };
}

/** Inserts rows in one statement. The application makes every id and value, so nothing is read back. */
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

// TypeORM opens a savepoint where a transaction is open already, and releases it where this commits.
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
    // A connection that is gone cannot roll back; the first error is the one that tells why.
    await runner.rollbackTransaction().catch(() => undefined);
    throw error;
  }
}

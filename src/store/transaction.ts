import type { PoolClient } from "pg";
import type { EntityManager, EntityTarget, ObjectLiteral, QueryRunner } from "typeorm";
import { type Database } from "./database";
import { type Reader, rowsOf } from "./statement";

/** What the store writes through. Commands pass it on and never look inside. */
export interface Transaction extends Reader {
  manager: EntityManager;
  /** Runs a part that can be taken back alone: when it throws, everything before it stands. */
  savepoint<Result>(part: () => Promise<Result>): Promise<Result>;
}

/** Runs `work` in one transaction: committed when it returns, rolled back when it throws. */
export async function inTransaction<Result>(
  database: Database,
  work: (transaction: Transaction) => Promise<Result>,
): Promise<Result> {
  const runner = database.dataSource.createQueryRunner();
  try {
    const client: PoolClient = await runner.connect();
    const transaction: Transaction = {
      manager: runner.manager,
      rows: (statement, values) => rowsOf(client, statement, values),
      savepoint: (part) => atomically(runner, part),
    };
    return await database.cancellable(client, () => atomically(runner, () => work(transaction)));
  } finally {
    await runner.release();
  }
}

/** For work that is one statement, and by that a transaction already: it waits for no other round trip. */
export function asTransaction(database: Database): Transaction {
  return {
    manager: database.dataSource.manager,
    rows: (statement, values) => database.rows(statement, values),
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

// TypeORM opens a savepoint where a transaction is open already.
async function atomically<Result>(runner: QueryRunner, part: () => Promise<Result>): Promise<Result> {
  await runner.startTransaction();
  try {
    const result = await part();
    await runner.commitTransaction();
    return result;
  } catch (error) {
    // A connection that is gone cannot roll back; the first error is the one that tells why.
    await runner.rollbackTransaction().catch(() => undefined);
    throw error;
  }
}

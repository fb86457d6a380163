import type { QueryRunner } from "typeorm";

/** How long a statement waits for a lock. The writers behind it wait as long. */
const LOCK_TIMEOUT = "200ms";
/** How long a statement runs once several tables are locked. */
const LOCKED_TIMEOUT = "500ms";
/** A lock that was not available in time, by the limit of locks or of statements; a deadlock with a request. */
const TOO_LATE = ["55P03", "57014", "40P01"];
const ATTEMPTS = 1_000;
const PAUSE_MS = 500;

/**
 * Runs statements that lock tables in one transaction, for migrations that set `transaction = false`. A statement that
 * waits for a lock makes all later writes wait behind it. So it gives up soon and tries again.
 */
export async function withShortLocks(runner: QueryRunner, statements: readonly string[]): Promise<void> {
  await unlessTooLate(runner, async () => {
    for (const statement of statements) await runner.query(statement);
  });
}

async function unlessTooLate<Result>(runner: QueryRunner, work: () => Promise<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt++) {
    try {
      await runner.startTransaction();
      await runner.query(`SET LOCAL lock_timeout = '${LOCK_TIMEOUT}'`);
      const result = await work();
      await runner.commitTransaction();
      return result;
    } catch (error) {
      await runner.rollbackTransaction();
      if (!TOO_LATE.includes((error as { code?: string }).code ?? "") || attempt === ATTEMPTS) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}

/**
 * Locks several tables within one limit: the first wait for the last. The lock on organizations comes first, because each
 * change holds one there from its beginning. Behind the other locks, a change that has one of these tables and wants
 * another would wait for the migration, and the migration for it, until the limit ends both waits at every attempt.
 */
export const lockTables = (tables: string): string[] => [
  "LOCK TABLE organization IN EXCLUSIVE MODE",
  `SET LOCAL statement_timeout = '${LOCK_TIMEOUT}'`,
  `LOCK TABLE ${tables} IN ACCESS EXCLUSIVE MODE`,
  `SET LOCAL statement_timeout = '${LOCKED_TIMEOUT}'`,
];

/**
 * Builds an index while others write, for migrations that set `transaction = false`. A build that was interrupted leaves
 * an invalid index behind, which is dropped first.
 */
export async function createIndexOnline(
  runner: QueryRunner,
  name: string,
  definition: string,
  kind: "" | "UNIQUE" = "",
): Promise<void> {
  const [{ invalid }] = await runner.query(
    "SELECT EXISTS (SELECT FROM pg_index WHERE indexrelid = to_regclass($1) AND NOT indisvalid) AS invalid",
    [name],
  );
  if (invalid) await runner.query(`DROP INDEX CONCURRENTLY ${name}`);
  await runner.query(`CREATE ${kind} INDEX CONCURRENTLY IF NOT EXISTS ${name} ON ${definition}`);
}

const DEADLOCK = "40P01";

/**
 * Runs `batch` with the last id of the batch before, beginning with `first`, until it returns null. A batch that is in a
 * deadlock with a request is repeated.
 */
export async function inBatches(first: string, batch: (after: string) => Promise<string | null>): Promise<void> {
  for (let after: string | null = first, attempt = 1; after !== null; ) {
    try {
      after = await batch(after);
      attempt = 1;
    } catch (error) {
      if ((error as { code?: string }).code !== DEADLOCK || attempt++ === ATTEMPTS) throw error;
    }
  }
}

const FIRST_ID = "00000000-0000-0000-0000-000000000000";

/**
 * Runs a statement that changes the rows of a batch after the id $1, and returns the batch's last id, until there is none.
 * A batch that meets a locked row waits briefly, then rolls back and tries again, so that requests do not wait behind it
 * and PostgreSQL does not end one of them to resolve a deadlock.
 */
export async function fillInBatches(runner: QueryRunner, statement: string): Promise<void> {
  await inBatches(FIRST_ID, (after) =>
    unlessTooLate(runner, async () => {
      const [{ last }] = await runner.query(statement, [after]);
      return last;
    }),
  );
}

import type { Database } from "./engine/database";
import { inTransaction, type Transaction } from "./engine/transaction";

const ensured = new WeakMap<object, Set<string>>();
// Creating or dropping a partition locks the ledger, and records queue behind a waiting lock. So the statement gives up
// after two seconds, for example during a long read, and the caller tries again later.
const LIMIT_LOCK_WAIT = "SET LOCAL lock_timeout = '2s'";

/** Creates the ledger's missing partitions for these months, given by their first days. */
export async function ensureUsagePartitions(database: Database, months: readonly string[]): Promise<void> {
  const known = ensured.get(database.dataSource) ?? new Set<string>();
  ensured.set(database.dataSource, known);
  for (const month of new Set(months)) {
    if (known.has(month)) continue;
    await createPartition(database, month);
    known.add(month);
  }
}

/** Drops the partitions of months that ended before a time. */
export async function dropUsagePartitions(database: Database, before: Date): Promise<void> {
  const rows = await database.rows<{ name: string }>(PARTITIONS, []);
  for (const { name } of rows) {
    const [, year, month] = /^usage_ledger_(\d{4})_(\d{2})$/.exec(name) ?? [];
    if (year && month && new Date(startOfNext(`${year}-${month}-01`)) <= before) {
      await runWithLockTimeout(database, `DROP TABLE IF EXISTS ${name}`);
    }
  }
}

const PARTITIONS = {
  name: "usage-partitions",
  text: "SELECT inhrelid::regclass::text AS name FROM pg_inherits WHERE inhparent = 'usage_ledger'::regclass",
};

async function createPartition(database: Database, month: string): Promise<void> {
  if (!/^\d{4}-\d{2}-01$/.test(month)) throw new Error(`Not the first day of a month: ${month}`);
  const name = `usage_ledger_${month.slice(0, 7).replace("-", "_")}`;
  try {
    await runWithLockTimeout(
      database,
      `CREATE TABLE IF NOT EXISTS ${name} PARTITION OF usage_ledger
        FOR VALUES FROM ('${month}') TO ('${startOfNext(month)}')`,
    );
  } catch (error) {
    // Another process may have created the same partition at the same time.
    const { code } = error as { code?: string };
    if (code !== "42P07" && code !== "23505") throw error;
  }
}

async function runWithLockTimeout(database: Database, statement: string): Promise<void> {
  const run = async ({ manager }: Transaction) => {
    await manager.query(LIMIT_LOCK_WAIT);
    await manager.query(statement);
  };
  await inTransaction(database, run, { isRepeatable: true });
}

function startOfNext(month: string): string {
  const [year = 0, number = 0] = month.split("-").map(Number);
  return new Date(Date.UTC(year, number, 1)).toISOString().slice(0, 10);
}

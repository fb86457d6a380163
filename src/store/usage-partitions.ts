import type { Database } from "./database";

const MONTH = /^\d{4}-\d{2}$/;
const ensured = new WeakMap<object, Set<string>>();

/** Makes the ledger's partitions for the months of these moments, where they are missing. */
export async function ensureUsagePartitions(database: Database, moments: readonly Date[]): Promise<void> {
  const known = ensured.get(database.dataSource) ?? new Set<string>();
  ensured.set(database.dataSource, known);
  const months = new Set(moments.map((moment) => moment.toISOString().slice(0, 7)));
  for (const month of months) {
    if (known.has(month)) continue;
    await createPartition(database, month);
    known.add(month);
  }
}

/** Drops partitions whose every record is older than `before`. */
export async function dropUsagePartitions(database: Database, before: Date): Promise<void> {
  const rows = await database.rows<{ name: string }>(PARTITIONS, []);
  for (const { name } of rows) {
    const [, year, month] = /^usage_record_(\d{4})_(\d{2})$/.exec(name) ?? [];
    if (year && month && startOfNext(`${year}-${month}`) <= before) {
      await database.dataSource.query(`DROP TABLE IF EXISTS ${name}`);
    }
  }
}

const PARTITIONS = {
  name: "usage-partitions",
  text: "SELECT inhrelid::regclass::text AS name FROM pg_inherits WHERE inhparent = 'usage_record'::regclass",
};

async function createPartition(database: Database, month: string): Promise<void> {
  if (!MONTH.test(month)) throw new Error(`No month: ${month}`);
  const name = `usage_record_${month.replace("-", "_")}`;
  const statement = `CREATE TABLE IF NOT EXISTS ${name} PARTITION OF usage_record
    FOR VALUES FROM ('${month}-01T00:00:00Z') TO ('${startOfNext(month).toISOString()}')`;
  try {
    await database.dataSource.query(statement);
  } catch (error) {
    // Two processes may make the same one at once; one of them is told that it is there.
    const { code } = error as { code?: string };
    if (code !== "42P07" && code !== "23505") throw error;
  }
}

function startOfNext(month: string): Date {
  const [year = 0, number = 0] = month.split("-").map(Number);
  return new Date(Date.UTC(year, number, 1));
}

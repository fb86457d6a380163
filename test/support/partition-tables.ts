import { Client } from "pg";
import { DISTRIBUTED_TABLES, OLD_KEYS } from "../../src/store/engine/distribution";

const PARTITIONS = 4;

/**
 * Partitioned by month already, and partitions of its own kind are made and dropped while the service runs. Its key has
 * the organization too.
 */
const BY_MONTH = "usage_ledger";

interface Definitions {
  foreignKeys: Array<{ table: string; name: string; definition: string }>;
  constraints: string[];
  indexes: string[];
  triggers: string[];
  settings: string | null;
}

/**
 * Hash-partitions the empty tables of organizations by the organization, with their keys, checks, indexes and triggers.
 * Native partitions obey the rules of a distributed database: a unique key without the organization, a conflict that is
 * looked for by another key, or a row that changes its organization is refused.
 */
export async function partitionTables(url: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const tables = Object.entries(DISTRIBUTED_TABLES).filter(([table]) => table !== BY_MONTH);
    const foreignKeys = await foreignKeysOf(client, Object.keys(DISTRIBUTED_TABLES));
    for (const { table, name } of foreignKeys) await client.query(`ALTER TABLE ${table} DROP CONSTRAINT ${name}`);
    for (const [table, column] of tables) await partition(client, table, column);
    for (const { table, name, definition } of foreignKeys) {
      await client.query(`ALTER TABLE ${table} ADD CONSTRAINT ${name} ${definition}`);
    }
  } finally {
    await client.end();
  }
}

async function foreignKeysOf(client: Client, tables: readonly string[]): Promise<Definitions["foreignKeys"]> {
  const { rows } = await client.query(
    `SELECT conrelid::regclass::text AS table, conname AS name, pg_get_constraintdef(oid) AS definition
    FROM pg_constraint WHERE contype = 'f' AND conparentid = 0
      AND (conrelid::regclass::text = ANY ($1) OR confrelid::regclass::text = ANY ($1)) ORDER BY 1, 2`,
    [tables],
  );
  return rows;
}

async function partition(client: Client, table: string, column: string): Promise<void> {
  const { constraints, indexes, triggers, settings } = await definitionsOf(client, table);
  await client.query(`CREATE TEMP TABLE columns (LIKE ${table} INCLUDING DEFAULTS INCLUDING CONSTRAINTS)`);
  await client.query(`DROP TABLE ${table}`);
  await client.query(
    `CREATE TABLE ${table} (LIKE columns INCLUDING DEFAULTS INCLUDING CONSTRAINTS) PARTITION BY HASH (${column})`,
  );
  for (let remainder = 0; remainder < PARTITIONS; remainder++) {
    await client.query(
      `CREATE TABLE ${table}_p${remainder} PARTITION OF ${table}
        FOR VALUES WITH (MODULUS ${PARTITIONS}, REMAINDER ${remainder}) ${settings ? `WITH (${settings})` : ""}`,
    );
  }
  for (const statement of [...constraints, ...indexes, ...triggers]) await client.query(statement);
  await nameIndexes(client, table);
  await client.query("DROP TABLE columns");
}

async function definitionsOf(client: Client, table: string): Promise<Omit<Definitions, "foreignKeys">> {
  const { rows } = await client.query(
    `SELECT array_to_string(reloptions, ', ') AS settings,
      ARRAY(SELECT format('ALTER TABLE %s ADD CONSTRAINT %I %s', $1::text, conname, pg_get_constraintdef(oid))
        FROM pg_constraint WHERE conrelid = c.oid AND contype IN ('p', 'u')) AS constraints,
      ARRAY(SELECT pg_get_indexdef(indexrelid) FROM pg_index JOIN pg_class i ON i.oid = indexrelid
        WHERE indrelid = c.oid AND i.relname <> ALL ($2)
          AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid AND contype IN ('p', 'u'))) AS indexes,
      ARRAY(SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE tgrelid = c.oid AND NOT tgisinternal) AS triggers
    FROM pg_class c WHERE c.oid = $1::regclass`,
    [table, OLD_KEYS],
  );
  return rows[0];
}

/** Errors name the index of a partition. Its name begins with that of the table's index. */
async function nameIndexes(client: Client, table: string): Promise<void> {
  const { rows } = await client.query(
    `SELECT format('ALTER INDEX %I RENAME TO %I', part.relname, left(whole.relname, 60) || right(t.relname, 3)) AS rename
    FROM pg_inherits h JOIN pg_class part ON part.oid = h.inhrelid JOIN pg_class whole ON whole.oid = h.inhparent
    JOIN pg_index i ON i.indexrelid = part.oid JOIN pg_class t ON t.oid = i.indrelid
    JOIN pg_index w ON w.indexrelid = whole.oid WHERE w.indrelid = $1::regclass`,
    [table],
  );
  for (const { rename } of rows) await client.query(rename);
}

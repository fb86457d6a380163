import type { QueryRunner } from "typeorm";
import { createIndexOnline, lockTables, withShortLocks } from "./online";

/** A table's new primary key, and the foreign keys that refer to it. */
export interface NewKey {
  table: string;
  columns: string;
  /** Constraints of this table that the key replaces. */
  replaces?: readonly string[];
  /** The replacements of constraints, by "table.constraint". */
  references?: Readonly<Record<string, string>>;
}

/**
 * Replaces a primary key while others write: the index is built first, and exchanging the constraints takes no longer than
 * the lock. Foreign keys are checked for new rows at once, for earlier ones afterwards. May be repeated after a failure.
 */
export async function replaceKey(
  runner: QueryRunner,
  { table, columns, replaces = [], references = {} }: NewKey,
): Promise<void> {
  const name = `${table}_pkey`;
  const [key] = await runner.query(
    "SELECT pg_get_constraintdef(oid) AS definition FROM pg_constraint WHERE conname = $1 AND conrelid = $2::regclass",
    [name, table],
  );
  if (key?.definition !== `PRIMARY KEY (${columns})`) {
    const index = `${table}_new_key`;
    await createIndexOnline(runner, index, `${table} (${columns})`, "UNIQUE");
    const foreign = Object.entries(references).map(([place, definition]) => [...place.split("."), definition]);
    const tables = [...new Set([...foreign.map(([child]) => child), table])].join(", ");
    await withShortLocks(runner, [
      ...lockTables(tables),
      ...foreign.map(([child, constraint]) => `ALTER TABLE ${child} DROP CONSTRAINT IF EXISTS ${constraint}`),
      ...[...replaces, name].map((constraint) => `ALTER TABLE ${table} DROP CONSTRAINT IF EXISTS ${constraint}`),
      `ALTER TABLE ${table} ADD CONSTRAINT ${name} PRIMARY KEY USING INDEX ${index}`,
      ...foreign.map(([child, , definition]) => `ALTER TABLE ${child} ADD CONSTRAINT ${definition} NOT VALID`),
    ]);
  }
  await validate(runner, table);
}

/** Replaces the primary key of the ledger and of its partitions, as `replaceKey` does for other tables. */
export async function replaceUsageKey(runner: QueryRunner, columns: string): Promise<void> {
  const partitions: Array<{ name: string }> = await runner.query(
    "SELECT inhrelid::regclass::text AS name FROM pg_inherits WHERE inhparent = 'usage_ledger'::regclass",
  );
  for (const { name } of partitions) await createIndexOnline(runner, `${name}_new_key`, `${name} ${columns}`, "UNIQUE");
  // Partitions take part with the indexes that they have.
  await withShortLocks(runner, [
    ...lockTables("usage_ledger"),
    "ALTER TABLE usage_ledger DROP CONSTRAINT IF EXISTS usage_ledger_pkey",
    ...partitions.map(
      ({ name }) => `ALTER TABLE ${name} ADD CONSTRAINT ${name}_pkey PRIMARY KEY USING INDEX ${name}_new_key`,
    ),
    `ALTER TABLE usage_ledger ADD CONSTRAINT usage_ledger_pkey PRIMARY KEY ${columns}`,
  ]);
}

/** Checks earlier rows against the foreign keys to a table. */
async function validate(runner: QueryRunner, table: string): Promise<void> {
  const constraints: Array<{ child: string; name: string }> = await runner.query(
    `SELECT conrelid::regclass::text AS child, conname AS name FROM pg_constraint
    WHERE confrelid = $1::regclass AND contype = 'f' AND NOT convalidated`,
    [table],
  );
  for (const { child, name } of constraints) await runner.query(`ALTER TABLE ${child} VALIDATE CONSTRAINT ${name}`);
}

/** Declares a filled column NOT NULL without reading the table under the lock. */
export async function forbidNulls(runner: QueryRunner, table: string, column: string): Promise<void> {
  const check = `${table}_${column}_filled`;
  await withShortLocks(runner, [
    `ALTER TABLE ${table} DROP CONSTRAINT IF EXISTS ${check}`,
    `ALTER TABLE ${table} ADD CONSTRAINT ${check} CHECK (${column} IS NOT NULL) NOT VALID`,
  ]);
  await runner.query(`ALTER TABLE ${table} VALIDATE CONSTRAINT ${check}`);
  await withShortLocks(runner, [
    `ALTER TABLE ${table} ALTER COLUMN ${column} SET NOT NULL`,
    `ALTER TABLE ${table} DROP CONSTRAINT ${check}`,
  ]);
}

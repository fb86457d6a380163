import {
  ADD_DIRECTORIES,
  DISTRIBUTED_TABLES,
  FILL_DIRECTORIES,
  LOCAL_TABLES,
  OLD_KEYS,
  OLD_TRIGGERS,
  REFERENCE_TABLES,
  UNFINISHED_SCHEMA,
} from "./distribution";
import { TRIGGERS_ON_NODES } from "./distribution-triggers";

/** A foreign key or a trigger, with the statement that creates it. */
export interface Part {
  table: string;
  name: string;
  definition: string;
}

/** What the plan depends on. */
export interface Catalog {
  /** All tables but partitions, which go with their table. */
  tables: readonly string[];
  /** The tables that are on the workers already, as distributed or reference tables. */
  placed: readonly string[];
  /** Whether the directories are filled. */
  hasDirectories: boolean;
  foreignKeys: readonly Part[];
  triggers: readonly Part[];
  /** What a run that did not end has taken away; null if there was none. */
  dropped: readonly Part[] | null;
  indexes: readonly string[];
}

/** Statements of one transaction, and what they do. */
export interface Step {
  title: string;
  statements: readonly string[];
}

/** Where foreign keys and triggers are kept while the tables have none. */
export const KEPT = `${UNFINISHED_SCHEMA}.part`;

/**
 * The steps from a database, whether no run or a part of one has been there, to a distributed one. Empty if nothing is left
 * to do. Throws for a table whose place is not known: it would stay on the coordinator unnoticed.
 */
export function planOf(catalog: Catalog): Step[] {
  const distributed = Object.entries(DISTRIBUTED_TABLES);
  const places = [...distributed.map(([table]) => table), ...REFERENCE_TABLES];
  assertPlaced(catalog.tables, places);
  const left = places.filter((table) => !catalog.placed.includes(table));
  if (left.length === 0 && catalog.dropped === null) return directoriesOf(catalog);
  const isTaken = ({ table, name }: Part) => left.length > 0 && places.includes(table) && !isOld(name);
  const foreignKeys = catalog.foreignKeys.filter(isTaken);
  const triggers = catalog.triggers.filter(isTaken);
  return [
    ...takeAway(foreignKeys, triggers),
    ...oldOf(catalog),
    ...directoriesOf(catalog),
    { title: "Let triggers write the rows of their own node", statements: TRIGGERS_ON_NODES },
    ...REFERENCE_TABLES.filter((table) => left.includes(table)).map(copy),
    ...distributed.filter(([table]) => left.includes(table)).map(([table, column]) => distribute(table, column)),
    ...[...foreignKeys, ...triggers, ...(catalog.dropped ?? [])].map(addAgain),
    { title: "Finish", statements: [`DROP SCHEMA ${UNFINISHED_SCHEMA} CASCADE`] },
  ];
}

function assertPlaced(tables: readonly string[], places: readonly string[]): void {
  const known: readonly string[] = [...places, ...LOCAL_TABLES];
  const unknown = tables.filter((table) => !known.includes(table));
  if (unknown.length > 0) {
    throw new Error(
      `The place of these tables is not known: ${unknown.join(", ")}. src/store/engine/distribution.ts names it.`,
    );
  }
  const missing = known.filter((table) => !tables.includes(table));
  if (missing.length > 0) throw new Error(`The database lacks these tables: ${missing.join(", ")}.`);
}

const isOld = (name: string) => OLD_TRIGGERS.some((old) => old === name);

/** The rows that are copied to the nodes must not be counted again, nor checked against tables that move later. */
function takeAway(foreignKeys: readonly Part[], triggers: readonly Part[]): Step[] {
  if (foreignKeys.length + triggers.length === 0) return [];
  const begin = [
    `CREATE SCHEMA IF NOT EXISTS ${UNFINISHED_SCHEMA}`,
    `CREATE TABLE IF NOT EXISTS ${KEPT} ("table" text, name text, definition text, PRIMARY KEY ("table", name))`,
  ];
  const keep = [...foreignKeys, ...triggers].map(
    ({ table, name, definition }) =>
      `INSERT INTO ${KEPT} VALUES (${[table, name, definition].map(literal).join(", ")})`,
  );
  const drop = [
    ...foreignKeys.map(({ table, name }) => `ALTER TABLE ${table} DROP CONSTRAINT ${name}`),
    ...triggers.map(({ table, name }) => `DROP TRIGGER ${name} ON ${table}`),
  ];
  const title = `Take away ${foreignKeys.length} foreign keys and ${triggers.length} triggers`;
  return [{ title, statements: [...begin, ...keep, ...drop] }];
}

function oldOf({ indexes, triggers }: Catalog): Step[] {
  const statements = [
    ...OLD_KEYS.filter((name) => indexes.includes(name)).map((name) => `DROP INDEX ${name}`),
    ...triggers.filter(({ name }) => isOld(name)).map(({ table, name }) => `DROP TRIGGER ${name} ON ${table}`),
  ];
  const title = "Drop keys and triggers that replicas of an earlier version need";
  return statements.length > 0 ? [{ title, statements }] : [];
}

function directoriesOf({ hasDirectories }: Catalog): Step[] {
  return hasDirectories
    ? []
    : [{ title: "Fill the directories", statements: [...FILL_DIRECTORIES, ...ADD_DIRECTORIES] }];
}

const copy = (table: string): Step => ({
  title: `Copy ${table} to every node`,
  statements: [`SELECT create_reference_table('${table}')`, ...emptied(table)],
});

const distribute = (table: string, column: string): Step => ({
  title: `Distribute ${table} by ${column}`,
  statements: [
    `SELECT create_distributed_table('${table}', '${column}', colocate_with => '${table === "organization" ? "none" : "organization"}')`,
    ...emptied(table),
  ],
});

/** The rows that were copied to the workers are still on the coordinator's disk. */
const emptied = (table: string) => [`SELECT truncate_local_data_after_distributing_table('${table}')`];

const addAgain = ({ table, name, definition }: Part): Step => ({
  title: `Add ${name} again`,
  statements: [definition, `DELETE FROM ${KEPT} WHERE "table" = ${literal(table)} AND name = ${literal(name)}`],
});

const literal = (text: string) => `'${text.replaceAll("'", "''")}'`;

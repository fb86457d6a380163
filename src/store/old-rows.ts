import { countRemoved } from "../process-metrics";
import type { Reader, Statement } from "./engine/statement";

/** Rows per statement, to bound its locks and its write-ahead log. */
export const BATCH_SIZE = 5_000;

/**
 * SQL that deletes one batch of a table's rows that satisfy a condition, for `deleteOld`. Locked rows are left to the
 * next run, because they are in use or another replica is deleting them.
 *
 * `key` is the primary key of a table whose rows are on several nodes of a distributed database. That skips no locked rows
 * on several nodes, but waits for them.
 */
export function oldRows(
  table: string,
  condition: string,
  { key, returning = "1" }: { key?: readonly string[]; returning?: string } = {},
): Pick<Statement, "text" | "distributed"> {
  const text = `
    DELETE FROM ${table} WHERE ctid = ANY (ARRAY(
      SELECT ctid FROM ${table} WHERE ${condition} LIMIT ${BATCH_SIZE} FOR UPDATE SKIP LOCKED))
      AND ${condition} RETURNING ${returning}`;
  if (key === undefined) return { text };
  const distributed = `
    DELETE FROM ${table} WHERE (${key}) IN (SELECT ${key} FROM ${table} WHERE ${condition} LIMIT ${BATCH_SIZE})
      AND ${condition} RETURNING ${returning}`;
  return { text, distributed };
}

/** Deletes batches until one is not full. */
export async function deleteOld(reader: Reader, statement: Statement, values: readonly unknown[]): Promise<void> {
  for (let removed = BATCH_SIZE; removed === BATCH_SIZE; ) {
    removed = (await reader.rows(statement, values)).length;
    countRemoved(statement.name, removed);
  }
}

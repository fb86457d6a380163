import type { ClientBase, Pool } from "pg";

/** A named statement: parsed and planned once per connection. The name is unique within the service. */
export interface Statement {
  name: string;
  text: string;
  /** A read of a few indexed rows, harmless to repeat: outside transactions it is sent down the pipeline. */
  isShortRead?: true;
  /** Planned with its values each time, because they decide about the plan; never together with `isShortRead`. */
  isPlannedAnew?: true;
}

/** Something that answers statements: the pool, or the connection of a transaction. */
export interface Reader {
  rows<Row>(statement: Statement, values: readonly unknown[]): Promise<Row[]>;
}

/** Runs a statement by its name. */
export async function rowsOf<Row>(
  connection: Pool | ClientBase,
  statement: Statement,
  values: readonly unknown[],
): Promise<Row[]> {
  const { name, text, isPlannedAnew } = statement;
  const result = await connection.query({ ...(!isPlannedAnew && { name }), text, values: values as unknown[] });
  return result.rows as Row[];
}

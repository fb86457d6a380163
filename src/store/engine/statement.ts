import type { ClientBase, Pool, QueryConfig } from "pg";
import type { Span } from "../../tracing/span";
import { DatabaseClient } from "./connection";

/** A prepared statement: parsed once per connection. The name is unique within the service. */
export interface Statement {
  name: string;
  text: string;
  /** The text for a distributed database, where Citus refuses `text`. Absent: `text` runs there too. */
  distributed?: string;
  /** A read of a few rows by an index, which may be repeated. Outside transactions it runs through the pipeline. */
  isShortRead?: true;
  /**
   * The statement is planned again for each set of values, because the best plan depends on them. Excludes
   * `isShortRead`.
   */
  isPlannedAnew?: true;
  /**
   * Lets a standby run it for a person's query, once the standby has replayed enough: `everything` that was committed
   * before, or the events of the organizations in the parameter with the index `logsIn`, if all rows that it reads
   * change only together with their events. Absent: the primary runs it, as it does for rows that decide what the
   * viewer may do.
   */
  onStandby?: "everything" | { logsIn: number };
  /**
   * How a distributed database finds the nodes of a statement that names no organization: a directory returns the
   * organizations of the keys in the parameter with the number `parameter`, and `statement` gets them after the other
   * values. `located` in directories.ts declares it.
   */
  located?: { directory: Directory; parameter: number; statement: Statement };
}

/**
 * What a directory finds the organizations of: people or workspaces by id, and invitations by their id, by their address,
 * or by the id of the person who has the address.
 */
export type Directory = "person" | "workspace" | "invitation" | "address" | "addressee";

/** The two ways to lock a row: `free` skips one that somebody else has locked, `waiting` waits for it. */
export interface LockStatements {
  free: Statement;
  waiting: Statement;
}

/** Runs statements: on the pool, or on the connection of a transaction. */
export interface Reader {
  rows<Row>(statement: Statement, values: readonly unknown[]): Promise<Row[]>;
}

/** A reader whose statements belong to a span; null: to none. */
export interface TracedReader extends Reader {
  readonly span: Span | null;
  /** Returns the same reader within another span. */
  withSpan(span: Span): TracedReader;
}

/** Runs a statement on one connection. */
export async function rowsOf<Row>(
  connection: Pool | ClientBase,
  statement: Statement,
  values: readonly unknown[],
): Promise<Row[]> {
  const { name, isPlannedAnew } = statement;
  const isDistributed = connection instanceof DatabaseClient && connection.isDistributed;
  const isNamed = !(isPlannedAnew || (connection instanceof DatabaseClient && !connection.namesStatements));
  const result = await connection.query({
    ...(isNamed && { name }),
    text: isDistributed ? (statement.distributed ?? statement.text) : statement.text,
    values: values as unknown[],
    statement: name,
  } as QueryConfig);
  return result.rows as Row[];
}

import type { ClientBase, Pool } from "pg";
import type { DataSource } from "typeorm";
import { createDataSource } from "./data-source";
import { Pipeline } from "./pipeline";

/** A named statement: parsed and planned once per connection. The name is unique within the service. */
export interface Statement {
  name: string;
  text: string;
  /** A read of a few indexed rows, harmless to repeat: outside transactions it is sent down the pipeline. */
  isShortRead?: true;
}

/** Something that answers statements: the pool, or the connection of a transaction. */
export interface Reader {
  rows<Row>(statement: Statement, values: readonly unknown[]): Promise<Row[]>;
}

/** The connections to PostgreSQL. Reads go straight to `pg`, pipelined; TypeORM carries migrations and writes. */
export interface Database extends Reader {
  dataSource: DataSource;
  /** Counts every statement that went over the wire since the start, for the metrics. */
  statements(): number;
  close(): Promise<void>;
}

/** Connects. `connections` bounds the pool; measured, 5 to 10 serve best on two cores. */
export async function openDatabase(url: string, connections = 10): Promise<Database> {
  let count = 0;
  const dataSource = createDataSource(url, connections, () => count++);
  await dataSource.initialize();
  const pool = poolOf(dataSource);
  const pipeline = new Pipeline(url, pool, () => count++);
  await pipeline.open();
  return {
    dataSource,
    rows: (statement, values) =>
      statement.isShortRead ? pipeline.rows(statement, values) : rowsOf(pool, statement, values),
    statements: () => count,
    close: async () => {
      await pipeline.close();
      await dataSource.destroy();
    },
  };
}

/** Runs a statement by its name. */
export async function rowsOf<Row>(
  connection: Pool | ClientBase,
  statement: Statement,
  values: readonly unknown[],
): Promise<Row[]> {
  const { name, text } = statement;
  const result = await connection.query({ name, text, values: values as unknown[] });
  return result.rows as Row[];
}

/** TypeORM's PostgreSQL driver holds the pool as an untyped property. */
function poolOf(dataSource: DataSource): Pool {
  return (dataSource.driver as unknown as { master: Pool }).master;
}

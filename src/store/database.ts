import { type ClientBase, DatabaseError, type Pool, type PoolClient } from "pg";
import type { DataSource } from "typeorm";
import { createDataSource } from "./data-source";
import { Deadline } from "./deadline";
import { Pipeline } from "./pipeline";
import { type Reader, rowsOf, type Statement } from "./statement";

/** The connections to PostgreSQL. Reads go straight to `pg`, pipelined; TypeORM carries migrations and writes. */
export interface Database extends Reader {
  dataSource: DataSource;
  /** The same database for one operation: what it runs is cancelled at its deadline. */
  until(deadline: Deadline): Database;
  /** Runs `work` so that its connection's statements are cancelled at the deadline, where there is one. */
  cancellable<Result>(client: ClientBase, work: () => Promise<Result>): Promise<Result>;
  /** Counts every statement that went over the wire since the start, for the metrics. */
  statements(): number;
  close(): Promise<void>;
}

/** Reads that end within so many milliseconds each: for whoever reads on and on, and must not wait for one for ever. */
export function readingWithin(database: Database, milliseconds: number): Reader {
  return {
    rows: (statement, values) => {
      const deadline = new Deadline(milliseconds);
      return deadline.limit(database.until(deadline).rows(statement, values));
    },
  };
}

/** Connects. `connections` bounds the pool; measured, 5 to 10 serve best on two cores. */
export async function openDatabase(url: string, connections = 10): Promise<Database> {
  let count = 0;
  const dataSource = createDataSource(url, connections, () => count++);
  await dataSource.initialize();
  const pool = poolOf(dataSource);
  const pipeline = new Pipeline({
    url,
    onStatement: () => count++,
    stop: (processId) => {
      pool.query("SELECT pg_terminate_backend($1)", [processId]).catch(() => undefined);
    },
  });
  await pipeline.open();

  function database(deadline: Deadline | null): Database {
    const cancellable: Database["cancellable"] = (client, work) =>
      deadline ? cancelledAt(deadline, client, pool, work) : work();
    const pooled = <Row>(statement: Statement, values: readonly unknown[]) =>
      onConnection(pool, (client) => cancellable(client, () => rowsOf<Row>(client, statement, values)));
    return {
      dataSource,
      until: (given) => database(given),
      cancellable,
      rows: async (statement, values) => {
        deadline?.assert();
        return await (statement.isShortRead ? pipeline.rows(statement, values, pooled) : pooled(statement, values));
      },
      statements: () => count,
      close: async () => {
        await pipeline.close();
        await dataSource.destroy();
      },
    };
  }
  return database(null);
}

async function onConnection<Result>(pool: Pool, work: (client: PoolClient) => Promise<Result>): Promise<Result> {
  const client = await pool.connect();
  let broken = false;
  try {
    return await work(client);
  } catch (error) {
    broken = !(error instanceof DatabaseError) || error.severity === "FATAL";
    throw error;
  } finally {
    client.release(broken);
  }
}

/** The connection goes on to others only after a cancellation has arrived, or theirs would be cancelled. */
async function cancelledAt<Result>(
  deadline: Deadline,
  client: ClientBase,
  pool: Pool,
  work: () => Promise<Result>,
): Promise<Result> {
  deadline.assert();
  let cancelling: Promise<unknown> | undefined;
  const { processID } = client as ClientBase & { processID: number };
  const forget = deadline.onEnd(() => {
    cancelling = pool.query("SELECT pg_cancel_backend($1)", [processID]).catch(() => undefined);
  });
  try {
    return await work();
  } finally {
    forget();
    await cancelling;
  }
}

/** TypeORM's PostgreSQL driver holds the pool as an untyped property. */
function poolOf(dataSource: DataSource): Pool {
  return (dataSource.driver as unknown as { master: Pool }).master;
}

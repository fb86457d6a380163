import { type ClientBase, DatabaseError, type Pool, type PoolClient } from "pg";
import type { DataSource } from "typeorm";
import { createDataSource } from "./data-source";
import { Deadline } from "./deadline";
import { afterCommitWasSent, beforeCommit } from "./outage";
import { Pipeline } from "./pipeline";
import { type Reader, rowsOf, type Statement } from "./statement";

/** The connections to PostgreSQL. Reads use `pg` directly, pipelined; migrations and writes use TypeORM. */
export interface Database extends Reader {
  dataSource: DataSource;
  /** Runs a statement that writes and commits by itself. If the connection breaks, the error says that it may have happened. */
  write<Row>(statement: Statement, values: readonly unknown[]): Promise<Row[]>;
  /** Must be called before COMMIT is sent. Throws DEADLINE_EXCEEDED after the deadline. */
  beginCommit(): void;
  /** The same database for one operation; its statements are cancelled at the deadline. */
  withDeadline(deadline: Deadline): Database;
  /** Runs `work`, and cancels the connection's running statement at the deadline, if there is one. */
  cancellable<Result>(client: ClientBase, work: () => Promise<Result>): Promise<Result>;
  /** The number of statements sent since the start, for the metrics. */
  statementCount(): number;
  close(): Promise<void>;
}

/** A reader with a timeout per statement, for background loops. */
export function withStatementTimeout(database: Database, milliseconds: number): Reader {
  return {
    rows: (statement, values) => {
      const deadline = new Deadline(milliseconds);
      return deadline.limit(database.withDeadline(deadline).rows(statement, values));
    },
  };
}

/** Connects. `connections` is the pool's size: 5 to 10 measured fastest on two cores. */
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
  return new PooledDatabase({ dataSource, pool, pipeline, count: () => count }, null);
}

interface Connections {
  dataSource: DataSource;
  pool: Pool;
  pipeline: Pipeline;
  count(): number;
}

/** A class, because each operation makes one: methods on a prototype cost less than closures. */
class PooledDatabase implements Database {
  constructor(
    private readonly connections: Connections,
    private readonly deadline: Deadline | null,
  ) {}

  get dataSource(): DataSource {
    return this.connections.dataSource;
  }

  withDeadline(deadline: Deadline): Database {
    return new PooledDatabase(this.connections, deadline);
  }

  async rows<Row>(statement: Statement, values: readonly unknown[]): Promise<Row[]> {
    this.deadline?.assert();
    try {
      if (!statement.isShortRead) return await this.pooled<Row>(statement, values);
      return await this.connections.pipeline.rows<Row>(statement, values, (retried, same) =>
        this.pooled(retried, same),
      );
    } catch (error) {
      throw beforeCommit(error);
    }
  }

  async write<Row>(statement: Statement, values: readonly unknown[]): Promise<Row[]> {
    this.deadline?.assert();
    let isSent = false;
    const send = async (client: PoolClient) => {
      this.beginCommit();
      isSent = true;
      return await rowsOf<Row>(client, statement, values);
    };
    try {
      return await onConnection(this.connections.pool, (client) => this.cancellable(client, () => send(client)));
    } catch (error) {
      throw isSent ? afterCommitWasSent(error) : beforeCommit(error);
    }
  }

  beginCommit(): void {
    this.deadline?.beginCommit();
  }

  cancellable<Result>(client: ClientBase, work: () => Promise<Result>): Promise<Result> {
    return this.deadline ? cancelledAt(this.deadline, client, this.connections.pool, work) : work();
  }

  statementCount(): number {
    return this.connections.count();
  }

  async close(): Promise<void> {
    await this.connections.pipeline.close();
    await this.connections.dataSource.destroy();
  }

  private pooled<Row>(statement: Statement, values: readonly unknown[]): Promise<Row[]> {
    return onConnection(this.connections.pool, (client) =>
      this.cancellable(client, () => rowsOf<Row>(client, statement, values)),
    );
  }
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

/** Waits for a cancellation before the connection returns to the pool, or it would cancel the next statement on it. */
async function cancelledAt<Result>(
  deadline: Deadline,
  client: ClientBase,
  pool: Pool,
  work: () => Promise<Result>,
): Promise<Result> {
  deadline.assert();
  let cancelling: Promise<unknown> | undefined;
  const { processID } = client as ClientBase & { processID: number };
  const removeListener = deadline.onEnd(() => {
    cancelling = pool.query("SELECT pg_cancel_backend($1)", [processID]).catch(() => undefined);
  });
  try {
    return await work();
  } finally {
    removeListener();
    await cancelling;
  }
}

/** TypeORM's PostgreSQL driver holds the pool as an untyped property. */
function poolOf(dataSource: DataSource): Pool {
  return (dataSource.driver as unknown as { master: Pool }).master;
}

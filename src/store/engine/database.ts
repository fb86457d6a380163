import { type ClientBase, DatabaseError, type Pool, type PoolClient } from "pg";
import type { DataSource } from "typeorm";
import { BACKGROUND_STATEMENT_MS, CUT_AFTER_MS, DatabaseClient } from "./connection";
import { ConnectionWatch } from "./connection-watch";
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
  /** The deadline of the operation that this database is for; null: none. */
  readonly deadline: Deadline | null;
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
  const onStatement = () => {
    count += 1;
  };
  const registry = new ConnectionWatch({ url, isPooled: false });
  const dataSource = createDataSource(url, connections, {
    statementMs: BACKGROUND_STATEMENT_MS,
    onStatement,
    registry,
  });
  await dataSource.initialize();
  const pool = poolOf(dataSource);
  const pipeline = new Pipeline({ url, onStatement, registry });
  await pipeline.open();
  return new PooledDatabase({ dataSource, pool, pipeline, registry, count: () => count }, null);
}

interface Connections {
  dataSource: DataSource;
  pool: Pool;
  pipeline: Pipeline;
  registry: ConnectionWatch;
  count(): number;
}

/** A class, because each operation makes one: methods on a prototype cost less than closures. */
class PooledDatabase implements Database {
  constructor(
    private readonly connections: Connections,
    readonly deadline: Deadline | null,
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
    return this.deadline ? cancelledAt(this.deadline, client, work) : work();
  }

  statementCount(): number {
    return this.connections.count();
  }

  async close(): Promise<void> {
    await this.connections.pipeline.close();
    await this.connections.dataSource.destroy();
    this.connections.registry.close();
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

/** Cancels the statement at the deadline. If that brings nothing, the server is gone, and the connection is cut. */
async function cancelledAt<Result>(
  deadline: Deadline,
  client: ClientBase,
  work: () => Promise<Result>,
): Promise<Result> {
  deadline.assert();
  if (!(client instanceof DatabaseClient))
    throw new Error("Only connections of the service's own kind can be cancelled.");
  let timer: NodeJS.Timeout | undefined;
  const removeListener = deadline.onEnd(() => {
    timer = setTimeout(() => client.cut(), CUT_AFTER_MS);
    void client.cancel();
  });
  try {
    return await work();
  } finally {
    removeListener();
    if (timer) client.retire();
    clearTimeout(timer);
  }
}

/** TypeORM's PostgreSQL driver holds the pool as an untyped property. */
function poolOf(dataSource: DataSource): Pool {
  return (dataSource.driver as unknown as { master: Pool }).master;
}

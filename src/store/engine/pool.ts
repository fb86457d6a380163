import { type ClientBase, DatabaseError, Pool, type PoolClient } from "pg";
import type { Span } from "../../tracing/span";
import { type ConnectionOptions, CUT_AFTER_MS, DatabaseClient } from "./connection";
import type { Deadline } from "./deadline";

/**
 * A pool of the service's own connections, outside TypeORM. The wait for a free one has no limit, because
 * graphile-worker has no handler for that error when it stops. graphile-worker requires both listeners.
 */
export function openPool(
  url: string,
  connections: number,
  options: ConnectionOptions,
  onError: (error: Error) => void = () => undefined,
): Pool {
  const pool = new Pool({
    connectionString: url,
    max: connections,
    Client: DatabaseClient,
    ...options,
  });
  pool.on("error", onError);
  pool.on("connect", (client) => client.on("error", onError));
  return pool;
}

/** Runs `work` on a connection of the pool, and returns the connection unless it broke. */
export async function onConnection<Result>(
  pool: Pool,
  span: Span | null,
  work: (client: PoolClient) => Promise<Result>,
): Promise<Result> {
  const client = await pool.connect();
  let broken = false;
  traceAs(client, span);
  try {
    return await work(client);
  } catch (error) {
    broken = !(error instanceof DatabaseError) || error.severity === "FATAL";
    throw error;
  } finally {
    traceAs(client, null);
    client.release(broken);
  }
}

/** Assigns the statements of a pooled connection to a span. Pass null before the connection is returned. */
export function traceAs(client: ClientBase, span: Span | null): void {
  if (client instanceof DatabaseClient) client.traceAs(span);
}

/** Cancels the statement at the deadline. If that has no effect, the server is gone and the connection is cut. */
export async function cancelledAt<Result>(
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

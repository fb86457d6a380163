import { Pool } from "pg";
import { type ConnectionOptions, DatabaseClient } from "./connection";

/**
 * A pool of the service's own connections, outside TypeORM. Waiting for a free one has no limit, because graphile-worker
 * waits without a handler for that error when it stops. It insists on both listeners.
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

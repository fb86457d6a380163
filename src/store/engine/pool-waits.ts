import type { Pool, PoolClient } from "pg";
import type { DataSource } from "typeorm";
import { poolWaits } from "../../process-metrics";

/** TypeORM's PostgreSQL driver holds the pool as an untyped property. */
export function poolOf(dataSource: DataSource): Pool {
  return (dataSource.driver as unknown as { master: Pool }).master;
}

type Callback = (error: Error | undefined, client: PoolClient | undefined, done: (release?: unknown) => void) => void;
type Connect = ((callback: Callback) => void) & (() => Promise<PoolClient>);

/** Measures the waits for connections of the pool. TypeORM connects with a callback, the service with a promise. */
export function measureWaits(pool: Pool): Pool {
  const connect = pool.connect.bind(pool) as Connect;
  const connectLater = async () => {
    const startedAt = performance.now();
    const client = await connect();
    poolWaits.observe((performance.now() - startedAt) / 1000);
    return client;
  };
  const connectFor = (callback: Callback) => {
    const startedAt = performance.now();
    connect((...result) => {
      poolWaits.observe((performance.now() - startedAt) / 1000);
      callback(...result);
    });
  };
  pool.connect = ((callback?: Callback) => (callback ? connectFor(callback) : connectLater())) as Pool["connect"];
  return pool;
}

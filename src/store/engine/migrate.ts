import { runMigrations } from "graphile-worker";
import type { ClientBase } from "pg";
import { type DataSource, MigrationExecutor } from "typeorm";
import { CONNECT_TIMEOUT_MS, DatabaseClient } from "./connection";
import { ConnectionWatch } from "./connection-watch";
import { continueFeed } from "./continue-feed";
import { createDataSource } from "./data-source";
import { fillKeys } from "./fill-keys";
import { openPool } from "./pool";

// An arbitrary key that nothing else on this database uses.
const MIGRATION_LOCK = 7_236_114_411;
const POLL_MS = 50;
/** An index on a large table takes a long time. */
const MIGRATION_STATEMENT_MS = 3_600_000;

const OLDEST_SERVER = 14;

/** Throws if the database is unreachable or its server is too old. */
export async function assertUsable(url: string, { isPooled = false } = {}): Promise<void> {
  const client = new DatabaseClient({ connectionString: url, statementMs: CONNECT_TIMEOUT_MS, isPooled });
  try {
    await client.connect();
    const { rows } = await client.query("SHOW server_version");
    const version = String(rows[0]?.server_version);
    if (Number.parseInt(version, 10) >= OLDEST_SERVER) return;
    throw new Error(`PostgreSQL ${OLDEST_SERVER} or newer is required; the server is ${version}.`);
  } catch (error) {
    throw poolerInBetween(error) ?? error;
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** Returns the error for a pooler: PgBouncer refuses settings of a session. */
function poolerInBetween(error: unknown): Error | null {
  const { message = "" } = (error ?? {}) as { message?: string };
  if (!message.includes("unsupported startup parameter")) return null;
  return new Error(
    `this address is a pooler's (${message}). Set DATABASE_DIRECT_URL to the server's own address too.`,
    {
      cause: error,
    },
  );
}

/**
 * Runs all pending migrations; replicas that start together take turns under an advisory lock. The lock is polled:
 * waiting inside PostgreSQL would hold a snapshot, which blocks CREATE INDEX CONCURRENTLY forever. When the process shuts
 * down, cancels the running migration and throws the signal's reason.
 */
export async function migrate(url: string, ending?: AbortSignal): Promise<void> {
  const registry = new ConnectionWatch({ url, isPooled: false });
  let stopping: Promise<void> | undefined;
  const stop = () => {
    stopping = registry.endAll();
  };
  ending?.addEventListener("abort", stop, { once: true });
  try {
    await migrateInTurn(url, registry, ending);
  } catch (error) {
    // A process that ends before its cancel is sent leaves the server waiting for the lock.
    await stopping;
    ending?.throwIfAborted();
    throw error;
  } finally {
    ending?.removeEventListener("abort", stop);
    registry.close();
  }
}

async function migrateInTurn(url: string, registry: ConnectionWatch, ending: AbortSignal | undefined): Promise<void> {
  const options = { statementMs: MIGRATION_STATEMENT_MS, registry };
  const lock = new DatabaseClient({ connectionString: url, ...options });
  await lock.connect();
  const pool = openPool(url, 1, options);
  try {
    await acquire(lock, ending);
    ending?.throwIfAborted();
    await runTableMigrations(createDataSource(url, 1, options));
    await fillKeys(lock);
    await continueFeed(lock);
    ending?.throwIfAborted();
    await runMigrations({ pgPool: pool });
  } finally {
    await pool.end();
    await lock.end();
  }
}

/** Runs `work` on a connection that holds the lock of migrations; one of its statements may take `statementMs`. */
export async function withMigrationLock<Result>(
  url: string,
  statementMs: number,
  work: (client: ClientBase) => Promise<Result>,
): Promise<Result> {
  const client = new DatabaseClient({ connectionString: url, statementMs });
  try {
    await client.connect();
    await acquire(client, undefined);
    return await work(client);
  } finally {
    await client.end();
  }
}

/**
 * For services whose migrations `npm run migrate` runs. Throws if a migration has not run; otherwise makes the changes
 * to the data that every start makes.
 */
export async function assertMigrated(url: string): Promise<void> {
  const { length } = await pendingMigrations(url);
  if (length > 0) {
    const missing = length === 1 ? "1 migration has" : `${length} migrations have`;
    throw new Error(`${missing} not run on this database. Run npm run migrate first, or unset MIGRATE_ON_START.`);
  }
  const client = new DatabaseClient({ connectionString: url, statementMs: MIGRATION_STATEMENT_MS });
  try {
    await client.connect();
    await fillKeys(client);
    await continueFeed(client);
  } finally {
    await client.end();
  }
}

/** The names of the migrations that have not run on a database. */
export async function pendingMigrations(url: string): Promise<string[]> {
  const dataSource = await createDataSource(url, 1).initialize();
  try {
    const pending = await new MigrationExecutor(dataSource).getPendingMigrations();
    return pending.map((migration) => migration.name);
  } finally {
    await dataSource.destroy();
  }
}

async function acquire(lock: DatabaseClient, ending: AbortSignal | undefined): Promise<void> {
  for (;;) {
    ending?.throwIfAborted();
    const { rows } = await lock.query("SELECT pg_try_advisory_lock($1) AS mine", [MIGRATION_LOCK]);
    if (rows[0]?.mine) return;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

async function runTableMigrations(dataSource: DataSource): Promise<void> {
  await dataSource.initialize();
  try {
    await dataSource.runMigrations({ transaction: "each" });
  } catch (error) {
    throw extensionMissing(error) ?? error;
  } finally {
    await dataSource.destroy();
  }
}

/** The error with advice if the extension for searches is missing and the service's role cannot create it. */
export function extensionMissing(error: unknown): Error | null {
  const { message = "" } = (error ?? {}) as { message?: string };
  if (!/extension/i.test(message) || !message.includes("pg_trgm")) return null;
  return new Error(
    `The database lacks the extension pg_trgm (${message}). Install it on the server if it is not there, have a superuser ` +
      "run CREATE EXTENSION pg_trgm in this database, and start again.",
    { cause: error },
  );
}

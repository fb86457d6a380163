import { runMigrations } from "graphile-worker";
import { Client } from "pg";
import { MigrationExecutor } from "typeorm";
import { createDataSource } from "./data-source";
import { fillKeys } from "./fill-keys";

// Any number that nothing else on this database uses: the replicas that start at once agree on it.
const MIGRATION_LOCK = 7_236_114_411;
const POLL_MS = 50;

const OLDEST_SERVER = 14;

/** Throws where a database cannot be reached, or its server is too old. */
export async function assertUsable(url: string): Promise<void> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  try {
    await client.connect();
    const { rows } = await client.query("SHOW server_version");
    const version = String(rows[0]?.server_version);
    if (Number.parseInt(version, 10) >= OLDEST_SERVER) return;
    throw new Error(`PostgreSQL ${OLDEST_SERVER} or newer is needed, and this is ${version}.`);
  } finally {
    await client.end().catch(() => undefined);
  }
}

/**
 * Brings a database up to date, once, however many replicas start together. The lock is polled: waiting inside
 * PostgreSQL would hold a snapshot open, which blocks CREATE INDEX CONCURRENTLY for ever. Stops waiting, and throws
 * the signal's reason, when the process is to end.
 */
export async function migrate(url: string, ending?: AbortSignal): Promise<void> {
  const lock = new Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  // Where it breaks, the migration beside it, or the next statement, fails and tells why.
  lock.on("error", () => undefined);
  await lock.connect();
  try {
    await acquire(lock, ending);
    ending?.throwIfAborted();
    await runTableMigrations(url);
    await fillKeys(lock);
    await runMigrations({ connectionString: url });
  } finally {
    await lock.end();
  }
}

/** The names of migrations that a database has not seen. */
export async function pendingMigrations(url: string): Promise<string[]> {
  const dataSource = await createDataSource(url, 1).initialize();
  try {
    const pending = await new MigrationExecutor(dataSource).getPendingMigrations();
    return pending.map((migration) => migration.name);
  } finally {
    await dataSource.destroy();
  }
}

async function acquire(lock: Client, ending: AbortSignal | undefined): Promise<void> {
  for (;;) {
    ending?.throwIfAborted();
    const { rows } = await lock.query("SELECT pg_try_advisory_lock($1) AS mine", [MIGRATION_LOCK]);
    if (rows[0]?.mine) return;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

async function runTableMigrations(url: string): Promise<void> {
  const dataSource = await createDataSource(url, 1).initialize();
  try {
    await dataSource.runMigrations({ transaction: "each" });
  } finally {
    await dataSource.destroy();
  }
}

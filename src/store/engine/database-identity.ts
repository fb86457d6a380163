import type { ClientBase } from "pg";
import { DatabaseClient } from "./connection";
import { UNFINISHED_SCHEMA } from "./distribution";

/** The time limit of a statement, in milliseconds. Each reads or writes one row. */
const STATEMENT_MS = 60_000;

/**
 * The server's cluster and the database in it. Both are new after a dump was restored. A standby has those of its
 * primary.
 */
const PLACE = `(SELECT (SELECT system_identifier FROM pg_control_system()) || '/' || oid
  FROM pg_database WHERE datname = current_database())`;
/** Where a recovery stopped before the end of the log: the cluster is the same, its latest changes are gone. */
const STOPPED_AT = `concat(
  ${["time", "lsn", "xid", "name"].map((target) => `current_setting('recovery_target_${target}')`).join(", ")},
  current_setting('recovery_target'))`;
const IDENTITY = `SELECT ${PLACE} || coalesce('@' || nullif(${STOPPED_AT}, ''), '') AS identity`;
// The setting may be removed after the recovery.
const IS_KNOWN = `
  SELECT FROM database_identity
  WHERE identity = (${IDENTITY}) OR ${STOPPED_AT} = '' AND split_part(identity, '@', 1) = ${PLACE}`;

/** The names of the notifier's and all other connections of the service begin alike. */
const OTHERS = `
  SELECT FROM pg_stat_activity
  WHERE datname = current_database() AND application_name LIKE 'organizations%' AND pid <> pg_backend_pid()`;
/** The server takes a moment to end the connections of a process that has ended. */
const CLOSING_MS = 1_000;
const POLL_MS = 50;

/** Stored while a restored database is being prepared. No database has this identity. */
const UNPREPARED = "";

/**
 * Throws for a database that was copied, e.g. restored from a backup: it would send mails again that were sent after
 * the backup. The first service on a new database stores the database's identity.
 */
export async function assertOwnDatabase(url: string): Promise<void> {
  await withClient(url, async (client) => {
    await assertWhole(client);
    await client.query(`INSERT INTO database_identity (identity) ${IDENTITY} ON CONFLICT DO NOTHING`);
    const { rowCount } = await client.query(IS_KNOWN);
    if (rowCount) return;
    throw new Error(
      "this database was restored from a backup, copied or moved, and is not prepared yet. Stop everything that uses it " +
        "and run npm run restored; it says how to go on.",
    );
  });
}

/** Throws between two runs of `npm run distribute`, when tables lack their foreign keys. */
async function assertWhole(client: ClientBase): Promise<void> {
  const { rowCount } = await client.query("SELECT FROM pg_namespace WHERE nspname = $1", [UNFINISHED_SCHEMA]);
  if (rowCount) throw new Error("npm run distribute did not end on this database. Run it again first.");
}

/** Whether services may start on the database: it is new, or has its own identity. Changes nothing. */
export async function isPrepared(url: string): Promise<boolean> {
  return await withClient(url, async (client) => {
    const { rowCount } = await client.query(
      `SELECT WHERE NOT EXISTS (SELECT FROM database_identity) OR EXISTS (${IS_KNOWN})`,
    );
    return rowCount === 1;
  });
}

/** The server's cluster and the database in it, also through a pooler. */
export async function readPlace(url: string): Promise<string> {
  const client = new DatabaseClient({ connectionString: url, statementMs: STATEMENT_MS, isPooled: true });
  try {
    await client.connect();
    const { rows } = await client.query<{ place: string }>(`SELECT ${PLACE} AS place`);
    return rows[0]?.place ?? "";
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** Prevents services from starting on the database until `recordIdentity`. */
export async function clearIdentity(client: ClientBase): Promise<void> {
  await client.query(
    "INSERT INTO database_identity (identity) VALUES ($1) ON CONFLICT (id) DO UPDATE SET identity = excluded.identity",
    [UNPREPARED],
  );
}

/** Stores the identity of this database, so that services may start on it. */
export async function recordIdentity(url: string): Promise<void> {
  await withClient(url, async (client) => {
    await client.query(
      `INSERT INTO database_identity (identity) ${IDENTITY} ON CONFLICT (id) DO UPDATE SET identity = excluded.identity`,
    );
  });
}

/** Throws while another process of the service is connected to the database. */
export async function assertUnused(client: ClientBase): Promise<void> {
  const until = performance.now() + CLOSING_MS;
  while (performance.now() < until) {
    const { rowCount } = await client.query(OTHERS);
    if (rowCount === 0) return;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  throw new Error("A service is connected to this database. Stop every replica first, and run this again.");
}

/** Runs `work` with a connection of its own. */
export async function withClient<Result>(url: string, work: (client: ClientBase) => Promise<Result>): Promise<Result> {
  const client = new DatabaseClient({ connectionString: url, statementMs: STATEMENT_MS });
  try {
    await client.connect();
    return await work(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}

import type { Config } from "../../config/config";
import type { Finding } from "./finding";

const SKEW_SECONDS = 2;
/** Notifications, the queue's own two, and checks of silent servers; docs/scaling.md has the arithmetic. */
const OTHER_CONNECTIONS = 5;
const LOCAL = new Set(["localhost", "127.0.0.1", "[::1]", ""]);

/** A database server and the role's rights in this database. */
export interface Server {
  version: string;
  encoding: string;
  isReadOnly: boolean;
  mayCreateSchemas: boolean;
  mayCreateTables: boolean;
  /** The number of tables of the schema that the role may not write to. */
  lockedTables: number;
  hasQueue: boolean;
  hasTrigrams: boolean;
  canHaveTrigrams: boolean;
  skewSeconds: number;
  connections: number;
  isEncrypted: boolean;
  isDurable: boolean;
  walLevel: string;
}

/** `$1`: this machine's time, in seconds. */
export const SERVER = `SELECT current_setting('server_version') AS version, current_setting('server_encoding') AS encoding,
  pg_is_in_recovery() OR current_setting('default_transaction_read_only') = 'on' AS "isReadOnly",
  has_database_privilege(current_database(), 'CREATE') AS "mayCreateSchemas",
  coalesce(has_schema_privilege(current_schema(), 'CREATE'), false) AS "mayCreateTables",
  (SELECT count(*)::int FROM pg_class c WHERE c.relkind IN ('r', 'p') AND c.relnamespace = current_schema()::regnamespace
    AND NOT (has_table_privilege(c.oid, 'SELECT') AND has_table_privilege(c.oid, 'INSERT')
      AND has_table_privilege(c.oid, 'UPDATE') AND has_table_privilege(c.oid, 'DELETE'))) AS "lockedTables",
  EXISTS (SELECT FROM pg_namespace WHERE nspname = 'graphile_worker') AS "hasQueue",
  EXISTS (SELECT FROM pg_extension WHERE extname = 'pg_trgm') AS "hasTrigrams",
  EXISTS (SELECT FROM pg_available_extensions WHERE name = 'pg_trgm') AS "canHaveTrigrams",
  abs(extract(epoch FROM clock_timestamp()) - $1::float8)::float8 AS "skewSeconds",
  current_setting('max_connections')::int AS connections,
  coalesce((SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()), false) AS "isEncrypted",
  current_setting('fsync') = 'on' AND current_setting('synchronous_commit') <> 'off' AS "isDurable",
  current_setting('wal_level') AS "walLevel"`;

type Add = (level: Finding["level"], text: string, advice: string) => void;

/** `host`: the server's name in the URL. */
export function serverFindings(subject: string, server: Server, host: string, config: Config): Finding[] {
  const found: Finding[] = [{ level: "ok", subject, text: `PostgreSQL ${server.version} answers` }];
  const add: Add = (level, text, advice) => found.push({ level, subject, text, advice });
  addRights(server, add);
  addSettings(server, config, add);
  if (config.production && !server.isEncrypted && !LOCAL.has(host)) {
    const advice = "Add sslmode=verify-full to the URL, and sslrootcert=FILE if the authority is your own.";
    add("warning", "the connection is not encrypted", advice);
  }
  return found;
}

function addRights(server: Server, add: Add): void {
  if (server.isReadOnly) add("problem", "the database is read-only", "Name the primary, not a replica.");
  if (!server.mayCreateTables) {
    const advice = "Make it the owner of the database, or GRANT CREATE ON SCHEMA public to it.";
    add("problem", "this role may not create tables, so migrations fail", advice);
  }
  if (!server.mayCreateSchemas && !server.hasQueue) {
    const advice = "Make it the owner of the database, or GRANT CREATE ON DATABASE to it.";
    add("problem", "this role may not create the schema of the job queue", advice);
  }
  if (server.lockedTables > 0) {
    const advice = "Use the role that ran the migrations for DATABASE_URL and DATABASE_DIRECT_URL.";
    add("problem", `this role may not read and write ${server.lockedTables} tables`, advice);
  }
  if (!server.canHaveTrigrams) {
    add("problem", "the server lacks the extension pg_trgm", "Install PostgreSQL's contrib package on the server.");
  } else if (!server.hasTrigrams && !server.mayCreateSchemas) {
    const advice = "Have a superuser run CREATE EXTENSION pg_trgm in this database.";
    add("problem", "this role may not create the extension pg_trgm, which is missing", advice);
  }
}

function addSettings(server: Server, { connections }: Config, add: Add): void {
  if (server.encoding !== "UTF8") {
    add("problem", `the encoding is ${server.encoding}`, "Create the database with ENCODING 'UTF8'.");
  }
  if (server.skewSeconds > SKEW_SECONDS) {
    const text = `the server's clock differs from this machine's by ${server.skewSeconds.toFixed(0)} s`;
    add("warning", text, "Synchronize both by NTP: expiry and credits depend on these clocks.");
  }
  const needed = connections.pool + connections.lanes + connections.jobs + OTHER_CONNECTIONS;
  if (server.connections < 2 * needed) {
    const text = `max_connections is ${server.connections}; each replica opens up to ${needed}`;
    add("warning", text, "Raise it, or use a pooler: docs/scaling.md.");
  }
  if (!server.isDurable) {
    const advice = "Set fsync = on, and synchronous_commit = on for this role.";
    add("warning", "a crash of the server loses acknowledged changes", advice);
  }
  if (server.walLevel === "minimal") {
    const text = "wal_level is minimal, which allows no standby and no point-in-time recovery";
    add("warning", text, "Set wal_level = replica, and restart the server.");
  }
}

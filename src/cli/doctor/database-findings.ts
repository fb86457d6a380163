import type { Config } from "../../config/config";
import { CONNECT_TIMEOUT_MS, DatabaseClient } from "../../store/engine/connection";
import { assertUsable, pendingMigrations } from "../../store/engine/migrate";
import { type Finding, find } from "./finding";

const SUBJECT = "DATABASE_URL";
const SKEW_SECONDS = 2;
/** Notifications, the queue's own two, and checks of silent servers; docs/scaling.md has the arithmetic. */
const OTHER_CONNECTIONS = 5;

interface Server {
  version: string;
  encoding: string;
  isReadOnly: boolean;
  mayCreate: boolean;
  hasTrigrams: boolean;
  canHaveTrigrams: boolean;
  skewSeconds: number;
  connections: number;
}

const SERVER = `SELECT current_setting('server_version') AS version, current_setting('server_encoding') AS encoding,
  pg_is_in_recovery() OR current_setting('default_transaction_read_only') = 'on' AS "isReadOnly",
  has_database_privilege(current_database(), 'CREATE') AS "mayCreate",
  EXISTS (SELECT FROM pg_extension WHERE extname = 'pg_trgm') AS "hasTrigrams",
  EXISTS (SELECT FROM pg_available_extensions WHERE name = 'pg_trgm') AS "canHaveTrigrams",
  abs(extract(epoch FROM clock_timestamp()) - $1::float8)::float8 AS "skewSeconds",
  current_setting('max_connections')::int AS connections`;

/** Checks the database server, the role's rights, the clock, the migrations, and a pooler in front. */
export async function databaseFindings(config: Config): Promise<Finding[]> {
  const { databaseUrl: url, databaseDirectUrl } = config;
  if (!url) return [{ level: "unused", subject: SUBJECT, text: "not set: the embedded PostgreSQL runs" }];
  const isPooled = databaseDirectUrl !== null;
  const advice = "Check that the server runs and is recent enough, and that host, port, user and password are right.";
  const found = isPooled
    ? await find(SUBJECT, advice, async () => {
        await assertUsable(url, { isPooled });
        return [{ level: "ok", subject: SUBJECT, text: "the pooler answers" }];
      })
    : [];
  const subject = isPooled ? "DATABASE_DIRECT_URL" : SUBJECT;
  const direct = databaseDirectUrl ?? url;
  const findings = await find(subject, advice, async () => {
    await assertUsable(direct);
    const server = await readServer(direct);
    return [...serverFindings(subject, server, config), await migrationFinding(direct, config.migrateOnStart)];
  });
  return [...found, ...findings];
}

async function readServer(url: string): Promise<Server> {
  const client = new DatabaseClient({ connectionString: url, statementMs: CONNECT_TIMEOUT_MS });
  try {
    await client.connect();
    const { rows } = await client.query<Server>(SERVER, [Date.now() / 1000]);
    if (!rows[0]) throw new Error("The server answered without a row.");
    return rows[0];
  } finally {
    await client.end().catch(() => undefined);
  }
}

function serverFindings(subject: string, server: Server, { connections }: Config): Finding[] {
  const found: Finding[] = [{ level: "ok", subject, text: `PostgreSQL ${server.version} answers` }];
  const add = (level: Finding["level"], text: string, advice: string) => found.push({ level, subject, text, advice });
  if (server.isReadOnly) add("problem", "the database is read-only", "Name the primary, not a replica.");
  if (server.encoding !== "UTF8") {
    add("problem", `the encoding is ${server.encoding}`, "Create the database with ENCODING 'UTF8'.");
  }
  if (!server.canHaveTrigrams) {
    add("problem", "the server lacks the extension pg_trgm", "Install PostgreSQL's contrib package on the server.");
  } else if (!server.hasTrigrams && !server.mayCreate) {
    const advice = "Have a superuser run CREATE EXTENSION pg_trgm in this database.";
    add("problem", "this role may not create the extension pg_trgm, which is missing", advice);
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
  return found;
}

async function migrationFinding(url: string, migrateOnStart: boolean): Promise<Finding> {
  const { length } = await pendingMigrations(url);
  const subject = "migrations";
  if (length === 0) return { level: "ok", subject, text: "none is pending" };
  if (migrateOnStart)
    return { level: "ok", subject, text: `${length} are pending; the service runs them when it starts` };
  return { level: "problem", subject, text: `${length} are pending`, advice: "Run npm run migrate." };
}

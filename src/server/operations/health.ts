import type { FastifyInstance } from "fastify";
import type { Database } from "../../store/engine/database";
import type { Statement } from "../../store/engine/statement";

const READY_TIMEOUT_MS = 3_000;

interface Options {
  database: Pick<Database, "rows" | "dataSource" | "failingWrites">;
  isDraining(): boolean;
}

/** /healthz says that the process runs. /readyz says whether it should get requests. */
export async function healthRoutes(http: FastifyInstance, { database, isDraining }: Options): Promise<void> {
  http.get("/healthz", async () => ({ status: "ok" }));
  http.get("/readyz", async (_request, reply) => {
    const reason = isDraining() ? "draining" : await withTimeout(problemOf(database));
    return reply.code(reason ? 503 : 200).send(reason ? { status: "unavailable", reason } : { status: "ready" });
  });
}

const STATE: Statement = {
  name: "ready",
  text: `
    SELECT pg_is_in_recovery() AS "isStandby", current_setting('transaction_read_only')::boolean AS "isReadOnly",
      (SELECT count(*)::int FROM migrations WHERE name = ANY ($1)) AS migrations`,
};

interface DatabaseState {
  isStandby: boolean;
  isReadOnly: boolean;
  migrations: number;
}

/** Why the database cannot be used, or null: it cannot be reached, cannot be written to, or is behind. */
async function problemOf(database: Options["database"]): Promise<string | null> {
  const migrations = database.dataSource.migrations.map((migration) => migration.name ?? migration.constructor.name);
  try {
    const [state] = await database.rows<DatabaseState>(STATE, [migrations]);
    if (!state) return "the database does not report its state";
    if (state.isStandby) return "the database cannot be written to: it is a standby";
    if (state.isReadOnly) return "the database cannot be written to: it is read-only";
    const missing = migrations.length - state.migrations;
    if (missing > 0) return `the database is behind: it lacks ${missing} ${missing === 1 ? "migration" : "migrations"}`;
    return database.failingWrites() ? "the database cannot be written to: its disk is full or fails" : null;
  } catch {
    return "the database cannot be reached";
  }
}

async function withTimeout(check: Promise<string | null>): Promise<string | null> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<string>((resolve) => {
    timer = setTimeout(resolve, READY_TIMEOUT_MS, "the database does not answer");
  });
  return await Promise.race([check, timeout]).finally(() => clearTimeout(timer));
}

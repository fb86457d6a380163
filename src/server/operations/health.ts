import type { FastifyInstance } from "fastify";
import type { Reader } from "../../store/engine/statement";

const READY_TIMEOUT_MS = 3_000;

interface Options {
  database: Reader;
  isDraining(): boolean;
}

/** /healthz says that the process runs, /readyz whether it should be sent requests. */
export async function healthRoutes(http: FastifyInstance, { database, isDraining }: Options): Promise<void> {
  http.get("/healthz", async () => ({ status: "ok" }));
  http.get("/readyz", async (_request, reply) => {
    const reason = isDraining() ? "draining" : await withTimeout(unreachable(database));
    return reply.code(reason ? 503 : 200).send(reason ? { status: "unavailable", reason } : { status: "ready" });
  });
}

/** Why the database cannot be used, or null. */
async function unreachable(database: Reader): Promise<string | null> {
  try {
    await database.rows({ name: "ready", text: "SELECT 1" }, []);
    return null;
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

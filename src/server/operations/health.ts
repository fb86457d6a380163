import type { FastifyInstance } from "fastify";

const READY_TIMEOUT_MS = 3_000;

interface Options {
  /** Why the process is not ready, or null. */
  notReady(): Promise<string | null>;
}

/** /healthz says that the process runs, /readyz whether it should be sent requests. */
export async function healthRoutes(http: FastifyInstance, { notReady }: Options): Promise<void> {
  http.get("/healthz", async () => ({ status: "ok" }));
  http.get("/readyz", async (_request, reply) => {
    const reason = await withTimeout(notReady());
    return reply.code(reason ? 503 : 200).send(reason ? { status: "unavailable", reason } : { status: "ready" });
  });
}

async function withTimeout(check: Promise<string | null>): Promise<string | null> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<string>((resolve) => {
    timer = setTimeout(resolve, READY_TIMEOUT_MS, "the database does not answer");
  });
  return await Promise.race([check, timeout]).finally(() => clearTimeout(timer));
}

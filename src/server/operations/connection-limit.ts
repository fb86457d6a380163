import fastifyPlugin from "fastify-plugin";
import type { Log } from "../../log";
import { countRefusal } from "../../process-metrics";

/**
 * File descriptors reserved for everything else: the database, AWS, Stripe, mail, files and the embedded PostgreSQL.
 */
const RESERVED = 128;
const WARN_EVERY_MS = 60_000;

/**
 * Refuses connections before the process runs out of file descriptors. Without a limit, accepted requests would fail,
 * because the process could not open connections to the database or AWS.
 */
export const connectionLimit = fastifyPlugin<{ log: Log }>(async ({ server }, { log }) => {
  const limit = fileLimit();
  if (limit === null) return;
  server.maxConnections = Math.max(limit - RESERVED, Math.floor(limit / 2));
  let warnedAt = Number.NEGATIVE_INFINITY;
  server.on("drop", () => {
    countRefusal("connections");
    if (performance.now() - warnedAt < WARN_EVERY_MS) return;
    warnedAt = performance.now();
    log.warn({ maxConnections: server.maxConnections, fileLimit: limit }, "connections are refused: too many are open");
  });
});

/** The process's limit of open files and connections; null if there is none. */
function fileLimit(): number | null {
  // Otherwise the report resolves the host name of every connected address.
  (process.report as { excludeNetwork?: boolean }).excludeNetwork = true;
  const { userLimits } = process.report.getReport() as { userLimits?: { open_files?: { soft?: number | string } } };
  const soft = userLimits?.open_files?.soft;
  return typeof soft === "number" ? soft : null;
}

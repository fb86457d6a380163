import type { Server } from "node:http";
import type { Log } from "../../log";

/** File descriptors for everything else: connections to the database, AWS, Stripe and mail, files, the embedded server. */
const RESERVED = 128;
const WARN_EVERY_MS = 60_000;

/**
 * Refuses connections before file descriptors run out. Otherwise what is served already would fail for want of a
 * connection to the database, and so would everything that is asked of the world outside.
 */
export function limitConnections(server: Server, log: Log): void {
  const limit = fileLimit();
  if (limit === null) return;
  server.maxConnections = Math.max(limit - RESERVED, Math.floor(limit / 2));
  let warnedAt = Number.NEGATIVE_INFINITY;
  server.on("drop", () => {
    if (performance.now() - warnedAt < WARN_EVERY_MS) return;
    warnedAt = performance.now();
    log.warn({ maxConnections: server.maxConnections, fileLimit: limit }, "connections are refused: too many are open");
  });
}

/** How many files and connections the process may have open; null where there is no limit. */
function fileLimit(): number | null {
  // Without this, it asks for the names of all addresses that there are connections to.
  (process.report as { excludeNetwork?: boolean }).excludeNetwork = true;
  const { userLimits } = process.report.getReport() as { userLimits?: { open_files?: { soft?: number | string } } };
  const soft = userLimits?.open_files?.soft;
  return typeof soft === "number" ? soft : null;
}

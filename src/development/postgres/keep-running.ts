import { type Postmaster, stopPostmaster } from "./postmaster";
import { isLivePostgres, isWatched } from "./server-process";

const CHECK_EVERY_MS = 500;
/** The maximum pause between attempts to start a server. */
const MAX_PAUSE_MS = 30_000;

/**
 * Restarts a server that has stopped unexpectedly: it was killed, or belonged to another process that has ended. Returns
 * a function that stops it for good, unless it belongs to another process.
 */
export function keepRunning(
  server: Postmaster,
  report: (line: string) => void,
  startAgain: () => Promise<Postmaster>,
): () => Promise<void> {
  let current = server;
  let starting: Promise<void> | null = null;
  let failures = 0;
  let notBefore = 0;
  const check = () => {
    if (starting || Date.now() < notBefore || isLivePostgres(current.pid)) return;
    report("The embedded PostgreSQL has stopped. Starting it again.");
    starting = startAgain()
      .then(
        (started) => {
          current = started;
          failures = 0;
        },
        (error: unknown) => {
          failures += 1;
          notBefore = Date.now() + Math.min(CHECK_EVERY_MS * 2 ** failures, MAX_PAUSE_MS);
          report(`The embedded PostgreSQL does not start: ${String(error)}`);
        },
      )
      .finally(() => {
        starting = null;
      });
  };
  const timer = setInterval(check, CHECK_EVERY_MS).unref();
  return async () => {
    clearInterval(timer);
    await starting;
    if (current.isOurs || !isWatched(current.pid)) await stopPostmaster(current.pid);
  };
}

import { type Config, explain, InvalidConfiguration } from "./config/config";
import { configure } from "./config/configure";
import { createLog, type Log } from "./log";

const SIGNALS = ["SIGTERM", "SIGINT"] as const;

/**
 * Starts the service, and ends it at the first SIGTERM or SIGINT. `npm start` runs it with --heap-growing-percent=50.
 * By default V8 collects the old generation only when it has grown several times over, and the read buffers of open
 * streams are there. A collection at 1.5 times the size keeps memory near the actual use, and takes a few milliseconds.
 */
async function main(ending: AbortSignal): Promise<void> {
  const config = configure(process.env);
  const log = createLog(config.logLevel);
  const ended = new Promise<void>((resolve) => whenAborted(ending, resolve));
  ended.then(() => {
    log.info({ signal: String(ending.reason) }, "draining");
    endAfter(config.shutdownGraceMs, log);
  });
  // A bug in one operation must not end all others. That operation runs into its deadline.
  process.on("unhandledRejection", (error) => log.error({ err: error }, "unhandled promise rejection"));
  // Loaded here, because it takes a second, and signals must be handled before that.
  const { createApp } = require("./app") as typeof import("./app");
  const app = await createApp(config, log, {}, ending);
  process.stdout.write(greeting(app.port, config));
  await ended;
  try {
    await app.close();
  } catch (error) {
    log.fatal({ err: error }, "the shutdown failed");
    process.exit(1);
  }
}

/**
 * Listens before anything else is loaded, because a signal without a listener ends the process at once. Further signals
 * are ignored: the terminal sends a signal to the whole process group, and npm forwards it once more.
 */
function firstSignal(): AbortSignal {
  const controller = new AbortController();
  for (const signal of SIGNALS) process.on(signal, () => controller.abort(signal));
  return controller.signal;
}

function whenAborted(signal: AbortSignal, then: () => void): void {
  if (signal.aborted) then();
  else signal.addEventListener("abort", then, { once: true });
}

/** Ends the process even if the shutdown hangs. */
function endAfter(milliseconds: number, log: Log): void {
  setTimeout(() => {
    log.fatal(`the shutdown took longer than SHUTDOWN_GRACE_MS (${milliseconds} ms): ending at once`);
    process.exit(1);
  }, milliseconds);
}

/**
 * The addresses that the service prints at start. Tokens and mailbox exist only without an identity provider and mail
 * server.
 */
function greeting(port: number, { production, identityProvider, mail, console }: Config): string {
  const base = `http://localhost:${port}`;
  if (production) return `CloudThinker Organizations serves ${base}/graphql\n`;
  const addresses = [
    ...(console ? [`Start here   ${base}/               the console`] : []),
    identityProvider
      ? `Explorer     ${base}/dev/explorer   with a token of the identity provider`
      : `Developers   ${base}/dev            tokens for curl, and the explorer`,
    `GraphQL      ${base}/graphql`,
    ...(mail ? [] : [`Mailbox      ${base}/dev/mailbox`]),
  ];
  return `\n  CloudThinker Organizations is up.\n\n${addresses.map((line) => `    ${line}\n`).join("")}\n`;
}

const ending = firstSignal();
main(ending).then(
  () => process.exit(0),
  (error: unknown) => {
    // A signal interrupted the start.
    if (ending.aborted && error === ending.reason) process.exit(0);
    const message = error instanceof InvalidConfiguration ? error.message : `The start failed: ${explain(error)}`;
    process.stderr.write(`${message}\n`);
    process.exit(1);
  },
);

import { type Config, explain, InvalidConfiguration } from "./config/config";
import { configure } from "./config/configure";
import { createLog, type Log } from "./log";

const SIGNALS = ["SIGTERM", "SIGINT"] as const;

/**
 * Starts the service, and ends it at the first SIGTERM or SIGINT.
 *
 * `npm start` runs it with --heap-growing-percent=50. By default V8 collects the old generation when it has grown
 * several times over, and open streams keep their read buffers there. Collecting at half as much again keeps memory
 * near what is in use, for a few milliseconds per collection.
 */
async function main(ending: AbortSignal): Promise<void> {
  const config = configure(process.env);
  const log = createLog(config.logLevel);
  const ended = new Promise<void>((resolve) => whenAborted(ending, resolve));
  ended.then(() => {
    log.info({ signal: String(ending.reason) }, "draining");
    endAfter(config.shutdownGraceMs, log);
  });
  // One operation's slip must not end everybody else's: it runs into its deadline, and the log tells why.
  process.on("unhandledRejection", (error) => log.error({ err: error }, "a promise failed unheard"));
  // Not imported above: loading it takes a second, in which a signal has to be heard already.
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
 * Listens before anything is loaded: a signal that nobody listens to would end the process on the spot. Later signals
 * change nothing, because they come by themselves: npm forwards what its whole process group was sent already.
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

/** What hangs does not keep the process from ending. */
function endAfter(milliseconds: number, log: Log): void {
  setTimeout(() => {
    log.fatal(`the shutdown took longer than SHUTDOWN_GRACE_MS (${milliseconds} ms): ending at once`);
    process.exit(1);
  }, milliseconds);
}

/** Where to go; only what there is, which follows from what the configuration leaves to us. */
function greeting(port: number, { production, identityProvider, mail }: Config): string {
  const base = `http://localhost:${port}`;
  if (production) return `CloudThinker Organizations serves ${base}/graphql\n`;
  const signIn = `    Start here   ${base}/dev            sign in, copy a token, open the explorer\n`;
  const explorer = `    Start here   ${base}/dev/explorer   with a token of the identity provider\n`;
  const mailbox = `    Mailbox      ${base}/dev/mailbox\n`;
  return `
  CloudThinker Organizations is up.

${identityProvider ? explorer : signIn}    GraphQL      ${base}/graphql
${mail ? "" : mailbox}
`;
}

const ending = firstSignal();
main(ending).then(
  () => process.exit(0),
  (error: unknown) => {
    // The start was given up because the process is to end.
    if (ending.aborted && error === ending.reason) process.exit(0);
    const message = error instanceof InvalidConfiguration ? error.message : `The start failed: ${explain(error)}`;
    process.stderr.write(`${message}\n`);
    process.exit(1);
  },
);

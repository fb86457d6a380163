import { createApp } from "./app";
import { type Config, explain, InvalidConfiguration, readConfig } from "./config";
import { createLog } from "./log";

/** Starts the service and sees to it that it ends well. */
async function main(): Promise<void> {
  const config = readConfig(process.env);
  const log = createLog(config.logLevel);
  const starting = createApp(config, log);
  const shutDown = (signal: string) => {
    log.info({ signal }, "draining");
    const closing = starting.then((app) => app.close());
    closing.then(
      () => process.exit(0),
      (error: unknown) => {
        log.fatal({ err: error }, "the shutdown failed");
        process.exit(1);
      },
    );
  };
  // One operation's slip must not end everybody else's: it runs into its deadline, and the log tells why.
  process.on("unhandledRejection", (error) => log.error({ err: error }, "a promise failed unheard"));
  // It answers requests before all of it has started: a signal then ends it as well as later.
  process.once("SIGTERM", shutDown);
  process.once("SIGINT", shutDown);
  process.stdout.write(greeting((await starting).port, config));
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

main().catch((error: unknown) => {
  const message = error instanceof InvalidConfiguration ? error.message : `The start failed: ${explain(error)}`;
  process.stderr.write(`${message}\n`);
  process.exit(1);
});

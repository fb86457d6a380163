import { configure } from "../config/configure";
import type { Mailer } from "../integrations/mail/mailer";
import { type Prepared, prepareRestored } from "../jobs/prepare-restored";
import { createLog } from "../log";
import { openIntegrations } from "../open-integrations";
import { openDataDirectory, reachDatabase } from "../reach-database";
import { assertUnused, recordIdentity, withClient } from "../store/engine/database-identity";
import { migrate } from "../store/engine/migrate";
import { KeyedMutex } from "../store/engine/mutex";
import { openDatabase } from "../store/engine/open-database";
import { readEpochs } from "../store/events/epochs";
import { beginEpoch } from "../store/restore";

const NOTHING_LOST = "--nothing-lost";

const NO_MAIL: Mailer = {
  send: () => Promise.reject(new Error("A restored database sends no mail before the service starts.")),
  close: () => Promise.resolve(),
};

/**
 * `npm run restored`: prepares a database that was restored from a backup, before a service starts on it. With `--
 * --nothing-lost`, it only stores the new identity of a database that was moved as a whole.
 */
async function main(option: string | undefined): Promise<void> {
  if (option !== undefined && option !== NOTHING_LOST)
    throw new Error(`Unknown option. The only one is ${NOTHING_LOST}.`);
  const config = configure(process.env);
  await openDataDirectory(config);
  const { directUrl, stop } = await reachDatabase(config, new AbortController().signal, () => undefined);
  try {
    await withClient(directUrl, assertUnused);
    await migrate(directUrl);
    if (option === undefined) {
      await withClient(directUrl, beginEpoch);
      process.stdout.write(report(await prepare(config, directUrl)));
    }
    await recordIdentity(directUrl);
    process.stdout.write("The service can start on this database.\n");
  } finally {
    await stop();
  }
}

async function prepare(config: ReturnType<typeof configure>, url: string): Promise<Prepared> {
  const database = await openDatabase(url, { connections: 2, lanes: 0 });
  try {
    const { integrations } = await openIntegrations(config, createLog(config.logLevel), NO_MAIL);
    return await prepareRestored({
      ...{ database, mutex: new KeyedMutex(), clock: { now: () => new Date() }, epochs: await readEpochs(database) },
      ...{ notifier: { publish: () => undefined }, creditAlerts: { checkSoon: () => undefined }, integrations },
      retention: config.retention,
    });
  } finally {
    await database.close();
  }
}

function report({ mails, invitations, strayCustomers, goneCustomers }: Prepared): string {
  const lines = [
    `Mails that are not sent again, because they may have been sent after the backup: ${mails}.`,
    `Invitations that are marked as not delivered: ${invitations}. Their Owners and Admins can send them again.`,
    `Customers that Stripe no longer has: ${goneCustomers}.`,
    `Customers at Stripe of organizations that the backup lacks: ${strayCustomers.length}.`,
    ...strayCustomers.map((customer) => `  ${customer}`),
  ];
  return `${lines.join("\n")}\n`;
}

main(process.argv[2]).then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  },
);

import path from "node:path";
import { readConfig } from "./config";
import { startEmbeddedPostgres } from "./embedded/postgres/start-postgres";
import { resealKeys } from "./jobs/reseal-keys";
import { rewrapKeys } from "./jobs/rewrap-keys";
import { openKeyWrapper } from "./open-key-wrapper";
import { openDatabase } from "./store/database";
import { KeyedMutex } from "./store/mutex";

/**
 * `npm run keys:rotate`: puts every data key under the first of ENCRYPTION_KEYS, and binds keys that were sealed by an
 * earlier version to the log, while the service goes on serving.
 */
async function main(): Promise<void> {
  const config = readConfig(process.env);
  const directory = path.join(config.dataDirectory, "postgres");
  const embedded = config.databaseUrl ? null : await startEmbeddedPostgres({ directory, report: () => undefined });
  const database = await openDatabase(config.databaseUrl ?? embedded?.url ?? "", 2);
  const keyWrapper = await openKeyWrapper(config);
  const { rewrapped, failed } = await rewrapKeys(database, keyWrapper);
  const idle = { mutex: new KeyedMutex(), clock: { now: () => new Date() }, wakeUps: { announce: () => undefined } };
  const { resealed } = await resealKeys({ database, ...idle }, keyWrapper);
  const anew = resealed > 0 ? ` ${resealed} were sealed anew, bound to the log.` : "";
  const left = failed > 0 ? ` ${failed} did not open: keep the old keys until they are mended.` : "";
  process.stdout.write(`${rewrapped} keys are under '${keyWrapper.masterKeyId}' now.${left}${anew}\n`);
  await database.close();
  // A server that is serving already was only borrowed.
  if (embedded && !embedded.adopted) await embedded.stop();
  if (failed > 0) process.exitCode = 1;
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});

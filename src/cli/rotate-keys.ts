import { configure } from "../config/configure";
import { MasterKeyUnavailable } from "../integrations/keys/key-wrapper";
import { resealKeys } from "../jobs/reseal-keys";
import { rewrapKeys } from "../jobs/rewrap-keys";
import { openKeyWrapper } from "../open-key-wrapper";
import { openDataDirectory, reachDatabase } from "../reach-database";
import { openDatabase } from "../store/engine/database";
import { KeyedMutex } from "../store/engine/mutex";

/**
 * `npm run keys:rotate`: puts every data key under the first of ENCRYPTION_KEYS, and binds keys that were sealed by an
 * earlier version to the log, while the service goes on serving.
 */
async function main(): Promise<void> {
  const config = configure(process.env);
  await openDataDirectory(config);
  const { url, stop } = await reachDatabase(config, new AbortController().signal, () => undefined);
  const database = await openDatabase(url, 2);
  const keyWrapper = await openKeyWrapper(config);
  const { rewrapped, failed } = await rewrapKeys(database, keyWrapper);
  const idle = { mutex: new KeyedMutex(), clock: { now: () => new Date() }, notifier: { publish: () => undefined } };
  const { resealed } = await resealKeys({ database, ...idle }, keyWrapper);
  const anew = resealed > 0 ? ` ${resealed} were sealed anew, bound to the log.` : "";
  const left = failed > 0 ? ` ${failed} did not open: keep the old keys until they are mended.` : "";
  process.stdout.write(`${rewrapped} keys are under '${keyWrapper.masterKeyId}' now.${left}${anew}\n`);
  await database.close();
  await stop();
  if (failed > 0) process.exitCode = 1;
}

main().catch((error: unknown) => {
  if (error instanceof MasterKeyUnavailable) {
    process.stderr.write(`KMS does not move the keys now (${error.code}). Those moved stay moved: run this again.\n`);
    process.exit(1);
  }
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});

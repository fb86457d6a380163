import { configure } from "../config/configure";
import { MasterKeyUnavailable } from "../integrations/keys/key-wrapper";
import { resealKeys } from "../jobs/reseal-keys";
import { rewrapKeys } from "../jobs/rewrap-keys";
import { openKeyWrapper } from "../open-key-wrapper";
import { openDataDirectory, reachDatabase } from "../reach-database";
import { KeyedMutex } from "../store/engine/mutex";
import { openDatabase } from "../store/engine/open-database";

/**
 * `npm run keys:rotate`: wraps every data key under the first of ENCRYPTION_KEYS (or KMS), and seals the keys of
 * earlier versions again, bound to the event log. The service can keep running.
 */
async function main(): Promise<void> {
  const config = configure(process.env);
  await openDataDirectory(config);
  const { directUrl, stop } = await reachDatabase(config, new AbortController().signal, () => undefined);
  const database = await openDatabase(directUrl, { connections: 2, lanes: 0 });
  const keyWrapper = await openKeyWrapper(config);
  const { rewrapped, failed } = await rewrapKeys(database, keyWrapper);
  const idle = { mutex: new KeyedMutex(), clock: { now: () => new Date() }, notifier: { publish: () => undefined } };
  const { resealed } = await resealKeys({ database, ...idle }, keyWrapper);
  const resealedText = resealed > 0 ? ` ${resealed} were sealed again, bound to the event log.` : "";
  const failedText = failed > 0 ? ` ${failed} did not open: keep the old keys until they are repaired.` : "";
  process.stdout.write(
    `${rewrapped} keys are now wrapped under '${keyWrapper.masterKeyId}'.${failedText}${resealedText}\n`,
  );
  await database.close();
  await stop();
  if (failed > 0) process.exitCode = 1;
}

main().catch((error: unknown) => {
  if (error instanceof MasterKeyUnavailable) {
    process.stderr.write(`KMS did not wrap all keys (${error.code}). Run this again to wrap the rest.\n`);
    process.exit(1);
  }
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});

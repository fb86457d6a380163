import path from "node:path";
import { attributeTo, type Config } from "./config/config";
import { assertWritableDirectory } from "./development/data-directory";
import { startEmbeddedPostgres } from "./development/postgres/start-postgres";
import { assertUsable } from "./store/engine/migrate";

/** A database that accepts connections. */
export interface ReachedDatabase {
  url: string;
  /** Stops the embedded server, if it is one. */
  stop(): Promise<void>;
}

/** Checks the configured database, or starts the embedded server. Throws InvalidConfiguration. */
export async function reachDatabase(
  { databaseUrl, dataDirectory }: Config,
  ending: AbortSignal,
  report: (line: string) => void,
): Promise<ReachedDatabase> {
  if (databaseUrl) {
    await attributeTo("DATABASE_URL", () => assertUsable(databaseUrl));
    return { url: databaseUrl, stop: async () => undefined };
  }
  await attributeTo("DATA_DIR", () => assertWritableDirectory(dataDirectory));
  const directory = path.join(dataDirectory, "postgres");
  return await attributeTo("DATA_DIR", () => startEmbeddedPostgres({ directory, report, ending })).catch(
    (error: unknown) => {
      ending.throwIfAborted();
      throw error;
    },
  );
}

/** Checks that the data directory is writable, if the configuration needs one. Throws InvalidConfiguration. */
export async function openDataDirectory(config: Config): Promise<void> {
  const { databaseUrl, identityProvider, mail, kms, encryptionKeys, dataDirectory } = config;
  const isUnused = databaseUrl && identityProvider && mail && (kms || encryptionKeys);
  if (!isUnused) await attributeTo("DATA_DIR", () => assertWritableDirectory(dataDirectory));
}

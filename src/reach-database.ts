import path from "node:path";
import { attributeTo, type Config } from "./config/config";
import { assertWritableDirectory } from "./development/data-directory";
import { startEmbeddedPostgres } from "./development/postgres/start-postgres";
import { assertUsable } from "./store/engine/migrate";

/** A database that accepts connections. */
export interface ReachedDatabase {
  url: string;
  /** The server's own address; the same as `url` without a pooler. */
  directUrl: string;
  /** Stops the embedded server, if that is used. */
  stop(): Promise<void>;
}

/** Checks the configured database, or starts the embedded server. Throws InvalidConfiguration. */
export async function reachDatabase(
  { databaseUrl, databaseDirectUrl, dataDirectory }: Config,
  ending: AbortSignal,
  report: (line: string) => void,
): Promise<ReachedDatabase> {
  if (databaseUrl) {
    const isPooled = databaseDirectUrl !== null;
    await attributeTo("DATABASE_URL", () => assertUsable(databaseUrl, { isPooled }));
    if (isPooled) await attributeTo("DATABASE_DIRECT_URL", () => assertUsable(databaseDirectUrl));
    return { url: databaseUrl, directUrl: databaseDirectUrl ?? databaseUrl, stop: async () => undefined };
  }
  await attributeTo("DATA_DIR", () => assertWritableDirectory(dataDirectory));
  const directory = path.join(dataDirectory, "postgres");
  try {
    const { url, stop } = await attributeTo("DATA_DIR", () => startEmbeddedPostgres({ directory, report, ending }));
    return { url, directUrl: url, stop };
  } catch (error) {
    ending.throwIfAborted();
    throw error;
  }
}

/** Checks that the data directory is writable, if the configuration needs one. Throws InvalidConfiguration. */
export async function openDataDirectory(config: Config): Promise<void> {
  const { databaseUrl, identityProvider, mail, kms, encryptionKeys, dataDirectory } = config;
  const isUnused = databaseUrl && identityProvider && mail && (kms || encryptionKeys);
  if (!isUnused) await attributeTo("DATA_DIR", () => assertWritableDirectory(dataDirectory));
}

import path from "node:path";
import { blaming, type Config } from "./config/config";
import { assertWritableDirectory } from "./development/data-directory";
import { startEmbeddedPostgres } from "./development/postgres/start-postgres";
import { assertUsable } from "./store/engine/migrate";

/** A database that answers, and what lets go of it. */
export interface ReachedDatabase {
  url: string;
  stop(): Promise<void>;
}

/** The configured database, or the embedded server, which is started. Throws InvalidConfiguration. */
export async function reachDatabase(
  { databaseUrl, dataDirectory }: Config,
  ending: AbortSignal,
  report: (line: string) => void,
): Promise<ReachedDatabase> {
  if (databaseUrl) {
    await blaming("DATABASE_URL", () => assertUsable(databaseUrl));
    return { url: databaseUrl, stop: async () => undefined };
  }
  await blaming("DATA_DIR", () => assertWritableDirectory(dataDirectory));
  const directory = path.join(dataDirectory, "postgres");
  return await blaming("DATA_DIR", () => startEmbeddedPostgres({ directory, report, ending })).catch(
    (error: unknown) => {
      ending.throwIfAborted();
      throw error;
    },
  );
}

/** Makes sure of the data directory where anything is kept in it. Throws InvalidConfiguration. */
export async function openDataDirectory(config: Config): Promise<void> {
  const { databaseUrl, identityProvider, mail, kms, encryptionKeys, dataDirectory } = config;
  const keepsNothing = databaseUrl && identityProvider && mail && (kms || encryptionKeys);
  if (!keepsNothing) await blaming("DATA_DIR", () => assertWritableDirectory(dataDirectory));
}

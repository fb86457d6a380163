import { attributeTo, type Config, InvalidConfiguration } from "./config/config";
import type { ReadReplica } from "./context";
import type { Log } from "./log";
import { openDataDirectory, reachDatabase } from "./reach-database";
import type { Database } from "./store/engine/database";
import { assertOwnDatabase } from "./store/engine/database-identity";
import type { DatabaseOptions } from "./store/engine/database-options";
import { assertMigrated, migrate } from "./store/engine/migrate";
import { openDatabase } from "./store/engine/open-database";
import { NO_STANDBY_READS, Standby } from "./store/engine/standby";
import { ReadPositions } from "./store/read-positions";

/** The open database. */
export interface Store {
  /** The server's own address, not a pooler's. */
  directUrl: string;
  database: Database;
  /** The standby, if one is configured. */
  replica: ReadReplica | null;
}

export interface StoreOptions {
  config: Config;
  log: Log;
  ending: AbortSignal;
  onClose(stop: () => Promise<void>): void;
}

/** Reaches the database, migrates it or checks that it is migrated, and opens the connections to it. */
export async function openStore({ config, log, ending, onClose }: StoreOptions): Promise<Store> {
  await openDataDirectory(config);
  const { url, directUrl, stop } = await reachDatabase(config, ending, (line) => log.info(line));
  onClose(stop);
  if (config.migrateOnStart) await migrate(directUrl, ending);
  else await attributeTo("MIGRATE_ON_START", () => assertMigrated(directUrl));
  await attributeTo("DATABASE_URL", () => assertOwnDatabase(directUrl));
  const database = await openDatabase(url, databaseOptions(config));
  onClose(() => database.close());
  const replica = await openReplica(config, database, log);
  onClose(async () => replica?.standby.close());
  return { directUrl, database, replica };
}

/** The service also starts without a usable standby. Throws InvalidConfiguration on a distributed database. */
async function openReplica(
  { databaseReadUrl: url, connections }: Config,
  primary: Database,
  log: Log,
): Promise<ReadReplica | null> {
  if (url === null) return null;
  if (primary.isDistributed) throw new InvalidConfiguration(`DATABASE_READ_URL: ${NO_STANDBY_READS}`);
  const warn = (error: unknown) => log.warn({ err: error }, "the standby is not used");
  const standby = new Standby({ url, connections, primary, warn });
  await standby.open();
  return { standby, positions: new ReadPositions() };
}

function databaseOptions({ databaseDirectUrl, namedStatements, connections, lockTimeoutMs }: Config): DatabaseOptions {
  const { pool, lanes } = connections;
  return { directUrl: databaseDirectUrl, connections: pool, lanes, lockTimeoutMs, namedStatements };
}

import type { Config } from "../../config/config";
import { isPrepared, readPlace } from "../../store/engine/database-identity";
import { assertUsable, pendingMigrations } from "../../store/engine/migrate";
import { type Finding, find } from "./finding";
import { SERVER, type Server, serverFindings } from "./server-findings";
import { directFindings, poolerFindings, withClients } from "./session-findings";

const POOLED = "DATABASE_URL";

/** Checks the database server, the role's rights, the clock, the migrations, and a pooler in front. */
export async function databaseFindings(config: Config): Promise<Finding[]> {
  const { databaseUrl: url, databaseDirectUrl } = config;
  if (!url) return [{ level: "unused", subject: POOLED, text: "not set: the embedded PostgreSQL runs" }];
  const isPooled = databaseDirectUrl !== null;
  const advice = "Check that the server runs and is recent enough, and that host, port, user and password are right.";
  const found = isPooled
    ? await find(POOLED, advice, async () => {
        await assertUsable(url, { isPooled });
        return await pooledFindings(url, databaseDirectUrl, config.namedStatements);
      })
    : [];
  const subject = isPooled ? "DATABASE_DIRECT_URL" : POOLED;
  const direct = databaseDirectUrl ?? url;
  const findings = await find(subject, advice, async () => {
    await assertUsable(direct);
    const server = await readServer(direct);
    return [
      ...serverFindings(subject, server, new URL(direct).hostname, config),
      ...(await directFindings(subject, direct)),
      ...(await migrationFindings(direct, config.migrateOnStart)),
    ];
  });
  return [...found, ...findings];
}

async function readServer(url: string): Promise<Server> {
  return await withClients(url, 1, async (client) => {
    const rows = (await client?.query<Server>(SERVER, [Date.now() / 1000]))?.rows ?? [];
    if (!rows[0]) throw new Error("The server answered without a row.");
    return rows[0];
  });
}

async function pooledFindings(url: string, directUrl: string, namedStatements: boolean): Promise<Finding[]> {
  const found = await poolerFindings(POOLED, url, namedStatements);
  const [pooled, direct] = await Promise.all([url, directUrl].map(readPlace));
  if (pooled === direct) return found;
  const text = "it leads to another database than DATABASE_DIRECT_URL";
  const advice = "Correct host, port or database of one of them, or the pooler's [databases].";
  return [...found, { level: "problem", subject: POOLED, text, advice }];
}

async function migrationFindings(url: string, migrateOnStart: boolean): Promise<Finding[]> {
  const { length } = await pendingMigrations(url);
  const subject = "migrations";
  if (length > 0 && migrateOnStart)
    return [{ level: "ok", subject, text: `${length} are pending; the service runs them when it starts` }];
  if (length > 0) return [{ level: "problem", subject, text: `${length} are pending`, advice: "Run npm run migrate." }];
  const found: Finding[] = [{ level: "ok", subject, text: "none is pending" }];
  if (await isPrepared(url)) return found;
  const text = "this database was restored from a backup, copied or moved, and is not prepared";
  const advice = "Stop every replica, and run npm run restored: docs/operations.md, Restore.";
  return [...found, { level: "problem", subject: "backups", text, advice }];
}

import path from "node:path";
import { readConfig } from "./config";
import { isIdentifier } from "./domain/identifier";
import { startEmbeddedPostgres } from "./embedded/postgres/start-postgres";
import { openDatabase } from "./store/database";
import { verifyAuditLog } from "./store/verify-audit-log";

/** `npm run audit:verify -- ORGANIZATION_ID`: exits 0 where the log holds, 1 where it does not. */
async function main(organizationId: string | undefined): Promise<number> {
  if (!organizationId || !isIdentifier(organizationId)) {
    process.stderr.write("Say which organization: npm run audit:verify -- ORGANIZATION_ID\n");
    return 1;
  }
  const config = readConfig(process.env);
  const directory = path.join(config.dataDirectory, "postgres");
  const embedded = config.databaseUrl ? null : await startEmbeddedPostgres({ directory, report: () => undefined });
  const database = await openDatabase(config.databaseUrl ?? embedded?.url ?? "", 1);
  const found = await verifyAuditLog(database, organizationId);
  const detail = found.ok ? "every hash holds." : `then ${found.problem}.`;
  process.stdout.write(`${found.events} events verified; ${detail}\n`);
  await database.close();
  // A server that is serving already was only borrowed.
  if (embedded && !embedded.adopted) await embedded.stop();
  return found.ok ? 0 : 1;
}

main(process.argv[2]).then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  },
);

import { configure } from "../config/configure";
import { isIdentifier } from "../domain/identifier";
import { reachDatabase } from "../reach-database";
import { openDatabase } from "../store/engine/open-database";
import { verifyAuditLog } from "../store/events/verify-audit-log";

/** `npm run audit:verify -- ORGANIZATION_ID`: checks the hashes of the event log. Exits with 1 if one is wrong. */
async function main(organizationId: string | undefined): Promise<number> {
  if (!organizationId || !isIdentifier(organizationId)) {
    process.stderr.write("Name the organization: npm run audit:verify -- ORGANIZATION_ID\n");
    return 1;
  }
  const config = configure(process.env);
  const { directUrl, stop } = await reachDatabase(config, new AbortController().signal, () => undefined);
  const database = await openDatabase(directUrl, { connections: 1, lanes: 0 });
  const found = await verifyAuditLog(database, organizationId);
  const detail = found.ok ? "every hash holds." : `then ${found.problem}.`;
  const gone = found.removed > 0 ? ` ${found.removed} older events were removed after their time.` : "";
  process.stdout.write(`${found.events} events verified; ${detail}${gone}\n`);
  await database.close();
  await stop();
  return found.ok ? 0 : 1;
}

main(process.argv[2]).then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  },
);

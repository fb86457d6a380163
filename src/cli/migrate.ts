import { configure } from "../config/configure";
import { reachDatabase } from "../reach-database";
import { migrate, pendingMigrations } from "../store/engine/migrate";

/**
 * `npm run migrate`: runs the pending migrations, and nothing else. For deployments whose service must not change tables
 * (MIGRATE_ON_START=false). Several may run at once; they take turns.
 */
async function main(): Promise<void> {
  const config = configure(process.env);
  const { directUrl, stop } = await reachDatabase(config, new AbortController().signal, () => undefined);
  const { length } = await pendingMigrations(directUrl);
  await migrate(directUrl);
  await stop();
  process.stdout.write(length === 0 ? "No migration was pending.\n" : `Migrations that ran: ${length}.\n`);
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  },
);

import type { ClientBase } from "pg";
import { HAS_CITUS, HAS_DIRECTORIES } from "./citus";
import { assertUnused } from "./database-identity";
import { type Catalog, KEPT, type Part, planOf, type Step } from "./distribution-plan";
import { pendingMigrations, withMigrationLock } from "./migrate";

/** A copy of a large table takes hours. */
const STATEMENT_MS = 86_400_000;

const NO_CITUS =
  "This database does not have the extension Citus. Install Citus on the coordinator and on every worker, name it in " +
  "shared_preload_libraries, run CREATE EXTENSION citus in this database on each of them, and add the workers on the " +
  "coordinator with SELECT citus_add_node('HOST', 5432). Then run this again. Nothing was changed.";
const IS_WORKER = "This is a worker. Run this on the coordinator. Nothing was changed.";
const NO_WORKERS =
  "No node of the cluster may hold rows. Add workers with SELECT citus_add_node('HOST', 5432) on the coordinator, and run " +
  "this again. Nothing was changed.";

/**
 * Later migrations replace triggers. Citus calls these unsafe, because a trigger could write rows of another node. And a
 * transaction waits for locks on the nodes, so its limit has to hold there.
 */
const SETTINGS = `
  DO $$ BEGIN
    EXECUTE format('ALTER DATABASE %I SET citus.enable_unsafe_triggers = on', current_database());
    EXECUTE format('ALTER DATABASE %I SET citus.propagate_set_commands = local', current_database());
  END $$`;

/**
 * Distributes the tables of organizations over the nodes of a Citus cluster, and reports each step. Each step is one
 * transaction, and the plan follows from what the database has: a run that was killed is continued by the next one, and no
 * service starts in between. Returns the number of steps.
 */
export async function distribute(url: string, report: (line: string) => void): Promise<number> {
  return await withMigrationLock(url, STATEMENT_MS, async (client) => {
    await assertCluster(client);
    await assertReady(client, url);
    const steps = planOf(await readCatalog(client));
    if (steps.length > 0) await client.query(SETTINGS);
    await run(client, steps, report);
    return steps.length;
  });
}

/** Throws unless the database belongs to a Citus cluster with workers, and is its coordinator's. */
export async function assertCluster(client: ClientBase): Promise<void> {
  const { rowCount } = await client.query(`SELECT WHERE ${HAS_CITUS}`);
  if (!rowCount) throw new Error(NO_CITUS);
  const { rows } = await client.query(
    `SELECT citus_is_coordinator() AS "isCoordinator", EXISTS (SELECT FROM pg_dist_node) AS "hasNodes",
      EXISTS (SELECT FROM pg_dist_node WHERE shouldhaveshards AND isactive) AS "hasWorkers"`,
  );
  const { isCoordinator, hasNodes, hasWorkers } = rows[0];
  // Before it gets its first node, a server does not know that it is the coordinator.
  if (hasNodes && !isCoordinator) throw new Error(IS_WORKER);
  if (!hasWorkers) throw new Error(NO_WORKERS);
}

/** Throws if a migration has not run, or a service is connected. */
export async function assertReady(client: ClientBase, url: string): Promise<void> {
  const { length } = await pendingMigrations(url);
  if (length > 0) {
    throw new Error(`Migrations that have not run: ${length}. Run npm run migrate first. Nothing was changed.`);
  }
  await assertUnused(client);
}

/** Runs steps, each in its transaction. */
export async function run(client: ClientBase, steps: readonly Step[], report: (line: string) => void): Promise<void> {
  for (const [index, { title, statements }] of steps.entries()) {
    report(`${index + 1}/${steps.length} ${title}.`);
    await client.query("BEGIN");
    try {
      for (const statement of statements) await client.query(statement);
      await client.query("COMMIT");
    } catch (error) {
      await client.query("ROLLBACK");
      throw error;
    }
  }
}

const TABLES = `
  SELECT relname AS name FROM pg_class
  WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition ORDER BY 1`;
const PLACED = "SELECT logicalrelid::text AS name FROM pg_dist_partition WHERE partmethod = 'h' OR repmodel = 't'";
const FOREIGN_KEYS = `
  SELECT conrelid::regclass::text AS table, conname AS name,
    format('ALTER TABLE %s ADD CONSTRAINT %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) AS definition
  FROM pg_constraint
  WHERE contype = 'f' AND conparentid = 0 AND connamespace = 'public'::regnamespace ORDER BY 1, 2`;
const INDEXES = `
  SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('i', 'I')`;
const TRIGGERS = `
  SELECT c.relname AS table, tgname AS name, pg_get_triggerdef(pg_trigger.oid) AS definition FROM pg_trigger JOIN pg_class c ON c.oid = tgrelid
  WHERE NOT tgisinternal AND tgparentid = 0 AND c.relnamespace = 'public'::regnamespace ORDER BY 1, 2`;

/** Reads what `planOf` needs. A server without Citus has no table placed. */
export async function readCatalog(client: ClientBase): Promise<Catalog> {
  const read = async <Row extends object>(sql: string): Promise<Row[]> => (await client.query<Row>(sql)).rows;
  const names = async (sql: string) => (await read<{ name: string }>(sql)).map(({ name }) => name);
  const [known] = await read<{ citus: boolean; begun: boolean }>(
    `SELECT to_regclass('pg_dist_partition') IS NOT NULL AS citus, to_regclass('${KEPT}') IS NOT NULL AS begun`,
  );
  return {
    tables: await names(TABLES),
    placed: known?.citus ? await names(PLACED) : [],
    hasDirectories: known?.citus === true && (await read(`SELECT WHERE ${HAS_DIRECTORIES}`)).length > 0,
    foreignKeys: await read<Part>(FOREIGN_KEYS),
    dropped: known?.begun ? await read<Part>(`SELECT * FROM ${KEPT} ORDER BY "table", name`) : null,
    indexes: await names(INDEXES),
    triggers: await read<Part>(TRIGGERS),
  };
}

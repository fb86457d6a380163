import { Client } from "pg";
import { standbyFindings } from "../../src/cli/doctor/standby-findings";
import { InvalidConfiguration, readConfig } from "../../src/config/config";
import { openStore } from "../../src/open-store";
import { assertOwnDatabase } from "../../src/store/engine/database-identity";
import { assertCluster, assertReady, distribute, readCatalog, run } from "../../src/store/engine/distribute";
import {
  DIRECTORIES,
  DISTRIBUTED_TABLES,
  LOCAL_TABLES,
  OLD_KEYS,
  OLD_TRIGGERS,
} from "../../src/store/engine/distribution";
import { planOf, type Step } from "../../src/store/engine/distribution-plan";
import type { Reader, Statement } from "../../src/store/engine/statement";
import { readBound } from "../../src/store/events/settled-bound";
import { cloneDatabase } from "../support/template-database";
import { silentLog } from "../support/world";

let database: { url: string; drop(): Promise<void> };
let client: Client;
beforeEach(async () => {
  database = await cloneDatabase();
  client = new Client({ connectionString: database.url });
  await client.connect();
});
afterEach(async () => {
  await client.end();
  await database.drop();
});

const rows = async (sql: string) => (await client.query(sql)).rows;
const plan = async () => planOf(await readCatalog(client));
const foreignKeys = () =>
  rows(`SELECT conrelid::regclass::text AS table, conname AS name, pg_get_constraintdef(oid) AS definition
    FROM pg_constraint WHERE contype = 'f' AND conparentid = 0 ORDER BY 1, 2`);
const triggers = () =>
  rows(`SELECT tgrelid::regclass::text AS table, tgname AS name, pg_get_triggerdef(oid) AS definition FROM pg_trigger
    WHERE NOT tgisinternal AND tgparentid = 0 AND tgname <> ALL ('{${OLD_TRIGGERS.join()}}') ORDER BY 1, 2`);
const callsOf = (steps: readonly Step[], name: string) =>
  steps.flatMap(({ statements }) => statements).filter((statement) => statement.includes(name));

/** Citus's functions as they look from outside: each notes its table in the catalog. */
async function pretendCitus(): Promise<void> {
  await client.query(`
    CREATE SCHEMA citus;
    CREATE TABLE citus.pg_dist_partition (logicalrelid regclass, partmethod "char", repmodel "char");
    CREATE FUNCTION citus.create_reference_table(regclass) RETURNS void LANGUAGE sql
      AS $$ INSERT INTO citus.pg_dist_partition VALUES ($1, 'n', 't') $$;
    CREATE FUNCTION citus.create_distributed_table(regclass, text, colocate_with text) RETURNS void LANGUAGE sql
      AS $$ INSERT INTO citus.pg_dist_partition VALUES ($1, 'h', 's') $$;
    CREATE FUNCTION citus.citus_add_local_table_to_metadata(regclass) RETURNS void LANGUAGE sql
      AS $$ INSERT INTO citus.pg_dist_partition VALUES ($1, 'n', 's') $$;
    CREATE FUNCTION citus.truncate_local_data_after_distributing_table(regclass) RETURNS void LANGUAGE sql AS 'SELECT';
    SET search_path = public, citus`);
}

test("Without the extension, npm run distribute says what to install, and changes nothing", async () => {
  const before = await readCatalog(client);
  await client.end();
  const lines: string[] = [];
  await expect(distribute(database.url, (line) => lines.push(line))).rejects.toThrow(
    /does not have the extension Citus.*CREATE EXTENSION citus.*citus_add_node.*Nothing was changed/,
  );
  expect(lines).toEqual([]);
  client = new Client({ connectionString: database.url });
  await client.connect();
  expect(await readCatalog(client)).toEqual(before);
});

/** A server that answers questions about its cluster. */
const clusterOf = (cluster: object) =>
  ({
    query: (sql: string) => Promise.resolve(sql.includes("pg_dist_node") ? { rows: [cluster] } : { rowCount: 1 }),
  }) as unknown as Client;

test("A worker, and a coordinator without workers, say where to run it and what to add", async () => {
  const [worker, lonely] = [/worker\. Run this on the coordinator.*Nothing/, /citus_add_node.*Nothing was changed/];
  const server = { isCoordinator: true, hasNodes: true, hasWorkers: true };
  await assertCluster(clusterOf(server));
  await expect(assertCluster(clusterOf({ ...server, isCoordinator: false }))).rejects.toThrow(worker);
  await expect(assertCluster(clusterOf({ ...server, hasWorkers: false }))).rejects.toThrow(lonely);
  const unset = { isCoordinator: false, hasNodes: false, hasWorkers: false };
  await expect(assertCluster(clusterOf(unset))).rejects.toThrow(lonely);
});

test("A pending migration, or a service that is connected, prevents it", async () => {
  await assertReady(client, database.url);
  const service = new Client({ connectionString: database.url, application_name: "organizations" });
  await service.connect();
  await expect(assertReady(client, database.url)).rejects.toThrow("Stop every replica first");
  await service.end();
  await client.query("DELETE FROM migrations WHERE timestamp = (SELECT max(timestamp) FROM migrations)");
  await expect(assertReady(client, database.url)).rejects.toThrow(/not run: 1\. Run npm run migrate first/);
});

describe("The plan", () => {
  test("distributes each table of organizations once, beside organization, and copies people", async () => {
    await client.query(
      "CREATE TABLE usage_ledger_2026_11 PARTITION OF usage_ledger FOR VALUES FROM ('2026-11-01') TO ('2026-12-01')",
    );
    const steps = await plan();
    const expected = Object.entries(DISTRIBUTED_TABLES).map(([table, column]) => {
      const beside = table === "organization" ? "none" : "organization";
      return `SELECT create_distributed_table('${table}', '${column}', colocate_with => '${beside}')`;
    });
    expect(expected[0]).toContain("'organization', 'id'");
    expect(callsOf(steps, "create_distributed_table")).toEqual(expected);
    expect(callsOf(steps, "create_reference_table")).toEqual(["SELECT create_reference_table('user_account')"]);
    for (const table of LOCAL_TABLES) {
      const isDirectory = DIRECTORIES.some((directory) => directory === table);
      const known = isDirectory ? [expect.stringContaining(`citus_add_local_table_to_metadata('${table}')`)] : [];
      expect(callsOf(steps, `'${table}'`)).toEqual(known);
    }
  });

  test("takes every foreign key and trigger away before the tables move, and adds it again afterwards", async () => {
    const keys = await foreignKeys();
    const statements = (await plan()).flatMap((step) => step.statements);
    const first = statements.findIndex((statement) => statement.includes("create_reference_table"));
    const last = statements.findLastIndex((statement) => statement.includes("create_distributed_table"));
    expect(keys.length).toBeGreaterThan(30);
    const isAway = (drop: string, create: string) => {
      expect(statements).toContain(drop);
      expect(statements.indexOf(drop)).toBeLessThan(first);
      expect(statements.indexOf(create)).toBeGreaterThan(last);
    };
    for (const { table, name, definition } of keys) {
      const change = `ALTER TABLE ${table}`;
      isAway(`${change} DROP CONSTRAINT ${name}`, `${change} ADD CONSTRAINT ${name} ${definition}`);
    }
    const counting = await triggers();
    expect(counting.length).toBeGreaterThan(10);
    for (const { table, name, definition } of counting) isAway(`DROP TRIGGER ${name} ON ${table}`, definition);
  });

  test("refuses a table whose place is not known", async () => {
    await client.query("CREATE TABLE novelty (organization_id uuid REFERENCES organization (id))");
    await expect(plan()).rejects.toThrow(/novelty.*distribution\.ts/);
  });

  test("refuses a database that lacks a table", async () => {
    await client.query("DROP TABLE credit_alert");
    await expect(plan()).rejects.toThrow("lacks these tables: credit_alert");
  });

  test("is empty for a database that is distributed", async () => {
    await pretendCitus();
    await run(client, await plan(), () => undefined);
    expect(await plan()).toEqual([]);
  });
});

test("A run that fails at any table is continued by the next one, and no service starts in between", async () => {
  const before = [...(await foreignKeys()), ...(await triggers())];
  await pretendCitus();
  const tables = ["organization", "member", "usage_ledger"];
  for (const table of tables) {
    // The first two statements of a step are what Citus does; the third fails, as a killed run's would.
    const steps = (await plan()).map((step) =>
      callsOf([step], `create_distributed_table('${table}'`).length > 0
        ? { ...step, statements: [...step.statements, "SELECT 1 / 0"] }
        : step,
    );
    await expect(run(client, steps, () => undefined)).rejects.toThrow("division by zero");
    const placed = (await readCatalog(client)).placed;
    expect(placed).not.toContain(table);
    expect(placed).toHaveLength([...Object.keys(DISTRIBUTED_TABLES)].indexOf(table) + 1);
    await expect(assertOwnDatabase(database.url)).rejects.toThrow("npm run distribute did not end");
  }
  // Fails while the foreign keys come back.
  const steps = await plan();
  await expect(run(client, [...steps.slice(0, -10), broken], () => undefined)).rejects.toThrow("division by zero");
  expect([...(await foreignKeys()), ...(await triggers())]).toHaveLength(before.length - 9);
  const lines: string[] = [];
  await run(client, await plan(), (line) => lines.push(line));
  expect(lines.at(-1)).toMatch(/^(\d+)\/\1 Finish\.$/);
  expect([...(await foreignKeys()), ...(await triggers())]).toEqual(before);
  await assertOwnDatabase(database.url);
  const { indexes, ...after } = await readCatalog(client);
  for (const key of OLD_KEYS) expect(indexes).not.toContain(key);
  for (const trigger of OLD_TRIGGERS) expect(after.triggers.map(({ name }) => name)).not.toContain(trigger);
});

test("On several nodes, a read of the feed takes the snapshot where events get their positions", async () => {
  const { rows: before } = await client.query("SELECT pg_current_xact_id()::text AS id");
  await client.query(`CREATE FUNCTION run_command_on_workers(text) RETURNS TABLE (success boolean, result text)
    LANGUAGE sql AS $$ SELECT true, '[]' $$`);
  const reader: Reader = {
    rows: async <Row>({ text }: Statement, values: readonly unknown[]) =>
      (await client.query(text, [...values])).rows as Row[],
  };
  const bound = await readBound(reader, { isDistributed: true });
  expect(bound?.last).toBeGreaterThanOrEqual(Number(before[0].id));
});

test("A distributed database has no standby for reads: the service does not start, and the doctor says why", async () => {
  const { pathname } = new URL(database.url);
  await client.query(`
    CREATE SCHEMA pretended;
    CREATE TABLE pretended.pg_extension AS SELECT 'citus'::name AS extname;
    CREATE TABLE pretended.pg_dist_partition (logicalrelid regclass);
    ALTER DATABASE "${pathname.slice(1)}" SET search_path = pretended, pg_catalog, public`);
  const readUrl = Object.assign(new URL(database.url), { pathname: "/another" }).toString();
  const config = readConfig({ DATABASE_URL: database.url, DATABASE_READ_URL: readUrl });
  const stops: Array<() => Promise<void>> = [];
  const onClose = (stop: () => Promise<void>) => stops.push(stop);
  const ending = new AbortController().signal;
  const opening = openStore({ config, log: silentLog, ending, onClose });
  await expect(opening).rejects.toThrow(/^DATABASE_READ_URL: expected no standby on a distributed database \(Citus\)/);
  await expect(opening).rejects.toBeInstanceOf(InvalidConfiguration);
  for (const stop of stops.reverse()) await stop();
  expect(await standbyFindings(config)).toMatchObject([
    { level: "problem", subject: "DATABASE_READ_URL", text: expect.stringContaining("no standby on a distributed") },
  ]);
});

const broken: Step = { title: "Fail", statements: ["SELECT 1 / 0"] };

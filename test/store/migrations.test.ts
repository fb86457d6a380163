import { createDataSource } from "../../src/store/engine/data-source";
import { assertOwnDatabase, recordIdentity, withClient } from "../../src/store/engine/database-identity";
import { migrate, pendingMigrations } from "../../src/store/engine/migrate";
import { cloneDatabase } from "../support/template-database";

let url: string;
let drop: () => Promise<void>;
beforeAll(async () => {
  ({ url, drop } = await cloneDatabase());
});
afterAll(() => drop());

test("entities and migrations show no drift", async () => {
  const dataSource = await createDataSource(url, 1).initialize();
  const { upQueries } = await dataSource.driver.createSchemaBuilder().log();
  await dataSource.destroy();
  expect(upQueries.map(({ query }) => query)).toEqual([]);
});

test("every migration can be reverted and run again", async () => {
  const dataSource = await createDataSource(url, 1).initialize();
  for (const _ of dataSource.migrations) await dataSource.undoLastMigration();
  await dataSource.destroy();
  expect(await pendingMigrations(url)).not.toEqual([]);
  await migrate(url);
  expect(await pendingMigrations(url)).toEqual([]);
});

test("eight replicas that start at the same time migrate a database once", async () => {
  const dataSource = await createDataSource(url, 1).initialize();
  for (const _ of dataSource.migrations) await dataSource.undoLastMigration();
  await dataSource.destroy();
  await Promise.all(Array.from({ length: 8 }, () => migrate(url)));
  expect(await pendingMigrations(url)).toEqual([]);
});

test("a server that was recovered to a point in time must be prepared, each time", async () => {
  await assertOwnDatabase(url);
  const stoppedAt = (target: string) =>
    withClient(url, async (client) => {
      await client.query("CREATE SCHEMA IF NOT EXISTS recovered");
      await client.query(`CREATE OR REPLACE FUNCTION recovered.current_setting(name text) RETURNS text LANGUAGE sql
        AS $$ SELECT CASE name WHEN 'recovery_target_time' THEN '${target}' ELSE '' END $$`);
    });
  const server = `${url}?options=${encodeURIComponent("-c search_path=recovered,pg_catalog,public")}`;
  await stoppedAt("2026-11-26 03:14:00+00");
  await expect(assertOwnDatabase(server)).rejects.toThrow("npm run restored");
  await recordIdentity(server);
  await assertOwnDatabase(server);
  await stoppedAt("2026-11-27 03:14:00+00");
  await expect(assertOwnDatabase(server)).rejects.toThrow("npm run restored");
  await stoppedAt("");
  await assertOwnDatabase(server);
  await withClient(url, (client) => client.query("DROP SCHEMA recovered CASCADE"));
});

import { createDataSource } from "../../src/store/engine/data-source";
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

test("every migration goes down and up again", async () => {
  const dataSource = await createDataSource(url, 1).initialize();
  for (const _ of dataSource.migrations) await dataSource.undoLastMigration();
  await dataSource.destroy();
  expect(await pendingMigrations(url)).not.toEqual([]);
  await migrate(url);
  expect(await pendingMigrations(url)).toEqual([]);
});

test("eight replicas that start at once migrate a database once", async () => {
  const dataSource = await createDataSource(url, 1).initialize();
  for (const _ of dataSource.migrations) await dataSource.undoLastMigration();
  await dataSource.destroy();
  await Promise.all(Array.from({ length: 8 }, () => migrate(url)));
  expect(await pendingMigrations(url)).toEqual([]);
});

import { Client } from "pg";
import type { DataSource } from "typeorm";
import { lockTables, withShortLocks } from "../../migrations/support/online";
import { createDataSource } from "../../src/store/engine/data-source";
import { migrate } from "../../src/store/engine/migrate";
import { EarlierReplica, INCONSISTENT, undoMigrationsSince } from "../support/earlier-replica";
import { cloneDatabase } from "../support/template-database";

const FIRST = 1796100000000;

let url: string;
let drop: () => Promise<void>;
let dataSource: DataSource;
let client: Client;
beforeEach(async () => {
  ({ url, drop } = await cloneDatabase());
  dataSource = await createDataSource(url, 1).initialize();
  await undoMigrationsSince(dataSource, FIRST);
  client = new Client({ connectionString: url });
  await client.connect();
});
afterEach(async () => {
  await client.end();
  await dataSource.destroy();
  await drop();
});

const differences = async () => (await dataSource.driver.createSchemaBuilder().log()).upQueries;

const inconsistent = async () => (await client.query(INCONSISTENT)).rows;

test("replicas of the earlier version write while the keys change, and afterwards", async () => {
  const own = new Client({ connectionString: url });
  const [before, during] = [new EarlierReplica(client), new EarlierReplica(own)];
  for (let n = 0; n < 3; n++) await before.write();
  await own.connect();
  const migrated = migrate(url).then(() => true);
  let isMigrated = false;
  while (!isMigrated) {
    await during.write();
    isMigrated = await Promise.race([migrated, Promise.resolve(false)]);
  }
  await during.write();
  await own.end();
  expect(await inconsistent()).toEqual([]);
  expect(before.written + during.written).toBe(await before.count());
  expect(await differences()).toEqual([]);
});

test("a customer and a personal organization stay unique for replicas of the earlier version, too", async () => {
  const replica = new EarlierReplica(client);
  await replica.write();
  await migrate(url);
  await replica.write();
  const [one, other] = await replica.organizationIds();
  const customer = "UPDATE organization_subscription SET provider_customer_id = 'cus' WHERE organization_id = $1";
  await client.query(customer, [one]);
  await client.query(customer, [one]);
  await expect(client.query(customer, [other])).rejects.toMatchObject({ code: "23505" });
  expect(await inconsistent()).toEqual([]);
});

test("a transaction that stays open holds up a migration, but no request behind it", async () => {
  await migrate(url);
  await undoMigrationsSince(dataSource, 1796400000000);
  const replica = new EarlierReplica(client);
  await replica.write();
  const open = new Client({ connectionString: url });
  await open.connect();
  await open.query("BEGIN");
  await open.query("UPDATE organization SET name = 'Held'");
  const migrated = migrate(url);
  const waiting = "SELECT FROM pg_locks WHERE NOT granted AND relation = 'organization'::regclass";
  while ((await client.query(waiting)).rows.length === 0);
  await replica.write();
  await open.query("COMMIT");
  await open.end();
  await migrated;
  expect(await differences()).toEqual([]);
});

test("a migration that waits for several tables keeps none of them from a change that is running", async () => {
  const change = new Client({ connectionString: url });
  await change.connect();
  await change.query("BEGIN");
  await change.query("SELECT FROM organization FOR NO KEY UPDATE");
  await change.query("UPDATE workspace SET updated_at = now()");
  const runner = dataSource.createQueryRunner();
  const locked = withShortLocks(runner, lockTables("workspace_assignment, workspace"));
  const waiting = `
    SELECT FROM pg_locks JOIN pg_database d ON d.oid = database AND datname = current_database()
    WHERE NOT granted AND mode IN ('ExclusiveLock', 'AccessExclusiveLock')`;
  while ((await client.query(waiting)).rows.length === 0);
  // The migration waits for longer than this.
  await change.query("SET LOCAL lock_timeout = '10ms'");
  await change.query("UPDATE workspace_assignment SET role_override = NULL");
  await change.query("COMMIT");
  await change.end();
  await locked;
  await runner.release();
});

const ITEMS = 450;

/** Starts an access review as the earlier version does: every second member has no access, which is a finding. */
async function startReview(organizationId: string | undefined): Promise<void> {
  await client.query(
    `INSERT INTO access_review (organization_id, id, name, status, started_at, due_at, item_count, decided_count, reminders)
     VALUES ($1, $1, 'R', 'OPEN', now(), now(), $2, 0, 0)`,
    [organizationId, ITEMS],
  );
  await client.query(
    `INSERT INTO access_review_item
       (organization_id, review_id, position, id, member_id, user_id, user_name, role, grants, joined_at)
     SELECT $1, $1, n, gen_random_uuid(), gen_random_uuid(), (SELECT id FROM user_account LIMIT 1), 'U',
       CASE n % 2 WHEN 0 THEN 'ADMIN' ELSE 'VIEWER' END, '[]', now() FROM generate_series(0, $2::int - 1) n`,
    [organizationId, ITEMS],
  );
}

test("each migration continues after an interruption at any statement", async () => {
  const replica = new EarlierReplica(client);
  for (let n = 0; n < 2; n++) await replica.write();
  await startReview((await replica.organizationIds())[0]);
  const isNewer = ({ name = "" }) => Number(name.slice(-13)) >= FIRST;
  for (const migration of dataSource.migrations.filter((each) => isNewer(each) && each.transaction === false)) {
    for (let limit = 1, isDone = false; !isDone; limit += 3) {
      const runner = dataSource.createQueryRunner();
      const query = runner.query.bind(runner);
      let sent = 0;
      runner.query = async (text: string, values?: unknown[]) => {
        if (text !== "ROLLBACK" && ++sent > limit) throw new Error("stopped");
        return await query(text, values);
      };
      isDone = await migration.up(runner).then(
        () => true,
        (error: Error) => {
          expect(error.message).toBe("stopped");
          return false;
        },
      );
      await runner.release();
      await replica.write();
    }
  }
  // Interrupted again, before they were recorded.
  await migrate(url);
  expect(await inconsistent()).toEqual([]);
  expect(await differences()).toEqual([]);
  const { rows } = await client.query("SELECT position FROM access_review_item WHERE findings_order = 0 ORDER BY 1");
  expect(rows.map(({ position }) => position)).toEqual(Array.from({ length: ITEMS / 2 }, (_, n) => 2 * n + 1));
});

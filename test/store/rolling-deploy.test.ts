import { Client } from "pg";
import type { DataSource } from "typeorm";
import { createDataSource } from "../../src/store/engine/data-source";
import { migrate } from "../../src/store/engine/migrate";
import { EarlierReplica } from "../support/earlier-replica";
import { cloneDatabase } from "../support/template-database";

const [FIRST, LAST] = [1796300000000, 1796300300000];

let url: string;
let drop: () => Promise<void>;
let dataSource: DataSource;
let client: Client;
beforeEach(async () => {
  ({ url, drop } = await cloneDatabase());
  dataSource = await createDataSource(url, 1).initialize();
  const isUndone = async () => {
    const [{ last }] = await dataSource.query("SELECT max(timestamp) AS last FROM migrations");
    return Number(last) < FIRST;
  };
  while (!(await isUndone())) await dataSource.undoLastMigration();
  client = new Client({ connectionString: url });
  await client.connect();
});
afterEach(async () => {
  await client.end();
  await dataSource.destroy();
  await drop();
});

const differences = async () => (await dataSource.driver.createSchemaBuilder().log()).upQueries;

/** Rows whose organization_id differs from their parent's. */
const INCONSISTENT = `
  SELECT 'link' AS kind, encode(t.token_hash, 'escape') AS id FROM invitation_token t
  JOIN invitation i ON i.id = t.invitation_id WHERE t.organization_id <> i.organization_id
  UNION ALL SELECT 'grant', g.invitation_id::text FROM invitation_workspace g
  JOIN invitation i ON i.id = g.invitation_id WHERE g.organization_id <> i.organization_id
  UNION ALL SELECT 'personal', o.id::text FROM organization o
  JOIN user_account u ON u.id = o.personal_for_id WHERE u.personal_organization_id IS DISTINCT FROM o.id
  UNION ALL SELECT 'handed on', u.id FROM user_account u WHERE u.personal_organization_id IS NOT NULL
    AND NOT EXISTS (SELECT FROM organization o WHERE o.id = u.personal_organization_id AND o.personal_for_id = u.id)
  UNION ALL SELECT 'customer', s.provider_customer_id FROM organization_subscription s
  LEFT JOIN provider_customer c ON c.id = s.provider_customer_id
  WHERE s.provider_customer_id IS NOT NULL AND c.organization_id IS DISTINCT FROM s.organization_id`;

const inconsistent = async () => (await client.query(INCONSISTENT)).rows;

test("replicas of the earlier version write while the keys change, and afterwards", async () => {
  const [before, during] = [new EarlierReplica(client), new EarlierReplica(new Client({ connectionString: url }))];
  for (let n = 0; n < 3; n++) await before.write();
  await during.client.connect();
  const migrated = migrate(url).then(() => true);
  let isMigrated = false;
  while (!isMigrated) {
    await during.write();
    isMigrated = await Promise.race([migrated, Promise.resolve(false)]);
  }
  await during.write();
  await during.client.end();
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

test("each migration continues after an interruption at any statement", async () => {
  const replica = new EarlierReplica(client);
  for (let n = 0; n < 2; n++) await replica.write();
  const timeOf = ({ name = "" }) => Number(name.slice(-13));
  for (const migration of dataSource.migrations.filter((each) => timeOf(each) >= FIRST && timeOf(each) <= LAST)) {
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
});

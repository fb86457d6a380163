import { commands } from "../../src/commands";
import { RESTORABLE_MS } from "../../src/domain/organization";
import { sweepLeftovers } from "../../src/jobs/sweep";
import type { Database } from "../../src/store/engine/database";
import { storeCustomer } from "../../src/store/provider-customer";
import { beginPurge, purgeOrganizations } from "../../src/store/purge";
import { spend } from "../support/metering";
import { outcomeOf, type TestOrganization, World } from "../support/world";

let world: World;
beforeEach(async () => {
  world = await World.create();
});
afterEach(() => world.close());

/** A deleted organization with rows in every table. */
async function deleted(): Promise<TestOrganization> {
  const acme = await world.organization();
  const workspaceId = await acme.workspace("Prod");
  await acme.member("DEVELOPER", [workspaceId]);
  await acme.invite("ivo@example.com", "VIEWER", [workspaceId]);
  await spend(world, workspaceId, 4);
  await world.query(
    `INSERT INTO byok_config (id, organization_id, access_key_id_hint, is_temporary, region, inference_profile, fallback,
       enabled, version, master_key_id, wrapped_key, sealed_access_key_id, sealed_secret_access_key, created_at, updated_at)
     VALUES (gen_random_uuid(), $1, 'AKIA…', false, 'us-east-1', 'US', 'DENY', true, gen_random_uuid(), 'k', '\\x', '\\x',
       '\\x', now(), now())`,
    acme.id,
  );
  await world.query("INSERT INTO credit_alert VALUES ($1, now(), 80)", acme.id);
  await world.query("INSERT INTO provider_lease VALUES ($1, gen_random_uuid(), now())", acme.id);
  const dueAt = new Date(world.clock.now().getTime() + 1);
  await acme.owner.run(commands.startAccessReview, { organizationId: acme.id, name: "Q1", dueAt });
  await acme.owner.run(commands.deleteOrganization, { organizationId: acme.id, confirmName: "Acme" });
  await storeCustomer(world.database, acme.id, `cus_${acme.id}`);
  return acme;
}

const sweep = (database: Database = world.database) => sweepLeftovers({ ...world.replica(), database });

/** The number of an organization's rows in each table that the catalog lists with organization_id. */
async function rowsOf(id: string): Promise<Record<string, number>> {
  const tables = await world.query<{ name: string }>(
    `SELECT c.oid::regclass::text AS name FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
     WHERE a.attname = 'organization_id' AND NOT a.attisdropped AND c.relkind IN ('r', 'p') AND NOT c.relispartition
       AND c.relnamespace = 'public'::regnamespace ORDER BY 1`,
  );
  const counts: Record<string, number> = {};
  for (const { name } of tables) {
    const [row] = await world.query<{ n: number }>(
      `SELECT count(*)::int AS n FROM ${name} WHERE organization_id = $1`,
      id,
    );
    counts[name] = row?.n ?? -1;
  }
  const [own] = await world.query<{ n: number }>("SELECT count(*)::int AS n FROM organization WHERE id = $1", id);
  return { ...counts, organization: own?.n ?? -1 };
}

const TABLES = [
  ...[
    "access_review",
    "access_review_item",
    "byok_config",
    "credit_alert",
    "invitation",
    "member",
    "organization",
    "organization_event",
  ],
  ...[
    "organization_subscription",
    "provider_customer",
    "provider_lease",
    "usage_day",
    "usage_hour",
    "usage_ledger",
    "workspace",
  ],
  "workspace_assignment",
];

test("a purged organization leaves no row in any table, and another organization keeps all of its rows", async () => {
  const acme = await deleted();
  world.clock.pass(1);
  const other = await deleted();
  const before = await rowsOf(acme.id);
  for (const table of TABLES) expect([table, before[table]]).not.toEqual([table, 0]);
  const others = await rowsOf(other.id);
  world.clock.pass(RESTORABLE_MS - 1);
  await sweep();
  expect(Object.entries(await rowsOf(acme.id)).filter(([, count]) => count !== 0)).toEqual([]);
  expect(await rowsOf(other.id)).toEqual(others);
});

test("an organization can be restored with everything until a millisecond before 30 days have passed, and is then purged", async () => {
  const acme = await deleted();
  const before = await rowsOf(acme.id);
  const restore = () => outcomeOf(acme.owner.run(commands.restoreOrganization, { organizationId: acme.id }));
  world.clock.pass(RESTORABLE_MS - 1);
  await sweep();
  expect(await rowsOf(acme.id)).toEqual(before);
  expect(await restore()).toBe("ok");
  await acme.owner.run(commands.deleteOrganization, { organizationId: acme.id, confirmName: "Acme" });
  world.clock.pass(RESTORABLE_MS);
  expect(await restore()).toBe("NOT_FOUND");
  await sweep();
  expect((await rowsOf(acme.id)).organization).toBe(0);
});

test("one run purges all organizations that are due", async () => {
  const acme = await deleted();
  await world.query(
    `INSERT INTO organization SELECT (jsonb_populate_record(o, jsonb_build_object('id', gen_random_uuid()))).*
     FROM organization o, generate_series(1, 210) WHERE o.id = $1`,
    acme.id,
  );
  world.clock.pass(RESTORABLE_MS);
  await sweep();
  expect(await world.query("SELECT FROM organization WHERE deleted_at IS NOT NULL")).toEqual([]);
});

/** A database that breaks after a number of statements and reports the number of rows of each. */
function breaking(after: number, returned: number[] = []): Database {
  let count = 0;
  const rows: Database["rows"] = async (statement, values) => {
    if (count++ >= after) throw new Error("The process was killed.");
    const found = await world.database.rows(statement, values);
    returned.push(found.length);
    return found as never;
  };
  return Object.assign(Object.create(world.database) as Database, { rows });
}

test("the next run finishes a purge that was interrupted anywhere; a restoration is possible until it begins", async () => {
  for (let after = 0, isCut = true; isCut; after++) {
    const acme = await deleted();
    world.clock.pass(RESTORABLE_MS);
    isCut = await sweep(breaking(after)).then(
      () => false,
      () => true,
    );
    await sweep();
    expect(Object.entries(await rowsOf(acme.id)).filter(([, count]) => count !== 0)).toEqual([]);
  }
});

test("a long history is deleted in batches", async () => {
  const acme = await deleted();
  const many = `SELECT $1::uuid, $1::uuid, timestamptz '2020-01-01' + n * interval '1 hour', 1, 1, 0 FROM generate_series(1, 12000) n`;
  await world.query(
    `INSERT INTO usage_hour (organization_id, scope_id, hour, credits, calls, byok_calls) ${many}`,
    acme.id,
  );
  await world.query(
    `INSERT INTO usage_ledger (id, month, organization_id, workspace_id, at, credits, byok)
     SELECT gen_random_uuid(), month, organization_id, workspace_id, at, credits, byok
     FROM usage_ledger, generate_series(1, 7000) WHERE organization_id = $1`,
    acme.id,
  );
  await world.query(
    "INSERT INTO user_account SELECT 'u' || n, 'U', NULL, false, now(), now() FROM generate_series(1, 6000) n",
  );
  await world.query(
    `INSERT INTO member (id, organization_id, user_id, role, joined_at)
     SELECT gen_random_uuid(), $1, 'u' || n, 'VIEWER', now() FROM generate_series(1, 6000) n`,
    acme.id,
  );
  world.clock.pass(RESTORABLE_MS);
  const returned: number[] = [];
  await sweep(breaking(Number.POSITIVE_INFINITY, returned));
  expect(Math.max(...returned)).toBe(5_000);
  expect(Object.entries(await rowsOf(acme.id)).filter(([, count]) => count !== 0)).toEqual([]);
});

test("a purge that fails is reported and does not stop the others", async () => {
  const [stuck, other] = [await deleted(), await deleted()];
  await world.query("CREATE TABLE blocker (o uuid REFERENCES organization (id))");
  await world.query("INSERT INTO blocker VALUES ($1)", stuck.id);
  world.clock.pass(RESTORABLE_MS);
  await expect(sweep()).rejects.toThrow("could not be purged");
  expect((await rowsOf(other.id)).organization).toBe(0);
  expect((await rowsOf(stuck.id)).organization).toBe(1);
  await world.query("DROP TABLE blocker");
  await sweep();
  expect((await rowsOf(stuck.id)).organization).toBe(0);
});

test("an organization that is restored after the job read it is not purged", async () => {
  const acme = await deleted();
  const before = new Date(world.clock.now().getTime());
  await acme.owner.run(commands.restoreOrganization, { organizationId: acme.id });
  expect(await beginPurge(world.database, acme.id, before)).toBe(false);
  expect((await rowsOf(acme.id)).member).toBe(2);
});

test("the last step of a purge deletes no organization that is not deleted", async () => {
  const acme = await world.organization();
  expect(await purgeOrganizations(world.database, [acme.id])).toEqual([]);
  expect((await rowsOf(acme.id)).organization_subscription).toBe(1);
});

test("nobody can restore an organization once its purge has begun, even with a clock that is behind", async () => {
  const acme = await deleted();
  expect(await beginPurge(world.database, acme.id, world.clock.now())).toBe(true);
  expect(await outcomeOf(acme.owner.run(commands.restoreOrganization, { organizationId: acme.id }))).toBe("NOT_FOUND");
  world.clock.pass(RESTORABLE_MS);
  await sweep();
  expect(Object.entries(await rowsOf(acme.id)).filter(([, count]) => count !== 0)).toEqual([]);
});

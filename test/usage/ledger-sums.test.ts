import { randomUUID } from "node:crypto";
import { commands } from "../../src/commands";
import { runCommand } from "../../src/commands/runner/run";
import type { RecordUsageOutcome } from "../../src/commands/usage/record-usage";
import { creditPeriod } from "../../src/domain/credits";
import { type UsageRecord } from "../../src/domain/usage";
import type { Service } from "../../src/domain/viewer";
import { sweepLeftovers } from "../../src/jobs/sweep";
import { createDataSource } from "../../src/store/engine/data-source";
import { migrate } from "../../src/store/engine/migrate";
import { inTransaction } from "../../src/store/engine/transaction";
import { World } from "../support/world";

let world: World;
beforeEach(async () => {
  world = await World.create();
});
afterEach(() => world.close());

const DAY = 86_400_000;
const meter: Service = { kind: "service", name: "meter", scopes: new Set(["usage:write"]) };

/** Records as a replica whose clock is `ahead` of the world's. */
function record(records: readonly UsageRecord[], ahead = 0): Promise<RecordUsageOutcome> {
  const clock = { now: () => new Date(world.clock.now().getTime() + ahead) };
  return runCommand({ ...world.replica(), clock }, meter, commands.recordUsage, { records: [...records] });
}

async function workspaceOf(organizationId: string): Promise<string> {
  const text = "SELECT id FROM workspace WHERE organization_id = $1";
  return (await world.query<{ id: string }>(text, organizationId))[0]?.id ?? "";
}

async function start() {
  const acme = await world.organization();
  const workspaceId = await workspaceOf(acme.id);
  const call = (patch: Partial<UsageRecord> = {}): UsageRecord => ({
    ...{ id: randomUUID(), workspaceId, at: world.clock.now(), credits: 1, byok: false },
    ...patch,
  });
  return { acme, workspaceId, call };
}

/** Everything that was counted, by the hours of organizations and of workspaces, and by days. */
async function counted() {
  const [sums] = await world.query<Record<"whole" | "dependencies" | "days" | "calls", string>>(`
    SELECT coalesce(sum(credits) FILTER (WHERE scope_id = organization_id), 0)::text AS whole,
      coalesce(sum(credits) FILTER (WHERE scope_id <> organization_id), 0)::text AS parts,
      (SELECT coalesce(sum(credits), 0)::text FROM usage_day) AS days,
      coalesce(sum(calls) FILTER (WHERE scope_id = organization_id), 0)::text AS calls FROM usage_hour`);
  return sums;
}
const exactly = (credits: string, calls: number) => ({
  ...{ whole: credits, parts: credits, days: credits },
  calls: String(calls),
});

test("metering does not wait for a locked organization, and does not lock it", async () => {
  const { acme, call } = await start();
  await inTransaction(world.database, async ({ rows }) => {
    const lock = (table: string, column: string) =>
      rows({ name: `hold-${table}`, text: `SELECT 1 FROM ${table} WHERE ${column} = $1 FOR UPDATE` }, [acme.id]);
    await lock("organization", "id");
    await lock("organization_subscription", "organization_id");
    await lock("workspace", "organization_id");
    expect(await record([call()])).toMatchObject({ recorded: 1 });
  });
});

test("calls of workspaces and organizations that were deleted meanwhile are charged still", async () => {
  const { acme, call } = await start();
  const workspaceId = await acme.workspace("Gone");
  await acme.owner.run(commands.deleteWorkspace, { organizationId: acme.id, workspaceId });
  expect(await record([call({ workspaceId })])).toMatchObject({ recorded: 1 });
  await acme.owner.run(commands.deleteOrganization, { organizationId: acme.id, confirmName: "Acme" });
  expect(await record([call()])).toMatchObject({ recorded: 1 });
  world.clock.pass(31 * DAY);
  await sweepLeftovers(world.replica());
  expect(await record([call()])).toMatchObject({ recorded: 0, rejected: [{ reason: "There is no such workspace." }] });
  expect(await counted()).toEqual(exactly("0", 0));
});

test("sums are exact decimals", async () => {
  const { call } = await start();
  for (let n = 0; n < 10; n++) {
    const batch = Array.from({ length: 1_000 }, (_, i) => call({ credits: i % 2 ? 0.1 : 0.000000001 }));
    await record(batch);
  }
  await record([call({ credits: 1_000_000 })]);
  expect(await counted()).toEqual(exactly("1000500.000005000", 10_001));
});

test("SQL and domain agree on the period of a call, for anchors on every day of the month and leap years", async () => {
  const { acme, call } = await start();
  for (const anchor of [
    "2024-01-31T12:00:00.000Z",
    "2024-02-29T00:00:00.001Z",
    "2025-12-30T23:59:59.999Z",
    "2026-03-01T00:00:00.000Z",
  ]) {
    await world.query(
      "UPDATE organization_subscription SET started_at = $2 WHERE organization_id = $1",
      acme.id,
      anchor,
    );
    await world.query("DELETE FROM usage_day");
    const moments = Array.from({ length: 35 * 8 }, (_, n) => new Date(world.clock.now().getTime() - n * 3 * 3_600_000));
    const turns = moments.flatMap((at) => {
      const { start: first } = creditPeriod(new Date(anchor), at);
      return [first, new Date(first.getTime() - 1)].filter(
        (turn) => turn.getTime() > world.clock.now().getTime() - 35 * DAY,
      );
    });
    await record([...moments, ...turns].map((at) => call({ at })));
    const expected = new Map<string, number>();
    for (const at of [...moments, ...turns]) {
      const key = `${at.toISOString().slice(0, 10)} ${creditPeriod(new Date(anchor), at).start.toISOString()}`;
      expected.set(key, (expected.get(key) ?? 0) + 1);
    }
    const rows = await world.query<{ day: string; start: Date; credits: number }>(
      "SELECT day::text AS day, period_start AS start, credits::int AS credits FROM usage_day",
    );
    const found = new Map(rows.map(({ day, start: from, credits }) => [`${day} ${from.toISOString()}`, credits]));
    expect(found).toEqual(expected);
  }
});

test("the ledger comes through its migration, down and up, with what it knew", async () => {
  const { workspaceId, call } = await start();
  const calls = Array.from({ length: 30 }, (_, n) => call({ at: new Date(world.clock.now().getTime() - n * DAY) }));
  await record(calls);
  const before = await counted();
  const dataSource = await createDataSource(world.databaseUrl, 1).initialize();
  const from = dataSource.migrations.findIndex(({ name }) => name?.startsWith("RememberUsageIds"));
  for (const _ of dataSource.migrations.slice(from)) await dataSource.undoLastMigration();
  const [{ n: hours } = { n: 0 }] = await world.query<{ n: number }>(
    "SELECT count(*)::int AS n FROM usage_hour WHERE workspace_id = $1",
    workspaceId,
  );
  expect(hours).toBe(30);
  await dataSource.destroy();
  await migrate(world.databaseUrl);
  expect(await counted()).toEqual(before);
  // What a migration finds came by the database's clock.
  world.clock.pass(Date.now() - world.clock.now().getTime());
  expect(await record(calls.map((each) => ({ ...each, at: world.clock.now() })))).toMatchObject({
    recorded: 0,
    duplicates: 30,
  });
});

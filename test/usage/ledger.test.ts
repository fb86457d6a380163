import { randomUUID } from "node:crypto";
import { commands } from "../../src/commands";
import { creditPeriod } from "../../src/domain/credits";
import type { UsageRecord } from "../../src/domain/usage";
import { sweepLeftovers } from "../../src/jobs/sweep";
import { createDataSource } from "../../src/store/engine/data-source";
import { migrate } from "../../src/store/engine/migrate";
import { inTransaction } from "../../src/store/engine/transaction";
import { countedUsage, recordUsage, workspacesOf } from "../support/metering";
import { World } from "../support/world";

let world: World;
beforeEach(async () => {
  world = await World.create();
});
afterEach(() => world.close());

const DAY = 86_400_000;
const record = (records: readonly UsageRecord[], aheadMs = 0) => recordUsage(world, records, aheadMs);
const counted = () => countedUsage(world);
const exactly = (credits: string, calls: number) => ({
  ...{ whole: credits, parts: credits, days: credits },
  calls: String(calls),
});

async function start() {
  const acme = await world.organization();
  const [workspaceId = ""] = await workspacesOf(world, acme.id);
  const call = (patch: Partial<UsageRecord> = {}): UsageRecord => ({
    ...{ id: randomUUID(), workspaceId, at: world.clock.now(), credits: 1, byok: false },
    ...patch,
  });
  return { acme, workspaceId, call };
}

test("an id counts once, with any times and on any replicas at once", async () => {
  const { call } = await start();
  const ids = Array.from({ length: 50 }, (_, n) => `call-${n}`);
  const batch = (n: number) =>
    (n % 2 ? ids : [...ids].reverse()).map((id) =>
      call({ id, at: new Date(world.clock.now().getTime() - n * 4 * DAY) }),
    );
  const outcomes = await Promise.all(Array.from({ length: 8 }, (_, n) => record(batch(n))));
  expect(outcomes.reduce((sum, { recorded }) => sum + recorded, 0)).toBe(50);
  expect(outcomes.reduce((sum, { duplicates }) => sum + duplicates, 0)).toBe(7 * 50);
  expect(await counted()).toEqual(exactly("50.000000000", 50));
});

test("replicas before and after the turn of a month count an id once, concurrently or in turn", async () => {
  const { call } = await start();
  world.clock.pass(new Date("2026-04-30T23:59:59.000Z").getTime() - world.clock.now().getTime());
  const minutes = (count: number) => count * 60_000;
  let expected = 0;
  for (const [one, other] of [
    [0, 2_000],
    [2_000, 0],
    [0, minutes(9)],
    [minutes(9), minutes(12)],
    [-minutes(12), -minutes(9)],
  ]) {
    const at = new Date(world.clock.now().getTime() - minutes(15));
    const batch = Array.from({ length: 20 }, () => call({ at }));
    expected += batch.length;
    const both = await Promise.all([record(batch, one), record([...batch].reverse(), other), record(batch, one)]);
    expect(both.reduce((sum, { recorded }) => sum + recorded, 0)).toBe(20);
    expect(await record(batch, minutes(30))).toMatchObject({ recorded: 0, duplicates: 20 });
    expect((await counted())?.calls).toBe(String(expected));
  }
});

test("an id is stored for 35 days from its receipt, whatever the age of its call", async () => {
  const { call } = await start();
  const old = call({ at: new Date(world.clock.now().getTime() - 34 * DAY) });
  expect(await record([old])).toMatchObject({ recorded: 1 });
  world.clock.pass(35 * DAY);
  await sweepLeftovers(world.replica());
  expect(await record([{ ...old, at: world.clock.now() }])).toMatchObject({ recorded: 0, duplicates: 1 });
  world.clock.pass(32 * DAY);
  await sweepLeftovers(world.replica());
  const months =
    "SELECT inhrelid::regclass::text AS name FROM pg_inherits WHERE inhparent = 'usage_ledger'::regclass ORDER BY 1";
  expect((await world.query<{ name: string }>(months)).map(({ name }) => name)).toEqual([
    "usage_ledger_2026_05",
    "usage_ledger_2026_06",
    "usage_ledger_2026_07",
  ]);
});

test("the first valid record of an id in a batch counts, and ids are compared exactly", async () => {
  const { call } = await start();
  const taken = await record([
    call({ id: "same", workspaceId: randomUUID(), credits: 7 }),
    call({ id: "same", credits: -1 }),
    call({ id: "same", credits: 2 }),
    call({ id: "same", credits: 3 }),
    call({ id: "Same" }),
    call({ id: "same " }),
    call({ id: "ｓａｍｅ" }),
    call({ id: "ё" }),
    call({ id: "е\u0308" }),
    call({ id: "'; DROP TABLE usage_ledger; --" }),
    call({ id: "💸".repeat(255) }),
    ...["nul\0", "\ud800", "", "x".repeat(256), "💸".repeat(256)].map((id) => call({ id })),
    ...[Number.NaN, Number.POSITIVE_INFINITY, -0.000001, 1e300].map((credits) => call({ credits })),
  ]);
  expect({ ...taken, rejected: taken.rejected.length }).toMatchObject({ recorded: 8, duplicates: 1, rejected: 11 });
  expect(await counted()).toEqual(exactly("9.000000000", 8));
  expect(await record([])).toEqual({ recorded: 0, duplicates: 0, rejected: [], spendingOrganizations: [] });
});

test("a record can be at most 35 days late and 5 minutes early, to the millisecond", async () => {
  const { call } = await start();
  const off = (milliseconds: number) => call({ at: new Date(world.clock.now().getTime() + milliseconds) });
  expect(await record([off(-35 * DAY), off(300_000)])).toMatchObject({ recorded: 2, rejected: [] });
  const { rejected } = await record([off(-35 * DAY - 1), off(300_001)]);
  expect(rejected.map(({ reason }) => reason)).toEqual([
    "The call is more than 35 days old.",
    "The call is more than 5 minutes in the future.",
  ]);
});

test("recording usage neither waits for a locked organization nor locks it", async () => {
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

test("calls of meanwhile deleted workspaces and organizations are still charged", async () => {
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

test("the ledger's migration keeps its rows, down and up", async () => {
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
  // A migration uses the database's clock as the time of receipt.
  world.clock.pass(Date.now() - world.clock.now().getTime());
  expect(await record(calls.map((each) => ({ ...each, at: world.clock.now() })))).toMatchObject({
    recorded: 0,
    duplicates: 30,
  });
});

import { randomUUID } from "node:crypto";
import { commands } from "../../src/commands";
import { runCommand } from "../../src/commands/runner/run";
import type { RecordUsageOutcome } from "../../src/commands/usage/record-usage";
import { type UsageRecord } from "../../src/domain/usage";
import type { Service } from "../../src/domain/viewer";
import { sweepLeftovers } from "../../src/jobs/sweep";
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

test("one id counts once, whatever moments it comes with, from whichever replicas at once", async () => {
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

test("at the turn of a month replicas on both sides of it count once, at once or one after the other", async () => {
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

test("an id is remembered for 35 days from when it came, however old its call was, and then forgotten", async () => {
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

test("of several records with one id in a batch the first valid one counts, and ids are compared exactly", async () => {
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

test("a record comes at most 35 days late and 5 minutes early, to the millisecond", async () => {
  const { call } = await start();
  const off = (milliseconds: number) => call({ at: new Date(world.clock.now().getTime() + milliseconds) });
  expect(await record([off(-35 * DAY), off(300_000)])).toMatchObject({ recorded: 2, rejected: [] });
  const { rejected } = await record([off(-35 * DAY - 1), off(300_001)]);
  expect(rejected.map(({ reason }) => reason)).toEqual([
    "The call is more than 35 days ago.",
    "The call is more than 5 minutes in the future.",
  ]);
});

import { randomUUID } from "node:crypto";
import { commands } from "../../src/commands";
import { creditPeriod } from "../../src/domain/credits";
import type { UsageRecord } from "../../src/domain/usage";
import { usageByWorkspace, usageTrendByWorkspace } from "../../src/store/views/usage-by-workspace";
import { usageTrend } from "../../src/store/views/usage-trend";
import { recordUsage, workspacesOf } from "../support/metering";
import { Random } from "../support/random";
import { World } from "../support/world";
import { exactly, plus, startOf, UsageModel, ZERO } from "./usage-model";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const DAILY = 5;
const INTERVALS = ["HOUR", "DAY", "WEEK", "MONTH"] as const;

let world: World;
beforeEach(async () => {
  world = await World.create();
});
afterEach(() => world.close());

const record = (records: UsageRecord[]) => recordUsage(world, records);

/** Acme, 33 days old, with records in all workspaces, some of them deleted, and another organization with records. */
async function randomUse(random: Random) {
  const [acme, neighbor] = [await world.organization(), await world.organization()];
  for (let n = 0; n < 5; n++) await acme.workspace(`W${n}`);
  const founded = world.clock.now();
  world.clock.pass(33 * DAY);
  const now = world.clock.now();
  const workspaces = await workspacesOf(world, acme.id);
  const call = (workspaceId: string): UsageRecord => {
    const day = startOf.DAY(new Date(founded.getTime() + (1 + random.below(32)) * DAY)).getTime();
    // Few hours of a day, and its edges, so that several workspaces share the hour that uses up the day's credits.
    const at = random.chance(0.2) ? day + random.pick([0, DAY - 1]) : day + random.below(3) * 8 * HOUR;
    const credits = random.pick([0, 0.000000001, 0.1, 0.7, random.below(3_000_000) / 1_000_000, 4.999999999]);
    return { id: randomUUID(), workspaceId, at: new Date(at), credits, byok: random.chance(0.2) };
  };
  const records = Array.from({ length: 300 }, () => call(random.pick(workspaces))).filter(({ at }) => at <= now);
  await record(records);
  const [foreign = ""] = await workspacesOf(world, neighbor.id);
  await record(Array.from({ length: 50 }, () => call(foreign)).filter(({ at }) => at <= now));
  const deleted = workspaces.slice(1).filter(() => random.chance(0.4));
  for (const workspaceId of deleted)
    await acme.owner.run(commands.deleteWorkspace, { organizationId: acme.id, workspaceId });
  return { acme, founded, now, workspaces, deleted, records, foreign };
}

const SEEDS = [1, 2, 3, 4];

test.each(SEEDS)("trends of random use add up by every interval, to a billionth of a credit (%s)", async (seed) => {
  const random = new Random(seed);
  const { acme, founded, now, workspaces, deleted, records } = await randomUse(random);
  const model = new UsageModel(records, DAILY);
  for (const interval of INTERVALS) {
    const [from, to] = [
      new Date(founded.getTime() + random.below(20 * DAY)),
      new Date(now.getTime() - random.below(9 * DAY)),
    ];
    const span = { from, to, interval, dailyCredits: DAILY };
    const whole = exactly(await usageTrend(world.database, acme.id, { ...span, workspaceId: null }));
    expect(whole).toEqual(model.trend(from, to, interval));
    for (const workspaceId of workspaces) {
      const points = exactly(await usageTrend(world.database, acme.id, { ...span, workspaceId }));
      expect(points).toEqual(model.trend(from, to, interval, (id) => id === workspaceId));
    }
    const byCredits = workspaces
      .filter((id) => !deleted.includes(id))
      .map((id) => ({ id, ...model.total(from, to, interval, (each) => each === id) }))
      .filter(({ calls }) => calls > 0)
      .sort((a, b) => Number(b.credits - a.credits) || b.calls - a.calls || (a.id < b.id ? -1 : 1));
    const top = 1 + random.below(4);
    const named = byCredits.slice(0, top).map(({ id }) => id);
    const others = byCredits.slice(top).map(({ id }) => id);
    const series = await usageTrendByWorkspace(world.database, acme.id, { ...span, top });
    const of = (ids: readonly string[]) => model.trend(from, to, interval, (id) => ids.includes(id));
    const isUsed = (ids: readonly string[]) => of(ids).some(({ calls }) => calls > 0);
    expect(series.map(({ points, ...rest }) => ({ ...rest, points: exactly(points) }))).toEqual([
      ...named.map((id) => ({ kind: "WORKSPACE", workspaceId: id, points: of([id]) })),
      ...(isUsed(others) ? [{ kind: "OTHERS", workspaceId: null, points: of(others) }] : []),
      ...(isUsed(deleted) ? [{ kind: "DELETED", workspaceId: null, points: of(deleted) }] : []),
    ]);
    const added = whole.map(({ at }, n) => ({
      at,
      ...series.reduce((sum, { points }) => plus(sum, points[n] ?? { ...ZERO }), ZERO),
    }));
    expect(added).toEqual(whole);
    const totals = await usageByWorkspace(world.database, acme.id, span);
    expect(totals.filter(({ calls }) => calls > 0).map(({ workspaceId }) => workspaceId)).toEqual([
      ...named,
      ...others,
    ]);
  }
});

test.each([
  "2026-02-28T00:00:00.000Z",
  "2026-02-11T23:59:59.999Z",
  "2026-03-05T18:30:00.000Z",
  "2026-02-20T00:00:00.001Z",
  "2026-01-31T05:45:00.000Z",
])("a trend's use of the pool belongs to the period that began with %s", async (anchor) => {
  const { acme, founded, now, records } = await randomUse(new Random(Date.parse(anchor)));
  // Records again, for an organization that subscribed at another time.
  await world.query("UPDATE organization_subscription SET started_at = $2 WHERE organization_id = $1", acme.id, anchor);
  await world.query("DELETE FROM usage_day");
  await world.query("DELETE FROM usage_hour");
  await record(records.map((each) => ({ ...each, id: randomUUID() })));
  const subscription = await world.context(acme.owner).loaders.subscriptionOfOrganization.load(acme.id);
  if (!subscription) throw new Error("There is no subscription.");
  const { balance } = await world.context(acme.owner).loaders.credits.load(subscription);
  const { start } = creditPeriod(new Date(anchor), now);
  expect(start.getTime()).toBeGreaterThan(founded.getTime());
  const span = { to: now, interval: "DAY" as const, workspaceId: null, dailyCredits: DAILY };
  const trend = exactly(await usageTrend(world.database, acme.id, { ...span, from: start })).reduce(plus, ZERO);
  // The first day has calls of the previous period, paid from that period's pool.
  const before = records.filter(({ at }) => at < start && at >= startOf.DAY(start));
  const earlier = new UsageModel(before, DAILY).total(start, start, "DAY").periodCredits;
  const used = BigInt(Math.round(((balance.monthlyLimit ?? 0) - (balance.monthlyRemaining ?? 0)) * 1_000_000_000));
  expect(trend.periodCredits - earlier).toBe(used);
  expect(used).toBeGreaterThan(0n);
});

test("a workspace of another organization has no trend, and is in no trend", async () => {
  const { acme, foreign, founded, now } = await randomUse(new Random(7));
  const span = { from: founded, to: now, interval: "MONTH" as const, dailyCredits: DAILY };
  const points = await usageTrend(world.database, acme.id, { ...span, workspaceId: foreign });
  expect(exactly(points).reduce(plus, ZERO)).toEqual(ZERO);
  const series = await usageTrendByWorkspace(world.database, acme.id, { ...span, top: 20 });
  expect(series.map(({ workspaceId }) => workspaceId)).not.toContain(foreign);
});

import { grantLlmAccess } from "../../src/commands/byok/grant-llm-access";
import { changeOrganization } from "../../src/commands/runner/run";
import { recordCreditAlert } from "../../src/commands/usage/credit-alerts";
import { FOUNDING_TOLERANCE_MS, type UsageInterval } from "../../src/domain/usage";
import { usageByWorkspace } from "../../src/store/views/usage-by-workspace";
import { usageTrend } from "../../src/store/views/usage-trend";
import { spend, workspacesOf } from "../support/metering";
import { World } from "../support/world";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

let world: World;
beforeEach(async () => {
  world = await World.create();
});
afterEach(() => world.close());

const record = (workspaceId: string, at: Date, credits = 1) => spend(world, workspaceId, credits, at);

/** The sums of a span from both fields. */
async function bothWays(organizationId: string, from: Date, to: Date, interval: UsageInterval) {
  const trend = await usageTrend(world.database, organizationId, {
    ...{ from, to, interval, workspaceId: null, dailyCredits: 5 },
  });
  const parts = await usageByWorkspace(world.database, organizationId, { from, to, interval });
  const sum = (points: ReadonlyArray<{ credits: number }>) => points.reduce((all, { credits }) => all + credits, 0);
  return { trend: sum(trend), parts: sum(parts) };
}

const INTERVALS = ["HOUR", "DAY", "WEEK", "MONTH"] as const;

test.each(INTERVALS)("use by workspace covers the same span as a trend by the %s, however short", async (interval) => {
  const acme = await world.organization();
  await acme.workspace("Second");
  const [first = "", second = ""] = await workspacesOf(world, acme.id);
  // From three days before the turn of a month to a day after, every five hours, and on both sides of each boundary.
  const start = new Date("2026-03-28T00:00:00Z").getTime();
  const moments = Array.from({ length: 20 }, (_, n) => new Date(start + n * 5 * HOUR));
  for (const edge of ["2026-03-29T00:00:00Z", "2026-03-30T00:00:00Z", "2026-03-30T07:00:00Z"]) {
    moments.push(new Date(Date.parse(edge) - 1), new Date(edge));
  }
  world.clock.pass(2 * DAY);
  for (const [n, at] of moments.entries()) await record(n % 2 ? first : second, at, n + 1);
  for (const from of moments) {
    const same = await bothWays(acme.id, from, from, interval);
    expect(same.parts).toBe(same.trend);
    expect(same.trend).toBeGreaterThan(0);
  }
  const [from, to] = [new Date("2026-03-28T23:59:59.999Z"), new Date("2026-03-30T07:00:00Z")];
  const span = await bothWays(acme.id, from, to, interval);
  expect(span.parts).toBe(span.trend);
});

describe("a call from before the founding, by a clock that is behind, counts in the first period", () => {
  const FOUNDED = ["2026-03-31T09:00:00.000Z", "2026-04-01T00:00:00.300Z", "2026-04-30T23:59:59.999Z"];
  const BEFORE_MS = [1, 1_000, 60_000, FOUNDING_TOLERANCE_MS];

  test.each(FOUNDED)("if the organization was founded at %s", async (founded) => {
    world.clock.pass(Date.parse(founded) - world.clock.now().getTime());
    const acme = await world.organization("STANDARD");
    const [workspaceId = ""] = await workspacesOf(world, acme.id);
    const owner = world.context(acme.owner);
    const used = async () => {
      const [subscription] = await owner.loaders.subscriptionOfOrganization
        .load(acme.id)
        .then((found) => (found ? [found] : []));
      if (!subscription) throw new Error("There is no subscription.");
      return (await world.context(acme.owner).loaders.credits.load(subscription)).balance;
    };
    const { dailyLimit, monthlyRemaining } = await used();
    for (const [n, before] of BEFORE_MS.entries()) {
      await record(workspaceId, new Date(Date.parse(founded) - before), 10);
      const spent = 10 * (n + 1);
      const balance = await used();
      expect(balance.used).toBe(spent);
      expect(balance.dailyRemaining).toBe(Math.max(0, dailyLimit - spent));
      expect(balance.monthlyRemaining).toBe((monthlyRemaining ?? 0) - Math.max(0, spent - dailyLimit));
      // The trend counts it in the hour of the founding, so that it equals the balance.
      const hour = { from: new Date(founded), to: new Date(founded), interval: "HOUR" as const };
      const whole = { ...hour, workspaceId: null, dailyCredits: dailyLimit };
      const [point] = await usageTrend(world.database, acme.id, whole);
      expect(point).toMatchObject({ credits: spent, periodCredits: Math.max(0, spent - dailyLimit) });
    }
    await record(workspaceId, new Date(Date.parse(founded) - FOUNDING_TOLERANCE_MS - 1), 10);
    expect((await used()).used).toBe(10 * BEFORE_MS.length);
    // Committed records decide whether a call may run, and when the Owners get a notice.
    await record(workspaceId, new Date(Date.parse(founded) - 1_000), 10_000);
    expect(await grantLlmAccess(world.replica(), workspaceId)).toMatchObject({
      kind: "refused",
      refusal: { code: "CREDITS_EXHAUSTED" },
    });
    await changeOrganization(world.replica(), acme.id, recordCreditAlert);
    expect(await acme.eventTypes()).toContain("credits.threshold_reached");
  });

  test("and a call after the founding counts at its own time, also in later periods", async () => {
    const acme = await world.organization("STANDARD");
    const [workspaceId = ""] = await workspacesOf(world, acme.id);
    const founded = world.clock.now();
    world.clock.pass(31 * DAY);
    await record(workspaceId, new Date(founded.getTime() - 1), 1);
    await record(workspaceId, founded, 2);
    await record(workspaceId, world.clock.now(), 4);
    const rows = await world.query<{ day: string; period: Date; credits: number }>(
      `SELECT day::text, period_start AS period, sum(credits)::float8 AS credits FROM usage_day
       WHERE organization_id = $1 GROUP BY 1, 2 ORDER BY 1`,
      acme.id,
    );
    expect(rows.map(({ period, ...row }) => ({ ...row, period: period.toISOString() }))).toEqual([
      { day: "2026-03-31", credits: 3, period: "2026-03-31T09:00:00.000Z" },
      { day: "2026-05-01", credits: 4, period: "2026-04-30T09:00:00.000Z" },
    ]);
  });
});

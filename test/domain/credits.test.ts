import * as domain from "../../src/domain/credits";
import { type Plan, storedPlan } from "../../src/domain/plan";

const NOW = new Date("2026-03-31T09:00:00.000Z");
const STARTER = storedPlan("STARTER");

test("the thresholds are the product's", () => expect(domain.ALERT_THRESHOLDS).toEqual([100, 80]));

test.each([
  // The first subscription, the current time, and the current month of credits.
  ["2026-01-15T10:00:00.000Z", "2026-01-15T10:00:00.000Z", "2026-01-15T10:00:00.000Z", "2026-02-15T10:00:00.000Z"],
  ["2026-01-15T10:00:00.000Z", "2026-02-15T09:59:59.999Z", "2026-01-15T10:00:00.000Z", "2026-02-15T10:00:00.000Z"],
  ["2026-01-15T10:00:00.000Z", "2026-02-15T10:00:00.000Z", "2026-02-15T10:00:00.000Z", "2026-03-15T10:00:00.000Z"],
  ["2026-01-31T10:20:30.456Z", "2026-02-28T10:20:30.455Z", "2026-01-31T10:20:30.456Z", "2026-02-28T10:20:30.456Z"],
  ["2026-01-31T10:20:30.456Z", "2026-02-28T10:20:30.456Z", "2026-02-28T10:20:30.456Z", "2026-03-31T10:20:30.456Z"],
  ["2026-01-31T00:00:00.000Z", "2026-04-30T12:00:00.000Z", "2026-04-30T00:00:00.000Z", "2026-05-31T00:00:00.000Z"],
  ["2025-11-20T00:00:00.000Z", "2026-12-25T00:00:00.000Z", "2026-12-20T00:00:00.000Z", "2027-01-20T00:00:00.000Z"],
  ["2025-11-20T00:00:00.000Z", "2027-01-01T00:00:00.000Z", "2026-12-20T00:00:00.000Z", "2027-01-20T00:00:00.000Z"],
  ["2028-02-29T00:00:00.000Z", "2029-03-01T00:00:00.000Z", "2029-02-28T00:00:00.000Z", "2029-03-29T00:00:00.000Z"],
])("with a first subscription on %s, the month of credits at %s is %s to %s", (anchor, now, start, end) => {
  expect(domain.creditPeriod(new Date(anchor), new Date(now))).toEqual({ start: new Date(start), end: new Date(end) });
});

const RESETS_AT = new Date("2026-04-15T00:00:00.000Z");
const spent = (day: string, inPeriod: number, before = 0): domain.DaySpent => ({
  day: new Date(day),
  inPeriod,
  before,
});
const balanceOf = (plan: Plan, ...days: domain.DaySpent[]) => domain.creditBalance(plan, days, RESETS_AT, NOW);

test("a balance has the plan's limits and remainders, which are never negative", () => {
  expect(balanceOf(STARTER)).toEqual({
    ...{ used: 0, monthlyLimit: 20, monthlyRemaining: 20, dailyLimit: 5, dailyRemaining: 5, resetsAt: RESETS_AT },
  });
  expect(balanceOf(STARTER, spent("2026-03-30", 100), spent("2026-03-31", 4))).toMatchObject({
    ...{ used: 104, monthlyRemaining: 0, dailyRemaining: 1 },
  });
  expect(balanceOf(STARTER, spent("2026-03-31", 4), spent("2026-03-31", 4))).toMatchObject({ dailyRemaining: 0 });
  expect(balanceOf(storedPlan("ENTERPRISE"), spent("2026-03-30", 1e6))).toMatchObject({
    ...{ used: 1e6, monthlyLimit: null, monthlyRemaining: null, dailyRemaining: 5 },
  });
  // Use before the start of the period counts for its day, but not for the period.
  expect(balanceOf(STARTER, spent("2026-03-15", 6, 2))).toMatchObject({ used: 6, monthlyRemaining: 17 });
  expect(balanceOf(STARTER, spent("2026-03-15", 6, 9))).toMatchObject({ used: 6, monthlyRemaining: 14 });
  expect(balanceOf(STARTER, spent("2026-03-31", 1, 2))).toMatchObject({ used: 1, dailyRemaining: 2 });
});

test("sums are exact decimals", () => {
  expect(balanceOf(STARTER, spent("2026-03-31", 0.1), spent("2026-03-31", 0.2))).toMatchObject({
    used: 0.3,
    dailyRemaining: 4.7,
  });
  expect(balanceOf({ ...STARTER, dailyCredits: 0 }, spent("2026-03-30", 0.1), spent("2026-03-29", 0.2))).toMatchObject({
    ...{ monthlyRemaining: 19.7, dailyRemaining: 0 },
  });
});

test("the next call can use the remainders of both pools", () => {
  const remaining = (monthlyRemaining: number | null, dailyRemaining: number) =>
    domain.creditsRemaining({ ...balanceOf(STARTER), monthlyRemaining, dailyRemaining });
  expect([remaining(20, 5), remaining(0, 5), remaining(20, 0), remaining(0.1, 0.2), remaining(null, 5)]).toEqual([
    25,
    5,
    20,
    0.3,
    null,
  ]);
});

test.each([
  [20, 20, null],
  [20, 4.000000001, null],
  [20, 4, 80],
  [20, 0.000000001, 80],
  [20, 0, 100],
  [0, 0, null],
  [null, null, null],
  [null, 0, null],
  [20, null, null],
])("with %s credits, of which %s remain, the threshold %s is reached", (monthlyLimit, monthlyRemaining, threshold) => {
  expect(domain.reachedThreshold({ ...balanceOf(STARTER), monthlyLimit, monthlyRemaining })).toBe(threshold);
});

const DAY_MS = 24 * 60 * 60 * 1000;
/** The use of today and of the days before. */
const daysOf = (amounts: readonly number[]) =>
  amounts.map((amount, n) => spent(new Date(NOW.getTime() - n * DAY_MS).toISOString().slice(0, 10), amount));

test.each<[lastDays: number[], remaining: number | null, daily: number, day: string | null]>([
  [[12], 7, 5, "2026-04-07"],
  [[12], 6.9, 5, "2026-04-06"],
  [Array(7).fill(6), 3, 5, "2026-04-03"],
  // Use up to the daily credits does not spend credits of the period.
  [Array(7).fill(5), 3, 5, null],
  [Array(7).fill(4), 3, 5, null],
  [[12, 0, 0], 7, 5, "2026-04-07"],
  [[0, 0, 0, 0, 0, 0, 12], 7, 5, "2026-04-07"],
  // The eighth day before is ignored.
  [[0, 0, 0, 0, 0, 0, 0, 12], 7, 5, null],
  // They last until that day, on which new ones are granted.
  [[12], 15, 5, null],
  [[12], 14, 5, "2026-04-14"],
  [[12], 0, 5, "2026-03-31"],
  [[], 0, 0, "2026-03-31"],
  [[], 0, 1, null],
  [[], 1, 0, null],
  [[100], null, 0, null],
])("after %j, with %s and %s left, credits run out on %s", (lastDays, monthlyRemaining, dailyRemaining, day) => {
  const balance = { ...balanceOf(STARTER), monthlyRemaining, dailyRemaining };
  const forecast = domain.forecastExhaustion(STARTER, balance, daysOf(lastDays), NOW);
  expect(forecast?.toISOString() ?? null).toBe(day && `${day}T00:00:00.000Z`);
});

test("the pace includes use before the start of the period", () => {
  const balance = { ...balanceOf(STARTER), monthlyRemaining: 7, dailyRemaining: 5 };
  const forecast = domain.forecastExhaustion(STARTER, balance, [spent("2026-03-30", 4, 8)], NOW);
  expect(forecast?.toISOString()).toBe("2026-04-07T00:00:00.000Z");
});

test.each<[before: number, credits: number, daily: number, part: number]>([
  [0, 4, 5, 0],
  [0, 5, 5, 0],
  [0, 8, 5, 3],
  [3, 4, 5, 2],
  [5, 4, 5, 4],
  [9, 4, 5, 4],
  [0, 0, 5, 0],
  [0, 4, 0, 4],
])(
  "after %s credits on a day, %s more with %s daily credits take %s from the period's pool",
  (before, credits, daily, part) => {
    expect(domain.periodPart(before, credits, daily)).toBe(part);
  },
);

// 14 days and 15 hours remain.
test.each<[days: domain.DaySpent[], projected: number | null]>([
  [[], null],
  [daysOf([0, 0, 0]), null],
  [daysOf([0, 0, 0, 0, 0, 0, 0, 100]), null],
  // Use of daily credits only is a pace of zero for the period's pool.
  [daysOf([5]), 0],
  [daysOf([12]), 7 + 14.625],
  [daysOf([6, 6, 6, 6, 6, 6, 6]), 7 + 14.625],
  // Use before these days counts as use, but not for the pace.
  [daysOf([12, 0, 0, 0, 0, 0, 0, 105]), 107 + 14.625],
  [daysOf([5, 0, 0, 0, 0, 0, 0, 105]), 100],
  // Use before the start of the period counts for the pace, but not as use.
  [[spent("2026-03-31", 0, 12)], 14.625],
  [[spent("2026-03-31", 7, 5)], 7 + 14.625],
  [[spent("2026-03-31", 5.1)], 0.308928571],
])("after %j the projected use of the period's pool is %s credits", (days, projected) => {
  expect(domain.projectPeriodCredits(STARTER, { resetsAt: RESETS_AT }, days, NOW)).toBe(projected);
});

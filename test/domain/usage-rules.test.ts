import { type Plan, storedPlan } from "../../src/domain/plan";
import * as domain from "../../src/domain/usage";

const NOW = new Date("2026-03-31T09:00:00.000Z");
const at = (milliseconds: number) => new Date(NOW.getTime() + milliseconds);
const STARTER = storedPlan("STARTER");

test("the limits are the product's", () => {
  expect(domain).toMatchObject({
    ...{ MAX_USAGE_RECORDS: 1_000, MAX_RECORD_AGE_MS: 3_024_000_000, CLOCK_TOLERANCE_MS: 300_000 },
    ...{ CREDIT_DECIMALS: 9, MAX_USAGE_POINTS: 2_400, ALERT_THRESHOLDS: [100, 80] },
  });
  expect(Object.entries(domain.UsageInterval)).toEqual(["HOUR", "DAY", "WEEK", "MONTH"].map((name) => [name, name]));
});

test.each([
  ["2026-03-01T00:00:00.000Z", "2026-03-01"],
  ["2026-03-31T23:59:59.999Z", "2026-03-01"],
  ["2026-12-31T23:59:59.999Z", "2026-12-01"],
])("the month of %s is that of %s", (moment, month) => expect(domain.monthOf(new Date(moment))).toBe(month));

test.each([
  ["2026-03-15T12:00:00.000Z", "2026-03-01", "2026-03-01"],
  ["2026-03-31T23:49:59.999Z", "2026-03-01", "2026-03-01"],
  ["2026-03-31T23:50:00.000Z", "2026-03-01", "2026-04-01"],
  ["2026-04-01T00:09:59.999Z", "2026-03-01", "2026-04-01"],
  ["2026-04-01T00:10:00.000Z", "2026-04-01", "2026-04-01"],
])("a record that comes at %s is remembered in %s and %s", (now, older, newer) => {
  expect(domain.monthsOfReceipt(new Date(now))).toEqual([older, newer]);
});

const RECORD: domain.UsageRecord = {
  ...{ id: "call-1", workspaceId: "01a214a8-2ded-77e3-a3b5-ee6becc27959", at: NOW, credits: 1, byok: false },
};
const faultOf = (record: Partial<domain.UsageRecord>) => domain.faultOf({ ...RECORD, ...record }, NOW);

test.each<Partial<domain.UsageRecord>>([
  {},
  { id: "x".repeat(255) },
  { id: "🎉 any\ncharacter" },
  { credits: 0 },
  { credits: 0.000000001 },
  { credits: 1_000_000 },
  { at: at(-domain.MAX_RECORD_AGE_MS) },
  { at: at(domain.CLOCK_TOLERANCE_MS) },
])("the record %j can be taken", (record) => expect(faultOf(record)).toBeNull());

test.each<[Partial<domain.UsageRecord>, RegExp]>([
  [{ id: "" }, /1 to 255 characters/],
  [{ id: "x".repeat(256) }, /1 to 255 characters/],
  [{ id: "a\0" }, /1 to 255 characters/],
  [{ id: "\ud800" }, /1 to 255 characters/],
  [{ workspaceId: "x" }, /^There is no such workspace\.$/],
  [{ credits: -0.000000001 }, /^Credits are zero or more\.$/],
  [{ credits: Number.NaN }, /^Credits are zero or more\.$/],
  [{ credits: Number.POSITIVE_INFINITY }, /^Credits are zero or more\.$/],
  [{ credits: 1_000_000.000001 }, /at most 1000000 credits/],
  [{ at: at(-domain.MAX_RECORD_AGE_MS - 1) }, /more than 35 days ago/],
  [{ at: at(domain.CLOCK_TOLERANCE_MS + 1) }, /more than 5 minutes in the future/],
])("the record %j cannot be taken", (record, reason) => expect(faultOf(record)).toMatch(reason));

test.each([
  // The first subscription, now, and the month of credits that it falls into.
  ["2026-01-15T10:00:00.000Z", "2026-01-15T10:00:00.000Z", "2026-01-15T10:00:00.000Z", "2026-02-15T10:00:00.000Z"],
  ["2026-01-15T10:00:00.000Z", "2026-02-15T09:59:59.999Z", "2026-01-15T10:00:00.000Z", "2026-02-15T10:00:00.000Z"],
  ["2026-01-15T10:00:00.000Z", "2026-02-15T10:00:00.000Z", "2026-02-15T10:00:00.000Z", "2026-03-15T10:00:00.000Z"],
  ["2026-01-31T10:20:30.456Z", "2026-02-28T10:20:30.455Z", "2026-01-31T10:20:30.456Z", "2026-02-28T10:20:30.456Z"],
  ["2026-01-31T10:20:30.456Z", "2026-02-28T10:20:30.456Z", "2026-02-28T10:20:30.456Z", "2026-03-31T10:20:30.456Z"],
  ["2026-01-31T00:00:00.000Z", "2026-04-30T12:00:00.000Z", "2026-04-30T00:00:00.000Z", "2026-05-31T00:00:00.000Z"],
  ["2025-11-20T00:00:00.000Z", "2026-12-25T00:00:00.000Z", "2026-12-20T00:00:00.000Z", "2027-01-20T00:00:00.000Z"],
  ["2025-11-20T00:00:00.000Z", "2027-01-01T00:00:00.000Z", "2026-12-20T00:00:00.000Z", "2027-01-20T00:00:00.000Z"],
  ["2028-02-29T00:00:00.000Z", "2029-03-01T00:00:00.000Z", "2029-02-28T00:00:00.000Z", "2029-03-29T00:00:00.000Z"],
])("with a first subscription of %s, %s falls into %s to %s", (anchor, now, start, end) => {
  expect(domain.creditPeriod(new Date(anchor), new Date(now))).toEqual({ start: new Date(start), end: new Date(end) });
});

const RESETS_AT = new Date("2026-04-15T00:00:00.000Z");
const spent = (day: string, inPeriod: number, before = 0): domain.DaySpent => ({
  day: new Date(day),
  inPeriod,
  before,
});
const balanceOf = (plan: Plan, ...days: domain.DaySpent[]) => domain.creditBalance(plan, days, RESETS_AT, NOW);

test("a balance names the plan's limits, and what remains of them is never below zero", () => {
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
  // What was spent before the period began counts for its day, and not for the period.
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
  expect(domain.decimalOf(1.5)).toBe("1.500000000");
});

test("what remains for the next call is what remains of both pools", () => {
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
])("of %s credits %s remaining reach the threshold %s", (monthlyLimit, monthlyRemaining, threshold) => {
  expect(domain.reachedThreshold({ ...balanceOf(STARTER), monthlyLimit, monthlyRemaining })).toBe(threshold);
});

test.each<[lastDays: number[], remaining: number | null, daily: number, day: string | null]>([
  [[12], 7, 5, "2026-04-07"],
  [[12], 6.9, 5, "2026-04-06"],
  [Array(7).fill(6), 3, 5, "2026-04-03"],
  // At the day's own credits, or below, nothing of the period's is spent.
  [Array(7).fill(5), 3, 5, null],
  [Array(7).fill(4), 3, 5, null],
  [[12, 0, 0], 7, 5, "2026-04-07"],
  // They last until there are new ones, which there are on that day.
  [[12], 15, 5, null],
  [[12], 14, 5, "2026-04-14"],
  [[12], 0, 5, "2026-03-31"],
  [[], 0, 0, "2026-03-31"],
  [[], 0, 1, null],
  [[], 1, 0, null],
  [[100], null, 0, null],
])("after %j, with %s and %s left, credits run out on %s", (lastDays, monthlyRemaining, dailyRemaining, day) => {
  const balance = { ...balanceOf(STARTER), monthlyRemaining, dailyRemaining };
  const forecast = domain.forecastExhaustion(STARTER, balance, lastDays, NOW);
  expect(forecast?.toISOString() ?? null).toBe(day && `${day}T00:00:00.000Z`);
});

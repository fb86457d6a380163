import * as domain from "../../src/domain/usage";

const NOW = new Date("2026-03-31T09:00:00.000Z");
const at = (milliseconds: number) => new Date(NOW.getTime() + milliseconds);

test("the limits equal the product's", () => {
  expect(domain).toMatchObject({
    ...{ MAX_USAGE_RECORDS: 1_000, MAX_RECORD_AGE_MS: 3_024_000_000, CLOCK_TOLERANCE_MS: 300_000 },
    ...{ CREDIT_DECIMALS: 9, MAX_USAGE_POINTS: 2_400, MAX_TREND_WORKSPACES: 20 },
  });
  expect(Object.entries(domain.UsageInterval)).toEqual(["HOUR", "DAY", "WEEK", "MONTH"].map((name) => [name, name]));
  expect(domain.WorkspaceTrendKind).toEqual({ WORKSPACE: "WORKSPACE", OTHERS: "OTHERS", DELETED: "DELETED" });
});

test.each([
  ["2026-03-01T00:00:00.000Z", "2026-03-01"],
  ["2026-03-31T23:59:59.999Z", "2026-03-01"],
  ["2026-12-31T23:59:59.999Z", "2026-12-01"],
])("%s belongs to the month %s", (moment, month) => expect(domain.monthOf(new Date(moment))).toBe(month));

test.each([
  ["2026-03-15T12:00:00.000Z", "2026-03-01", "2026-03-01"],
  ["2026-03-31T23:49:59.999Z", "2026-03-01", "2026-03-01"],
  ["2026-03-31T23:50:00.000Z", "2026-03-01", "2026-04-01"],
  ["2026-04-01T00:09:59.999Z", "2026-03-01", "2026-04-01"],
  ["2026-04-01T00:10:00.000Z", "2026-04-01", "2026-04-01"],
])("the id of a record from %s is stored for %s and %s", (now, older, newer) => {
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
])("the record %j is accepted", (record) => expect(faultOf(record)).toBeNull());

test.each<[Partial<domain.UsageRecord>, RegExp]>([
  [{ id: "" }, /1 to 255 characters/],
  [{ id: "x".repeat(256) }, /1 to 255 characters/],
  [{ id: "a\0" }, /1 to 255 characters/],
  [{ id: "\ud800" }, /1 to 255 characters/],
  [{ workspaceId: "x" }, /^There is no such workspace\.$/],
  [{ credits: -0.000000001 }, /^Credits must be zero or more\.$/],
  [{ credits: Number.NaN }, /^Credits must be zero or more\.$/],
  [{ credits: Number.POSITIVE_INFINITY }, /^Credits must be zero or more\.$/],
  [{ credits: 1_000_000.000001 }, /at most 1000000 credits/],
  [{ at: at(-domain.MAX_RECORD_AGE_MS - 1) }, /more than 35 days old/],
  [{ at: at(domain.CLOCK_TOLERANCE_MS + 1) }, /more than 5 minutes in the future/],
])("the record %j is rejected", (record, reason) => expect(faultOf(record)).toMatch(reason));

test("credits are written as exact decimals", () => {
  expect([0.1, 1e-9, 5e-324, 1.5, 1_000_000, 0.1 + 0.2].map(domain.decimalOf)).toEqual([
    ...["0.100000000", "0.000000001", "0.000000000", "1.500000000", "1000000.000000000", "0.300000000"],
  ]);
});

test.each<[from: string, to: string, interval: domain.UsageInterval, starts: string[]]>([
  ["2026-03-31T10:59:59.999Z", "2026-03-31T12:00:00Z", "HOUR", ["2026-03-31T10", "2026-03-31T11", "2026-03-31T12"]],
  ["2026-03-31T10:00:00Z", "2026-03-31T10:59:59.999Z", "HOUR", ["2026-03-31T10"]],
  ["1969-12-31T23:30:00Z", "1970-01-01T00:00:00Z", "HOUR", ["1969-12-31T23", "1970-01-01T00"]],
  ["2026-02-28T23:59:59.999Z", "2026-03-01T00:00:00Z", "DAY", ["2026-02-28T00", "2026-03-01T00"]],
  ["0099-12-31T05:00:00Z", "0100-01-01T05:00:00Z", "DAY", ["0099-12-31T00", "0100-01-01T00"]],
  // A week starts on Monday.
  ["2026-03-30T00:00:00Z", "2026-04-05T23:59:59.999Z", "WEEK", ["2026-03-30T00"]],
  ["2026-03-29T23:59:59.999Z", "2026-04-06T00:00:00Z", "WEEK", ["2026-03-23T00", "2026-03-30T00", "2026-04-06T00"]],
  ["2026-01-31T12:00:00Z", "2026-03-01T00:00:00Z", "MONTH", ["2026-01-01T00", "2026-02-01T00", "2026-03-01T00"]],
  ["2026-12-31T12:00:00Z", "2027-01-31T00:00:00Z", "MONTH", ["2026-12-01T00", "2027-01-01T00"]],
])("%s to %s is grouped by %s %j", (from, to, interval, starts) => {
  const found = domain.intervalsOf(new Date(from), new Date(to), interval).map((start) => start.toISOString());
  expect(found).toEqual(starts.map((start) => `${start}:00:00.000Z`));
});

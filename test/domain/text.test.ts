import { parseEmailAddress } from "../../src/domain/email-address";
import { assertSeatsFor } from "../../src/domain/growth";
import { periodEnd } from "../../src/domain/plan";
import { nameKey } from "../../src/domain/text";

test.each([
  ["ada@example.com", "ada@example.com"],
  ["  Ada@Example.COM ", "ada@example.com"],
  ["a+b.c@sub.example.co", "a+b.c@sub.example.co"],
])("the address %j is stored as %j", (written, read) => expect(parseEmailAddress(written)).toBe(read));

test.each([
  "",
  "ada",
  "@example.com",
  "ada@",
  "a b@example.com",
  "ada@example.com\nBcc: x@y.z",
  `${"a".repeat(250)}@b.co`,
])("%j is not an address", (written) => expect(parseEmailAddress(written)).toBeNull());

test.each([
  ["2026-01-31T10:00:00.000Z", "MONTHLY", "2026-02-28T10:00:00.000Z"],
  ["2028-01-31T10:00:00.000Z", "MONTHLY", "2028-02-29T10:00:00.000Z"],
  ["2026-12-15T00:00:00.000Z", "MONTHLY", "2027-01-15T00:00:00.000Z"],
  ["2028-02-29T00:00:00.000Z", "ANNUAL", "2029-02-28T00:00:00.000Z"],
] as const)("a period from %s, %s, ends %s", (start, interval, end) => {
  expect(periodEnd(new Date(start), interval, new Date(start)).toISOString()).toBe(end);
});

test.each([
  ["Straße", "STRASSE"],
  ["Straße", "STRAẞE"],
  ["École", "E\u0301COLE"],
  ["σίσυφος", "ΣΊΣΥΦΟΣ"],
  ["ＰＲＯＤ", "prod"],
])("%s and %s are the same name", (one, other) => expect(nameKey(other)).toBe(nameKey(one)));

test("an organization over its limit can do everything but add people", () => {
  expect(() => assertSeatsFor(0, { planCode: "STANDARD", scheduledPlanCode: null }, 5)).not.toThrow();
  expect(() => assertSeatsFor(1, { planCode: "STANDARD", scheduledPlanCode: null }, 5)).toThrow(/5 of them taken/);
});

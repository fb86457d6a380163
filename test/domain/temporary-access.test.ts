import type { Refused } from "../../src/domain/refusal";
import { assertAccessEnd, assertNotExtendingOwn, untilWhen, warningTime } from "../../src/domain/temporary-access";

const NOW = new Date("2026-11-26T10:00:00.000Z");
const HOUR_MS = 60 * 60 * 1000;
const at = (ms: number) => new Date(NOW.getTime() + ms);

test.each<[string, Date | null]>([
  ["no end", null],
  ["a millisecond from now", at(1)],
  ["five years from now", new Date("2031-11-26T10:00:00.000Z")],
])("access can have %s", (_, end) => expect(() => assertAccessEnd(end, NOW, "expiresAt")).not.toThrow());

test.each<[string, Date, string]>([
  ["now", NOW, "Access must end in the future."],
  ["a millisecond ago", at(-1), "Access must end in the future."],
  [
    "a millisecond after five years",
    new Date("2031-11-26T10:00:00.001Z"),
    "Access can end in at most 5 years. Omit the end for access that stays.",
  ],
])("access cannot end %s", (_, end, message) => {
  const refused = () => assertAccessEnd(end, NOW, "grants", "3", "expiresAt");
  expect(refused).toThrow(message);
  try {
    refused();
  } catch (error) {
    expect((error as Refused).refusal).toMatchObject({ code: "INVALID_INPUT", path: ["grants", "3", "expiresAt"] });
  }
});

test("five years end on the same day of the calendar, leap days included", () => {
  const leapDay = new Date("2028-02-29T00:00:00.000Z");
  expect(() => assertAccessEnd(new Date("2033-03-01T00:00:00.000Z"), leapDay)).not.toThrow();
  expect(() => assertAccessEnd(new Date("2033-03-01T00:00:00.001Z"), leapDay)).toThrow("5 years");
});

test.each<[string, Date | null, Date | null]>([
  ["no end", null, null],
  ["an end in 48 hours", at(48 * HOUR_MS), at(24 * HOUR_MS)],
  ["an end in exactly a day", at(24 * HOUR_MS), NOW],
  ["an end in a millisecond less than a day", at(24 * HOUR_MS - 1), null],
])("the warning about %s is due at the right time", (_, end, due) => expect(warningTime(end, NOW)).toEqual(due));

test("a sentence names the end in UTC, or nothing", () => {
  expect(untilWhen(NOW)).toBe(" until 2026-11-26T10:00:00.000Z");
  expect(untilWhen(null)).toBe("");
});

describe("a person's own access", () => {
  test.each<[string, Date | null, Date | null]>([
    ["keeps its end", at(5), at(5)],
    ["ends sooner", at(5), at(4)],
    ["stays without an end", null, null],
    ["gets an end", null, at(5)],
  ])("can be changed so that it %s", (_, before, after) => {
    expect(() => assertNotExtendingOwn(before, after)).not.toThrow();
  });

  test.each<[string, Date | null]>([
    ["a millisecond longer", at(6)],
    ["without an end", null],
  ])("cannot be changed to end %s", (_, after) => {
    expect(() => assertNotExtendingOwn(at(5), after)).toThrow(
      "You cannot extend your own access. Ask another Admin of the workspace.",
    );
    try {
      assertNotExtendingOwn(at(5), after);
    } catch (error) {
      expect((error as Refused).refusal.code).toBe("OWN_ACCESS");
    }
  });
});

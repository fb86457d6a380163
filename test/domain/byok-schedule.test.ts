import { DAILY_VERIFICATION, nextVerificationAt } from "../../src/domain/byok-schedule";

const KEY = { enabled: true, isTemporary: false, sessionTokenExpiresAt: null as Date | null, failingSince: null };
const NOW = new Date("2026-03-31T04:22:59.999Z");

test("keys are verified every day at 04:23 UTC", () => {
  expect(DAILY_VERIFICATION).toEqual({ hour: 4, minute: 23 });
});

test.each([
  ["2026-03-31T00:00:00.000Z", "2026-03-31T04:23:00.000Z"],
  ["2026-03-31T04:22:59.999Z", "2026-03-31T04:23:00.000Z"],
  ["2026-03-31T04:23:00.000Z", "2026-04-01T04:23:00.000Z"],
  ["2026-03-31T23:59:59.999Z", "2026-04-01T04:23:00.000Z"],
  ["2026-12-31T12:00:00.000Z", "2027-01-01T04:23:00.000Z"],
])("after %s, the next verification is at %s", (now, next) => {
  expect(nextVerificationAt(KEY, true, new Date(now))).toEqual(new Date(next));
});

test("a failing key is verified; a key that is not in use is not", () => {
  expect(nextVerificationAt({ ...KEY, failingSince: NOW }, true, NOW)).not.toBeNull();
  expect(nextVerificationAt({ ...KEY, enabled: false }, true, NOW)).toBeNull();
  expect(nextVerificationAt(KEY, false, NOW)).toBeNull();
});

test("a temporary key is verified only if it lasts until then", () => {
  const ending = (at: string) => nextVerificationAt({ ...KEY, sessionTokenExpiresAt: new Date(at) }, true, NOW);
  expect(ending("2026-03-31T04:22:59.000Z")).toBeNull();
  expect(ending("2026-03-31T04:23:00.000Z")).toBeNull();
  expect(ending("2026-03-31T04:23:00.001Z")).toEqual(new Date("2026-03-31T04:23:00.000Z"));
});

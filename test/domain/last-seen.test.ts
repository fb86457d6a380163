import { dayOf } from "../../src/domain/last-seen";

test.each([
  ["2026-03-31T00:00:00.000Z", "2026-03-31T00:00:00.000Z"],
  ["2026-03-31T00:00:00.001Z", "2026-03-31T00:00:00.000Z"],
  ["2026-03-31T23:59:59.999Z", "2026-03-31T00:00:00.000Z"],
  ["2026-04-01T00:00:00.000Z", "2026-04-01T00:00:00.000Z"],
])("the day of %s begins at %s", (instant, midnight) => {
  expect(dayOf(new Date(instant)).toISOString()).toBe(midnight);
});

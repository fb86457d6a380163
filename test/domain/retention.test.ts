import { DEFAULT_RETENTION, LEAST_DAYS, removableUntil } from "../../src/domain/retention";

const NOW = new Date("2026-03-31T09:00:00.000Z");

test("without configuration only former members are removed, after 90 days", () => {
  expect(DEFAULT_RETENTION).toEqual({
    ...{ formerMembers: 90, invitations: null, usage: null, accessReviews: null, events: null },
  });
});

test("every setting has a minimum that keeps data which the product still needs", () => {
  expect(LEAST_DAYS).toEqual({ formerMembers: 30, invitations: 30, usage: 100, accessReviews: 90, events: 90 });
});

test("the limit is the given days before now, to the millisecond", () => {
  expect(removableUntil(NOW, 90)).toEqual(new Date("2025-12-31T09:00:00.000Z"));
  expect(removableUntil(NOW, null)).toBeNull();
});

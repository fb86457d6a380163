import { isUpgrade, knownPlans, planOf, storedPlan } from "../../src/domain/plan";

// Two retired plans: one with a higher price than Advanced, and one with the price of Standard.
jest.mock("../../src/domain/retired-plans.json", () => {
  const plan = { memberLimit: 9, workspaceLimit: 9, monthlyCredits: 9, dailyCredits: 9, byok: true, features: [] };
  return [
    { ...plan, code: "GOLD", name: "Gold", monthlyPriceCents: 70_000 },
    { ...plan, code: "SILVER", name: "Silver", monthlyPriceCents: 5_900 },
  ];
});

test("a retired plan is known, but no longer offered", () => {
  expect(knownPlans().map(({ code }) => code)).toEqual([
    "STARTER",
    "STANDARD",
    "ADVANCED",
    "ENTERPRISE",
    "GOLD",
    "SILVER",
  ]);
  expect(storedPlan("GOLD")).toMatchObject({ code: "GOLD", name: "Gold", memberLimit: 9 });
  expect(() => planOf("GOLD")).toThrow(/There is no such plan/);
});

test.each([
  ["GOLD", "ADVANCED", false],
  ["ADVANCED", "GOLD", true],
  ["GOLD", "ENTERPRISE", true],
  ["GOLD", "SILVER", false],
  ["SILVER", "GOLD", true],
  ["SILVER", "STARTER", false],
  ["STARTER", "SILVER", true],
  // At the same price, an offered plan ranks above a retired one.
  ["SILVER", "STANDARD", true],
  ["STANDARD", "SILVER", false],
  ["SILVER", "SILVER", false],
])("from %s to %s is an upgrade: %s", (from, to, expected) => expect(isUpgrade(from, to)).toBe(expected));

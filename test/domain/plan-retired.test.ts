import { isUpgrade, knownPlans, planOf, storedPlan } from "../../src/domain/plan";

// Plans as an operator would retire them: one that cost more than Advanced, and one that cost what Standard costs.
jest.mock("../../src/domain/retired-plans.json", () => {
  const plan = { memberLimit: 9, workspaceLimit: 9, monthlyCredits: 9, dailyCredits: 9, byok: true, features: [] };
  return [
    { ...plan, code: "GOLD", name: "Gold", monthlyPriceCents: 70_000 },
    { ...plan, code: "SILVER", name: "Silver", monthlyPriceCents: 5_900 },
  ];
});

test("a retired plan is stored still, and offered no more", () => {
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
  // At the same price, an offered plan counts as more than a retired one.
  ["SILVER", "STANDARD", true],
  ["STANDARD", "SILVER", false],
  ["SILVER", "SILVER", false],
])("from %s to %s is an upgrade: %s", (from, to, expected) => expect(isUpgrade(from, to)).toBe(expected));

import * as domain from "../../src/domain/plan";
import { refusalOf } from "../../src/domain/refusal";

const { PLANS, storedPlan } = domain;
const CODES = ["STARTER", "STANDARD", "ADVANCED", "ENTERPRISE"];

test("the catalogue equals the product's, from the smallest to the largest plan", () => {
  const row = ({
    code,
    name,
    monthlyPriceCents,
    memberLimit,
    workspaceLimit,
    monthlyCredits,
    dailyCredits,
    byok,
  }: domain.Plan) => [
    ...[code, name, monthlyPriceCents, memberLimit, workspaceLimit, monthlyCredits, dailyCredits, byok],
  ];
  expect(PLANS.map(row)).toEqual([
    ["STARTER", "Starter", 0, 1, 1, 20, 5, false],
    ["STANDARD", "Standard", 5_900, 3, 3, 500, 5, false],
    ["ADVANCED", "Advanced", 59_900, null, 30, 5_000, 5, true],
    ["ENTERPRISE", "Enterprise", null, null, null, null, 5, true],
  ]);
  expect(domain.FIRST_PLAN_CODE).toBe("STARTER");
  expect(domain.knownPlans().map(({ code }) => code)).toEqual(expect.arrayContaining(CODES));
  expect(Object.entries(domain.BillingInterval)).toEqual([
    ["MONTHLY", "MONTHLY"],
    ["ANNUAL", "ANNUAL"],
  ]);
  expect(Object.keys(domain.SubscriptionStatus)).toEqual(["ACTIVE", "TRIALING", "PAST_DUE", "CANCELED"]);
  expect(Object.values(domain.SubscriptionStatus)).toEqual(Object.keys(domain.SubscriptionStatus));
});

test("a year costs as much as twelve months, and a plan by arrangement has no price", () => {
  expect(PLANS.map(domain.annualPriceCents)).toEqual([0, 70_800, 718_800, null]);
});

test.each([
  ["MONTHLY", null, null, null],
  ["MONTHLY", null, "ANNUAL", null],
  ["ANNUAL", "STANDARD", "MONTHLY", "MONTHLY"],
  ["MONTHLY", "STANDARD", "ANNUAL", "ANNUAL"],
  ["ANNUAL", "STANDARD", null, "ANNUAL"],
] as const)("billed %s, with %s scheduled %s: the next interval is %s", (billingInterval, code, interval, next) => {
  const subscription = { billingInterval, scheduledPlanCode: code, scheduledInterval: interval };
  expect(domain.scheduledIntervalOf(subscription)).toBe(next);
});

test("a plan is found by its code, and the refusal of an unknown code lists the known ones", () => {
  for (const code of CODES) expect(domain.planOf(code).code).toBe(code);
  for (const code of ["starter", "", "FREE"]) {
    expect(refusalOf(() => domain.planOf(code))).toMatchObject({
      code: "PLAN_UNKNOWN",
      message: "There is no such plan. Choose one of STARTER, STANDARD, ADVANCED, ENTERPRISE.",
      path: ["planCode"],
    });
  }
});

test("a stored plan that the catalogue lacks has the smallest plan's limits and its own name", () => {
  for (const plan of PLANS) expect(storedPlan(plan.code)).toBe(plan);
  expect(storedPlan("LEGACY")).toEqual({ ...PLANS[0], code: "LEGACY", name: "LEGACY", features: [] });
});

test("an upgrade is a change to a higher price, or to a later plan at the same price", () => {
  const codes = ["LEGACY", ...CODES];
  for (const [from, fromRank] of codes.map((code, rank) => [code, rank] as const)) {
    for (const [to, toRank] of codes.map((code, rank) => [code, rank] as const)) {
      // LEGACY is free like Starter, and comes before it.
      expect([from, to, domain.isUpgrade(from, to)]).toEqual([from, to, toRank > fromRank]);
    }
  }
});

test.each([
  ["STARTER", "MONTHLY", "STANDARD", "MONTHLY", true],
  ["STARTER", "ANNUAL", "STANDARD", "MONTHLY", true],
  ["STANDARD", "MONTHLY", "STANDARD", "ANNUAL", true],
  ["STANDARD", "ANNUAL", "STANDARD", "MONTHLY", false],
  ["STANDARD", "MONTHLY", "STARTER", "ANNUAL", false],
  ["ADVANCED", "MONTHLY", "STANDARD", "MONTHLY", false],
  ["ADVANCED", "ANNUAL", "ENTERPRISE", "ANNUAL", true],
] as const)(
  "a change from %s %s to %s %s takes effect at once: %s",
  (planCode, billingInterval, toCode, toInterval, isAtOnce) => {
    const to = { planCode: toCode, billingInterval: toInterval };
    expect(domain.isAtOnce({ planCode, billingInterval }, to)).toBe(isAtOnce);
  },
);

test.each([
  [0, 3, 3],
  [2, 3, 1],
  [3, 3, 0],
  [5, 3, 0],
  [5, null, null],
])("with %i used of %s, %s remain", (used, limit, remaining) => {
  expect(domain.limitUse(used, limit)).toEqual({ used, limit, remaining });
});

test("each limit of a smaller plan, on its own, blocks the change to that plan", () => {
  const blockers = (plan: string, seats: number, workspaces: number) =>
    domain.blockersOf("ENTERPRISE", storedPlan(plan), { seats, workspaces }, true);
  expect(blockers("STANDARD", 3, 3)).toEqual([]);
  expect(blockers("STANDARD", 4, 3)).toEqual([
    {
      code: "PLAN_LIMIT_EXCEEDED",
      message:
        "The Standard plan allows 3 members, pending invitations included, and 4 are in use. Remove members or cancel invitations.",
      path: null,
      retryAfterSeconds: null,
      limit: { used: 4, limit: 3, remaining: 0 },
    },
  ]);
  expect(blockers("STANDARD", 3, 4)).toEqual([
    {
      ...{
        code: "PLAN_LIMIT_EXCEEDED",
        message: "The Standard plan allows 3 workspaces, and 4 are in use. Delete workspaces first.",
      },
      ...{ path: null, retryAfterSeconds: null, limit: { used: 4, limit: 3, remaining: 0 } },
    },
  ]);
  expect(blockers("STANDARD", 4, 4)).toHaveLength(2);
  expect(blockers("ADVANCED", 1_000, 30)).toEqual([]);
  expect(blockers("ADVANCED", 1_000, 31)).toMatchObject([{ limit: { used: 31, limit: 30 } }]);
  // The same plan is not an upgrade either.
  expect(domain.blockersOf("STANDARD", storedPlan("STANDARD"), { seats: 4, workspaces: 1 }, true)).toHaveLength(1);
});

test("an upgrade has no blockers, but a plan by arrangement cannot be paid by card", () => {
  const much = { seats: 1_000, workspaces: 1_000 };
  const blockers = (plan: string, hasProvider: boolean) =>
    domain.blockersOf("STARTER", storedPlan(plan), much, hasProvider);
  expect(blockers("STANDARD", true)).toEqual([]);
  expect(blockers("STANDARD", false)).toEqual([]);
  expect(blockers("ENTERPRISE", false)).toEqual([]);
  expect(blockers("ENTERPRISE", true)).toEqual([
    {
      ...{
        code: "PAYMENT_REQUIRED",
        message: "The Enterprise plan is by arrangement. Contact support to change to it.",
      },
      ...{ path: null, retryAfterSeconds: null, limit: null },
    },
  ]);
});

test("an account can grow while it is paid", () => {
  const codes = Object.values(domain.SubscriptionStatus).map(
    (status) => refusalOf(() => domain.assertMayGrow(status))?.code ?? null,
  );
  expect(codes).toEqual([null, null, "PAYMENT_REQUIRED", "PAYMENT_REQUIRED"]);
  expect(refusalOf(() => domain.assertMayGrow("PAST_DUE"))?.message).toMatch(
    /^The subscription has an open payment\. Ask an Owner to settle it in the billing portal, or .* Then try again\.$/,
  );
});

test.each([
  // The start of the subscription, the interval, and the start and end of a period.
  ["2026-01-31T10:20:30.456Z", "MONTHLY", "2026-01-31T10:20:30.456Z", "2026-02-28T10:20:30.456Z"],
  ["2026-01-31T10:20:30.456Z", "MONTHLY", "2026-02-28T10:20:30.456Z", "2026-03-31T10:20:30.456Z"],
  ["2026-01-31T10:00:00.000Z", "MONTHLY", "2026-03-31T10:00:00.000Z", "2026-04-30T10:00:00.000Z"],
  ["2026-01-15T23:59:59.999Z", "MONTHLY", "2026-11-15T23:59:59.999Z", "2026-12-15T23:59:59.999Z"],
  ["2026-01-15T00:00:00.000Z", "MONTHLY", "2026-12-15T00:00:00.000Z", "2027-01-15T00:00:00.000Z"],
  ["2026-01-15T00:00:00.000Z", "ANNUAL", "2026-01-15T00:00:00.000Z", "2027-01-15T00:00:00.000Z"],
  ["2028-02-29T12:00:00.000Z", "ANNUAL", "2028-02-29T12:00:00.000Z", "2029-02-28T12:00:00.000Z"],
  ["2028-02-29T12:00:00.000Z", "ANNUAL", "2031-02-28T12:00:00.000Z", "2032-02-29T12:00:00.000Z"],
  ["2026-12-31T00:00:00.000Z", "ANNUAL", "2026-12-31T00:00:00.000Z", "2027-12-31T00:00:00.000Z"],
] as const)("with a subscription from %s, billed %s, the period from %s ends %s", (anchor, interval, from, end) => {
  expect(domain.periodEnd(new Date(anchor), interval, new Date(from)).toISOString()).toBe(end);
});

test("the log names a plan with its billing interval", () => {
  const described = (["MONTHLY", "ANNUAL"] as const).map((interval) =>
    domain.describeTerms({ planCode: "STANDARD", billingInterval: interval }),
  );
  expect(described).toEqual(["Standard, billed monthly", "Standard, billed annually"]);
});

test("the log says what changes, at once or later: the plan, its billing or both", () => {
  const terms = (planCode: string, billingInterval: "MONTHLY" | "ANNUAL") => ({ planCode, billingInterval });
  const changes = [
    [terms("STANDARD", "MONTHLY"), terms("STANDARD", "ANNUAL")],
    [terms("STANDARD", "ANNUAL"), terms("STANDARD", "MONTHLY")],
    [terms("STANDARD", "MONTHLY"), terms("ADVANCED", "MONTHLY")],
    [terms("STANDARD", "MONTHLY"), terms("ADVANCED", "ANNUAL")],
  ] as const;
  expect(changes.map(([from, to]) => domain.termsChanged(from, to))).toEqual([
    "The Standard plan is now billed annually.",
    "The Standard plan is now billed monthly.",
    "The plan is now Advanced.",
    "The plan is now Advanced, billed annually.",
  ]);
  expect(changes.slice(1).map(([from, to]) => domain.termsScheduled(from, to))).toEqual([
    "The Standard plan is billed monthly once the period ends.",
    "The plan changes to Advanced, billed monthly, when the period ends.",
    "The plan changes to Advanced, billed annually, when the period ends.",
  ]);
});

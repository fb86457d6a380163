import { applyProviderAccount, type BilledState, type ProviderSubscription } from "../../src/domain/billing";

const day = (text: string) => new Date(`${text}T00:00:00.000Z`);
const CARD = { brand: "visa", last4: "4242", expiryMonth: 1, expiryYear: 2030 };
const BEFORE: BilledState & { organizationId: string } = {
  organizationId: "o",
  planCode: "ADVANCED",
  status: "ACTIVE",
  billingInterval: "MONTHLY",
  startedAt: day("2026-01-15"),
  currentPeriodStart: day("2026-03-15"),
  currentPeriodEnd: day("2026-04-15"),
  scheduledPlanCode: null,
  scheduledInterval: null,
  providerSubscriptionId: "sub_1",
  paymentMethod: null,
};
const BILLED: ProviderSubscription = {
  id: "sub_1",
  status: "ACTIVE",
  planCode: "ADVANCED",
  billingInterval: "MONTHLY",
  anchor: day("2026-01-15"),
  periodStart: day("2026-03-15"),
  periodEnd: day("2026-04-15"),
  endsWithPeriod: false,
  isScheduled: false,
};

const follow = (
  subscription: Partial<ProviderSubscription> | null,
  before: Partial<BilledState> = {},
  keepSchedule = false,
) => {
  const account = { subscription: subscription && { ...BILLED, ...subscription }, paymentMethod: CARD };
  return applyProviderAccount({ ...BEFORE, ...before }, account, keepSchedule);
};
const UNSCHEDULED = { scheduledPlanCode: null, scheduledInterval: null };

test("what has not changed stays, and the card is the provider's", () => {
  expect(follow({})).toEqual({ ...BEFORE, paymentMethod: CARD });
});

test("without a subscription at the provider, one that was there has ended, and one that was not is left alone", () => {
  const scheduled = { scheduledPlanCode: "STANDARD", scheduledInterval: "ANNUAL" } as const;
  expect(follow(null, { ...scheduled, status: "PAST_DUE" })).toEqual({
    ...BEFORE,
    ...UNSCHEDULED,
    ...{ planCode: "STARTER", status: "ACTIVE", providerSubscriptionId: null, paymentMethod: CARD },
  });
  const manual = { ...scheduled, providerSubscriptionId: null, status: "PAST_DUE" } as const;
  expect(follow(null, manual)).toEqual({ ...BEFORE, ...manual, paymentMethod: CARD });
});

test("an upgrade takes effect at once", () => {
  const upgraded = follow({ planCode: "ADVANCED" }, { planCode: "STANDARD" });
  expect(upgraded).toMatchObject({ planCode: "ADVANCED", ...UNSCHEDULED });
});

test("a smaller plan waits for the end of the period, with its interval, and then takes over", () => {
  const smaller = { planCode: "STANDARD", billingInterval: "ANNUAL" } as const;
  expect(follow(smaller)).toMatchObject({
    ...{ planCode: "ADVANCED", billingInterval: "MONTHLY", scheduledPlanCode: "STANDARD", scheduledInterval: "ANNUAL" },
  });
  const next = { ...smaller, periodStart: day("2026-04-15"), periodEnd: day("2027-04-15") };
  expect(follow(next)).toMatchObject({
    ...{ planCode: "STANDARD", billingInterval: "ANNUAL", ...UNSCHEDULED },
    ...{ currentPeriodStart: day("2026-04-15"), currentPeriodEnd: day("2027-04-15") },
  });
  // One millisecond into the next period is the next period; the same period is not.
  const justAfter = new Date(BEFORE.currentPeriodStart.getTime() + 1);
  expect(follow({ ...smaller, periodStart: justAfter })).toMatchObject({ planCode: "STANDARD" });
  const justBefore = new Date(BEFORE.currentPeriodStart.getTime() - 1);
  expect(follow({ ...smaller, periodStart: justBefore })).toMatchObject({ planCode: "ADVANCED" });
});

test("a new subscription is what it is, smaller or not", () => {
  expect(follow({ id: "sub_2", planCode: "STANDARD", anchor: day("2026-03-20") })).toMatchObject({
    ...{ planCode: "STANDARD", providerSubscriptionId: "sub_2", startedAt: day("2026-03-20"), ...UNSCHEDULED },
  });
  expect(follow({ planCode: "STANDARD" }, { providerSubscriptionId: null })).toMatchObject({ planCode: "STANDARD" });
});

test.each(["ACTIVE", "TRIALING", "PAST_DUE", "CANCELED"] as const)("the status is the provider's: %s", (status) => {
  expect(follow({ status }).status).toBe(status);
});

test("a subscription that ends with the period leaves the first plan then", () => {
  expect(follow({ endsWithPeriod: true })).toMatchObject({
    ...{ planCode: "ADVANCED", scheduledPlanCode: "STARTER", scheduledInterval: "MONTHLY" },
  });
  expect(follow({ endsWithPeriod: true, planCode: "STARTER" }, { planCode: "STARTER" })).toMatchObject(UNSCHEDULED);
});

test("what is billed and none of our plans leaves the plan as it is", () => {
  expect(follow({ planCode: null })).toMatchObject({ planCode: "ADVANCED", ...UNSCHEDULED });
  expect(follow({ planCode: null, id: "sub_2" }, { planCode: "STANDARD" })).toMatchObject({ planCode: "STANDARD" });
});

const SCHEDULED = { scheduledPlanCode: "STANDARD", scheduledInterval: "MONTHLY" } as const;

test("a downgrade that the provider has not heard of stands, as does one that it keeps", () => {
  expect(follow({}, SCHEDULED)).toMatchObject(UNSCHEDULED);
  expect(follow({}, SCHEDULED, true)).toMatchObject(SCHEDULED);
  expect(follow({ isScheduled: true }, SCHEDULED)).toMatchObject(SCHEDULED);
  expect(follow({ isScheduled: true }, SCHEDULED, true)).toMatchObject(SCHEDULED);
  // Even where the provider would end it: what was asked for here comes first.
  expect(follow({ endsWithPeriod: true }, SCHEDULED, true)).toMatchObject(SCHEDULED);
});

test("a downgrade that took over is scheduled no more", () => {
  const next = { planCode: "STANDARD", periodStart: day("2026-04-15") };
  for (const keep of [true, false]) {
    expect(follow(next, SCHEDULED, keep)).toMatchObject({ planCode: "STANDARD", ...UNSCHEDULED });
    const whatever = { ...SCHEDULED, scheduledInterval: null };
    expect(follow(next, whatever, keep)).toMatchObject({ planCode: "STANDARD", ...UNSCHEDULED });
  }
  // The plan alone is not all that was scheduled.
  const annual = { ...SCHEDULED, scheduledInterval: "ANNUAL" } as const;
  expect(follow(next, annual, true)).toMatchObject({ planCode: "STANDARD", ...annual });
  expect(follow({ ...next, billingInterval: "ANNUAL" }, annual, true)).toMatchObject({ ...UNSCHEDULED });
  // Nor is the interval.
  expect(follow({ planCode: "ADVANCED", periodStart: day("2026-04-15") }, SCHEDULED, true)).toMatchObject(SCHEDULED);
});

import {
  applyProviderAccount,
  type BilledState,
  billsUnrecordedUpgrade,
  cardOf,
  droppedSchedule,
  InvoiceStatus,
  isHttpsAddress,
  labelOf,
  PaymentMethodKind,
  type ProviderSubscription,
  recordedTerms,
} from "../../src/domain/billing";

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
  isCollectionPaused: false,
  planCode: "ADVANCED",
  billingInterval: "MONTHLY",
  anchor: day("2026-01-15"),
  periodStart: day("2026-03-15"),
  periodEnd: day("2026-04-15"),
  endsWithPeriod: false,
  isScheduled: false,
  scheduled: null,
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

test("events contain the plan, its state, interval, period and schedule, and nothing else", () => {
  const terms = {
    ...{ planCode: "ADVANCED", status: "ACTIVE", billingInterval: "MONTHLY" },
    ...{ currentPeriodStart: day("2026-03-15"), currentPeriodEnd: day("2026-04-15"), ...UNSCHEDULED },
  };
  expect(recordedTerms(BEFORE)).toEqual(terms);
  const change = { scheduledPlanCode: "STANDARD", scheduledInterval: "ANNUAL" } as const;
  expect(recordedTerms(BEFORE, change)).toEqual({ ...terms, ...change });
});

test("unchanged values stay, and the card comes from the provider", () => {
  expect(follow({})).toEqual({ ...BEFORE, paymentMethod: CARD });
});

test("without a subscription at the provider, an earlier one has ended; without an earlier one nothing changes", () => {
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

test("a smaller plan and its interval take effect at the end of the period", () => {
  const smaller = { planCode: "STANDARD", billingInterval: "ANNUAL" } as const;
  expect(follow(smaller)).toMatchObject({
    ...{ planCode: "ADVANCED", billingInterval: "MONTHLY", scheduledPlanCode: "STANDARD", scheduledInterval: "ANNUAL" },
  });
  const next = { ...smaller, periodStart: day("2026-04-15"), periodEnd: day("2027-04-15") };
  expect(follow(next)).toMatchObject({
    ...{ planCode: "STANDARD", billingInterval: "ANNUAL", ...UNSCHEDULED },
    ...{ currentPeriodStart: day("2026-04-15"), currentPeriodEnd: day("2027-04-15") },
  });
  // A period that starts a millisecond later is the next one.
  const justAfter = new Date(BEFORE.currentPeriodStart.getTime() + 1);
  expect(follow({ ...smaller, periodStart: justAfter })).toMatchObject({ planCode: "STANDARD" });
  const justBefore = new Date(BEFORE.currentPeriodStart.getTime() - 1);
  expect(follow({ ...smaller, periodStart: justBefore })).toMatchObject({ planCode: "ADVANCED" });
});

test("the plan of a new subscription takes effect at once, even if it is smaller", () => {
  expect(follow({ id: "sub_2", planCode: "STANDARD", anchor: day("2026-03-20") })).toMatchObject({
    ...{ planCode: "STANDARD", providerSubscriptionId: "sub_2", startedAt: day("2026-03-20"), ...UNSCHEDULED },
  });
  expect(follow({ planCode: "STANDARD" }, { providerSubscriptionId: null })).toMatchObject({ planCode: "STANDARD" });
});

test.each(["ACTIVE", "TRIALING", "PAST_DUE", "CANCELED"] as const)(
  "the status follows the provider's: %s",
  (status) => {
    expect(follow({ status }).status).toBe(status);
  },
);

test("a subscription that is canceled at the end of its period schedules the free plan", () => {
  expect(follow({ endsWithPeriod: true })).toMatchObject({
    ...{ planCode: "ADVANCED", scheduledPlanCode: "STARTER", scheduledInterval: "MONTHLY" },
  });
  expect(follow({ endsWithPeriod: true, planCode: "STARTER" }, { planCode: "STARTER" })).toMatchObject(UNSCHEDULED);
  // The cancellation counts more than the provider's schedule.
  const scheduled = { planCode: "STANDARD", billingInterval: "ANNUAL" } as const;
  expect(follow({ endsWithPeriod: true, isScheduled: true, scheduled })).toMatchObject({
    ...{ scheduledPlanCode: "STARTER", scheduledInterval: "MONTHLY" },
  });
});

const SCHEDULED = { scheduledPlanCode: "STANDARD", scheduledInterval: "MONTHLY" } as const;

test("a downgrade stays scheduled while the provider has its schedule, or has not received it yet", () => {
  expect(follow({}, SCHEDULED)).toMatchObject(UNSCHEDULED);
  expect(follow({}, SCHEDULED, true)).toMatchObject(SCHEDULED);
  expect(follow({ isScheduled: true }, SCHEDULED)).toMatchObject(SCHEDULED);
  expect(follow({ isScheduled: true }, SCHEDULED, true)).toMatchObject(SCHEDULED);
  // Even if the provider would cancel: the request here counts first.
  expect(follow({ endsWithPeriod: true }, SCHEDULED, true)).toMatchObject(SCHEDULED);
});

test("an upgrade drops a downgrade that the provider has not received yet", () => {
  expect(follow({}, { ...SCHEDULED, planCode: "STARTER" }, true)).toMatchObject(UNSCHEDULED);
  const annual = { billingInterval: "ANNUAL" } as const;
  expect(follow(annual, SCHEDULED, true)).toMatchObject({ ...annual, ...UNSCHEDULED });
});

test("the log names the scheduled change that a change of plan drops", () => {
  const dropped = (before: Partial<BilledState>, after: Partial<BilledState> = {}) =>
    droppedSchedule(recordedTerms({ ...BEFORE, ...before }), recordedTerms({ ...BEFORE, ...after }));
  const standard = { planCode: "STANDARD" };
  const annual = dropped(SCHEDULED, { ...standard, billingInterval: "ANNUAL" });
  const made = [dropped(SCHEDULED), dropped({ ...SCHEDULED, scheduledInterval: null }), annual];
  expect(new Set(made)).toEqual(new Set([" The scheduled change to Standard, billed monthly, was dropped."]));
  expect([dropped(SCHEDULED, standard), dropped(SCHEDULED, SCHEDULED), dropped({})]).toEqual(["", "", ""]);
});

test("the provider's schedule replaces a different one here", () => {
  const scheduled = { planCode: "STARTER", billingInterval: "ANNUAL" } as const;
  const stored = { scheduledPlanCode: "STARTER", scheduledInterval: "ANNUAL" };
  expect(follow({ isScheduled: true, scheduled })).toMatchObject({ planCode: "ADVANCED", ...stored });
  expect(follow({ isScheduled: true, scheduled }, SCHEDULED)).toMatchObject(stored);
  expect(follow({ isScheduled: true, scheduled }, SCHEDULED, true)).toMatchObject(SCHEDULED);
  // A schedule must change the plan or the interval.
  const same = { planCode: "ADVANCED", billingInterval: "MONTHLY" } as const;
  expect(follow({ isScheduled: true, scheduled: same }, SCHEDULED)).toMatchObject(UNSCHEDULED);
  expect(follow({ scheduled: { ...same, billingInterval: "ANNUAL" } })).toMatchObject({
    ...{ scheduledPlanCode: "ADVANCED", scheduledInterval: "ANNUAL" },
  });
});

test("an upgrade that the provider bills first is not recorded here, unlike a downgrade or the same terms", () => {
  const terms = (planCode: string, billingInterval: "MONTHLY" | "ANNUAL") => ({ planCode, billingInterval });
  const monthly = terms("STANDARD", "MONTHLY");
  expect(billsUnrecordedUpgrade(monthly, terms("ADVANCED", "MONTHLY"))).toBe(true);
  expect(billsUnrecordedUpgrade(monthly, terms("STANDARD", "ANNUAL"))).toBe(true);
  expect(billsUnrecordedUpgrade(monthly, monthly)).toBe(false);
  expect(billsUnrecordedUpgrade(terms("STANDARD", "ANNUAL"), terms("STANDARD", "ANNUAL"))).toBe(false);
  expect(billsUnrecordedUpgrade(terms("STANDARD", "ANNUAL"), monthly)).toBe(false);
  expect(billsUnrecordedUpgrade(terms("ADVANCED", "MONTHLY"), monthly)).toBe(false);
});

test("a payment method has a name that people recognize", () => {
  expect(Object.entries(PaymentMethodKind)).toEqual(
    ["CARD", "SEPA_DEBIT", "LINK", "OTHER"].map((kind) => [kind, kind]),
  );
  const sepa = { kind: "SEPA_DEBIT", last4: "3000" } as const;
  expect([cardOf(CARD), cardOf({ ...CARD, kind: "CARD" })]).toEqual([CARD, { ...CARD, kind: "CARD" }]);
  expect([cardOf(sepa), cardOf(null)]).toEqual([null, null]);
  expect([labelOf(CARD), labelOf(sepa)]).toEqual(["visa •••• 4242", "SEPA direct debit •••• 3000"]);
  expect(labelOf({ kind: "LINK", last4: null })).toBe("Link");
  expect(labelOf({ kind: "OTHER", last4: null })).toBe("Another payment method");
});

test("a downgrade that took effect is no longer scheduled", () => {
  const next = { planCode: "STANDARD", periodStart: day("2026-04-15") };
  for (const keep of [true, false]) {
    expect(follow(next, SCHEDULED, keep)).toMatchObject({ planCode: "STANDARD", ...UNSCHEDULED });
    const whatever = { ...SCHEDULED, scheduledInterval: null };
    expect(follow(next, whatever, keep)).toMatchObject({ planCode: "STANDARD", ...UNSCHEDULED });
  }
  // The interval was scheduled, too.
  const annual = { ...SCHEDULED, scheduledInterval: "ANNUAL" } as const;
  expect(follow(next, annual, true)).toMatchObject({ planCode: "STANDARD", ...annual });
  expect(follow({ ...next, billingInterval: "ANNUAL" }, annual, true)).toMatchObject({ ...UNSCHEDULED });
  // The plan was scheduled, too.
  expect(follow({ planCode: "ADVANCED", periodStart: day("2026-04-15") }, SCHEDULED, true)).toMatchObject(SCHEDULED);
});

test.each([
  ["https://invoice.stripe.com/i/1", true],
  ["HTTPS://invoice.stripe.com", true],
  ["http://invoice.stripe.com/i/1", false],
  ["javascript:alert(1)//https:", false],
  ["invoice.stripe.com", false],
  ["", false],
  [null, false],
  [undefined, false],
])("whether %j is an address over https: %s", (text, isHttps) => expect(isHttpsAddress(text)).toBe(isHttps));

test("an invoice is open, paid, void or uncollectible", () => {
  const statuses = ["OPEN", "PAID", "VOID", "UNCOLLECTIBLE"];
  expect(Object.entries(InvoiceStatus)).toEqual(statuses.map((status) => [status, status]));
});

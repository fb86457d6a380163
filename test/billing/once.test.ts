import { changeOrganization } from "../../src/commands/runner/run";
import { applyBilling } from "../../src/commands/subscription/apply-billing";
import { sweepBilling } from "../../src/jobs/sync-billing";
import { ANNUALLY, BilledService, MONTHLY, until } from "../support/billed-service";

let billed: BilledService;
let stripe: BilledService["stripe"];
beforeAll(async () => {
  billed = await BilledService.start();
  stripe = billed.stripe;
});
afterAll(() => billed.stop());
afterEach(() => {
  stripe.declines = false;
  stripe.outage = null;
});

const priceOf = async (planCode: string) => {
  const { subscription } = await billed.subscribed(planCode);
  return stripe.priceOf(subscription);
};
const planIs = (code: string) => ({ checkoutUrl: null, subscription: { plan: { code } } });

test("an upgrade whose response is lost is retried with the same key and paid once", async () => {
  const account = await billed.subscribed();
  const path = `POST /v1/subscriptions/${account.subscription}`;
  stripe.loseResponseTo = path;
  expect(await account.changePlan("ADVANCED")).toEqual(planIs("ADVANCED"));
  expect(stripe.loseResponseTo).toBeNull();
  expect(account.invoices).toBe(1);
});

test("concurrent requests for one upgrade, with or without an Idempotency-Key, cause one payment", async () => {
  const [one, other] = [await billed.subscribed(), await billed.subscribed()];
  const headers = { "idempotency-key": "upgrade-1" };
  const same = await Promise.all([1, 2, 3].map(() => one.changePlan("ADVANCED", "", headers)));
  expect(same).toEqual([planIs("ADVANCED"), planIs("ADVANCED"), planIs("ADVANCED")]);
  expect(one.invoices).toBe(1);
  await Promise.all([1, 2, 3].map(() => other.changePlan("ADVANCED")));
  await other.becomes({ plan: { code: "ADVANCED" } });
  expect(other.invoices).toBe(1);
});

test("a payment that was not recorded is found by the next sync, and a retry does not pay again", async () => {
  const price = await priceOf("ADVANCED");
  const [found, tried] = [await billed.subscribed(), await billed.subscribed()];
  for (const { subscription } of [found, tried]) stripe.change(subscription, { price });
  await sweepBilling(billed.service.app.services);
  await found.becomes({ plan: { code: "ADVANCED" }, scheduledPlan: null });
  expect(["PLAN_UNCHANGED", undefined]).toContain((await tried.changePlan("ADVANCED")).code);
  await tried.becomes({ plan: { code: "ADVANCED" }, scheduledPlan: null });
  expect([found.invoices, tried.invoices]).toEqual([0, 0]);
});

test("there is one open checkout: the same plan gets the same one, another plan closes it", async () => {
  const account = await billed.account();
  const first = await account.changePlan("STANDARD");
  expect(await account.changePlan("STANDARD")).toEqual(first);
  const both = await Promise.all([account.changePlan("ADVANCED"), account.changePlan("ADVANCED")]);
  expect(both[0].checkoutUrl).toBe(both[1].checkoutUrl);
  expect(() => stripe.pay(first.checkoutUrl)).toThrow("No open checkout");
  const again = await account.changePlan("STANDARD");
  expect(again.checkoutUrl).not.toBe(first.checkoutUrl);
  const { subscription } = stripe.pay(again.checkoutUrl);
  // No event has reported the payment: the next change upgrades this subscription and creates no second one.
  expect(await account.changePlan("ADVANCED")).toEqual(planIs("ADVANCED"));
  expect(stripe.lookupKeyOf(subscription)).toBe("cloudthinker_advanced_monthly_59900");
});

test("when checkouts of different plans are opened at once, one stays open", async () => {
  const account = await billed.account();
  const opened = await Promise.all(["STANDARD", "ADVANCED"].map((planCode) => account.changePlan(planCode)));
  const payable = opened.filter(({ checkoutUrl }) => stripe.isOpen(checkoutUrl));
  expect(payable).toHaveLength(1);
});

test("a change to annual billing takes effect at once; a change back waits for the year's end and costs nothing now", async () => {
  const account = await billed.subscribed();
  expect(await account.changePlan("STANDARD", ANNUALLY)).toMatchObject({ checkoutUrl: null });
  await account.becomes({ billingInterval: "ANNUAL", scheduledPlan: null, scheduledBillingInterval: null });
  expect(account.invoices).toBe(1);
  const scheduled = () => stripe.isScheduled(account.subscription);
  expect(await account.changePlan("STANDARD", MONTHLY)).toMatchObject({ checkoutUrl: null });
  await until(scheduled);
  const next = { scheduledPlan: { code: "STANDARD" }, scheduledBillingInterval: "MONTHLY" };
  await account.becomes({ billingInterval: "ANNUAL", ...next });
  expect(await account.changePlan("STANDARD", MONTHLY)).toEqual({ code: "PLAN_UNCHANGED" });
  await account.cancelScheduledPlan();
  await until(() => !scheduled());
  await account.changePlan("STANDARD", MONTHLY);
  await until(scheduled);
  stripe.nextPeriod(account.subscription);
  await billed.reportUpdate(account);
  await account.becomes({ billingInterval: "MONTHLY", scheduledPlan: null });
  expect(account.invoices).toBe(1);
});

test("a declined upgrade keeps the scheduled change, here and at Stripe", async () => {
  const account = await billed.subscribed("STANDARD", ANNUALLY);
  await account.changePlan("STANDARD", MONTHLY);
  await until(() => stripe.isScheduled(account.subscription));
  stripe.declines = true;
  expect(await account.changePlan("ADVANCED")).toEqual({ code: "PAYMENT_REQUIRED" });
  stripe.declines = false;
  await until(() => stripe.isScheduled(account.subscription));
  await account.becomes({ plan: { code: "STANDARD" }, scheduledPlan: { code: "STANDARD" } });
  expect(account.invoices).toBe(0);
});

test("a deleted organization is not billed further, and keeps its plan when it is restored", async () => {
  const account = await billed.subscribed();
  const ends = () => stripe.endsWithPeriod(account.subscription);
  await account.delete();
  await until(ends);
  await until(() => billed.isIdle());
  // The provider reports the cancellation, which nobody here has scheduled.
  await billed.reportUpdate(account);
  await until(() => billed.isIdle());
  await account.restore();
  await until(() => !ends());
  await account.becomes({ plan: { code: "STANDARD" }, scheduledPlan: null });
});

test("ten simultaneous deliveries of an event are processed once", async () => {
  const account = await billed.subscribed();
  stripe.change(account.subscription, { status: "past_due" });
  const event = stripe.event("invoice.payment_failed", account.customer);
  const reads = () =>
    stripe.calls.filter(
      ({ call, parameters }) => call === "GET /v1/subscriptions" && parameters.customer === account.customer,
    ).length;
  const before = reads();
  expect(new Set(await Promise.all(Array.from({ length: 10 }, () => billed.deliver(event))))).toEqual(new Set([200]));
  await account.becomes({ status: "PAST_DUE" });
  expect(await billed.deliver(event)).toBe(200);
  // A later event passes through the same queue: after its effect, the repeated one would have had its effect, too.
  stripe.change(account.subscription, { status: "active" });
  await billed.deliver(stripe.event("invoice.paid", account.customer));
  await account.becomes({ status: "ACTIVE" });
  expect(reads()).toBe(before + 2);
});

test("an older response that arrives late does not undo a newer one", async () => {
  const account = await billed.subscribed();
  const { services } = billed.service.app;
  const { billing } = services.integrations;
  const requestedAt = new Date(Date.now() + 1_000);
  const stale = await billing?.readAccount(account.customer);
  if (!stale) throw new Error("There is no provider.");
  stripe.change(account.subscription, { status: "past_due" });
  const fresh = await billing?.readAccount(account.customer);
  const follow = (state: typeof stale, at: Date) =>
    changeOrganization(services, account.id, (unit) => applyBilling(unit, state, at));
  await follow(fresh ?? stale, requestedAt);
  await follow(stale, new Date(requestedAt.getTime() - 500));
  await follow(stale, requestedAt);
  await account.becomes({ status: "PAST_DUE" });
});

test("the blockers of a plan equal the refusals of changePlan", async () => {
  const account = await billed.subscribed();
  const { planOptions } = await account.read();
  expect(planOptions).toEqual([
    { plan: { code: "STARTER" }, isUpgrade: false, blockers: [] },
    { plan: { code: "ADVANCED" }, isUpgrade: true, blockers: [] },
    { plan: { code: "ENTERPRISE" }, isUpgrade: true, blockers: [{ code: "PAYMENT_REQUIRED" }] },
  ]);
  expect(await account.changePlan("ENTERPRISE")).toEqual({ code: "PAYMENT_REQUIRED" });
});

test.each(["failing", "unreachable", "limiting its callers"] as const)(
  "while Stripe is %s, a plan change, its dry run and the portal say so; afterwards the same key pays once",
  async (outage) => {
    const [free, paying] = [await billed.account(), await billed.subscribed()];
    const down = { code: "BILLING_UNAVAILABLE", retryAfterSeconds: 5 };
    const portal = (id: string) =>
      `mutation { openBillingPortal(input: { organizationId: "${id}", returnUrl: "https://a.example" }) { __typename } }`;
    const dryRun = (id: string) =>
      `{ dryRun(mutation: { changePlan: { organizationId: "${id}", planCode: "ADVANCED" } }) { __typename } }`;
    const extensionsOf = async (text: string) => (await paying.owner.ask(text)).errors?.map((each) => each.extensions);
    stripe.outage = outage;
    const headers = { "idempotency-key": `outage-${outage}` };
    expect(await free.changePlan("STANDARD")).toMatchObject([{ extensions: down }]);
    expect(await paying.changePlan("ADVANCED", "", headers)).toMatchObject([{ extensions: down }]);
    expect(await extensionsOf(portal(paying.id))).toEqual([down]);
    expect(await extensionsOf(dryRun(paying.id))).toEqual([down]);
    stripe.outage = null;
    expect(await paying.changePlan("ADVANCED", "", headers)).toEqual(planIs("ADVANCED"));
    expect(paying.invoices).toBe(1);
    expect((await free.changePlan("STANDARD")).checkoutUrl).toMatch(/^https:/);
    expect(await extensionsOf(portal(paying.id))).toBeUndefined();
  },
);

test("while Stripe fails during an upgrade, the answer says that it may have been paid", async () => {
  const account = await billed.subscribed();
  await until(() => billed.isIdle());
  stripe.failAt = "POST /v1/subscriptions/:id";
  expect(await account.changePlan("ADVANCED")).toMatchObject([
    {
      extensions: { code: "BILLING_UNAVAILABLE", mayHaveHappened: true },
      message: expect.stringMatching(/The change may have been saved/),
    },
  ]);
});

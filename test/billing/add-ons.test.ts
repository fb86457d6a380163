import type Stripe from "stripe";
import { phaseItemOf } from "../../src/integrations/stripe/items";
import { sweepBilling } from "../../src/jobs/sync-billing";
import { ANNUALLY, BilledService, MONTHLY, until } from "../support/billed-service";

let billed: BilledService;
let stripe: BilledService["stripe"];
beforeAll(async () => {
  billed = await BilledService.start();
  stripe = billed.stripe;
});
afterAll(() => billed.stop());

const services = () => billed.service.app.services;

test.each([true, false])(
  "changing the plan keeps an add-on, whatever its place in the subscription (before the plan: %s)",
  async (first) => {
    const account = await billed.subscribed();
    const { subscription } = account;
    const addOn = { price: stripe.addItem(subscription, { first, quantity: 7 }), quantity: 7 };
    await billed.reportUpdate(account);
    await sweepBilling(services());
    await account.becomes({ plan: { code: "STANDARD" }, scheduledPlan: null });
    expect(await account.changePlan("ADVANCED")).toMatchObject({ subscription: { plan: { code: "ADVANCED" } } });
    const advanced = { price: stripe.priceOf(subscription), quantity: 1 };
    expect(stripe.itemsOf(subscription)).toEqual(first ? [addOn, advanced] : [advanced, addOn]);
    expect(stripe.lookupKeyOf(subscription)).toBe("cloudthinker_advanced_monthly_59900");
    await account.changePlan("STANDARD");
    await until(() => stripe.isScheduled(subscription));
    await until(() => billed.isIdle());
    await account.becomes({ plan: { code: "ADVANCED" }, scheduledPlan: { code: "STANDARD" } });
    const [now, next] = stripe.phasesOf(subscription).map(({ items }) => items);
    expect(now).toEqual(stripe.itemsOf(subscription));
    expect(next).toContainEqual(addOn);
    expect(next).toHaveLength(2);
    stripe.nextPeriod(subscription);
    await billed.reportUpdate(account);
    await account.becomes({ plan: { code: "STANDARD" }, scheduledPlan: null });
    expect(stripe.lookupKeyOf(subscription)).toBe("cloudthinker_standard_monthly_5900");
  },
);

test("a monthly add-on prevents annual billing under classic billing, and allows it under flexible billing", async () => {
  const account = await billed.subscribed();
  const { subscription } = account;
  const price = stripe.addItem(subscription);
  expect(await account.changePlan("STANDARD", ANNUALLY)).toEqual({ code: "PAYMENT_REQUIRED" });
  expect(account.invoices).toBe(0);
  stripe.change(subscription, { billingMode: "flexible" });
  expect(await account.changePlan("STANDARD", ANNUALLY)).toMatchObject({ checkoutUrl: null });
  expect(stripe.itemsOf(subscription)).toContainEqual({ price, quantity: 2 });
  await account.becomes({ billingInterval: "ANNUAL" });
  stripe.change(subscription, { billingMode: "classic" });
  const yearly = await billed.subscribed("STANDARD", ANNUALLY);
  stripe.addItem(yearly.subscription, { interval: "year" });
  expect(await yearly.changePlan("STANDARD", MONTHLY)).toEqual({ code: "PAYMENT_REQUIRED" });
  await yearly.becomes({ scheduledPlan: null });
});

test("a cancellation takes effect at the end of the plan's paid period, even if an add-on's period ends earlier", async () => {
  const account = await billed.subscribed();
  stripe.change(account.subscription, { billingMode: "flexible" });
  stripe.addItem(account.subscription, { shift: -10 });
  await account.changePlan("STARTER");
  await until(() => stripe.endsWithPeriod(account.subscription));
  const { start, cancelAt } = stripe.subscriptionOf(account.subscription);
  expect(cancelAt).toBe(start + 30 * 24 * 3600);
  await account.becomes({ plan: { code: "STANDARD" }, scheduledPlan: { code: "STARTER" } });
});

test("if a subscription has two plans, the larger one counts", async () => {
  const [account, advanced] = [await billed.subscribed(), await billed.subscribed("ADVANCED")];
  const { items } = stripe.subscriptionOf(account.subscription);
  items.push({ id: "si_more", price: stripe.priceOf(advanced.subscription), quantity: 1, shift: 0 });
  await billed.reportUpdate(account);
  await account.becomes({ plan: { code: "ADVANCED" } });
});

test("a plan is found behind more add-ons than a subscription includes, and changing it keeps all of them", async () => {
  const account = await billed.subscribed("ADVANCED");
  const { subscription } = account;
  for (let count = 0; count < 12; count += 1) stripe.addItem(subscription, { quantity: count + 1 });
  await billed.reportUpdate(account);
  await account.becomes({ plan: { code: "ADVANCED" } });
  await account.changePlan("STANDARD");
  await until(() => stripe.isScheduled(subscription));
  for (const { items } of stripe.phasesOf(subscription)) expect(items).toHaveLength(13);
});

test("changing the plan keeps the terms of each item, and sends no quantity for a metered one", () => {
  const price = { id: "price_1" } as Stripe.Price;
  const item = {
    id: "si_1",
    price,
    quantity: 3,
    metadata: { seats: "3" },
    discounts: ["di_1"],
    tax_rates: [{ id: "txr_1" }],
  };
  expect(phaseItemOf(item as unknown as Stripe.SubscriptionItem)).toEqual({
    ...{ price: "price_1", quantity: 3, metadata: { seats: "3" } },
    ...{ discounts: [{ discount: "di_1" }], tax_rates: ["txr_1"] },
  });
  const metered = { id: "si_2", price, metadata: {}, discounts: [], tax_rates: null };
  expect(phaseItemOf(metered as unknown as Stripe.SubscriptionItem)).toEqual({ price: "price_1" });
});

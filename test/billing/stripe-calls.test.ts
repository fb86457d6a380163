import { planOf } from "../../src/domain/plan";
import { type Billing, CustomerGone } from "../../src/integrations/stripe/billing";
import { createStripeBilling } from "../../src/integrations/stripe/stripe-billing";
import { StripeStandIn } from "../support/stripe-stand-in";

// The calls of billing, without a service around them.

let stripe: StripeStandIn;
let billing: Billing;
let customer: string;
beforeEach(async () => {
  stripe = await StripeStandIn.start();
  const { secretKey, webhookSecret, environment } = stripe;
  billing = createStripeBilling({ secretKey, webhookSecret, apiUrl: environment.STRIPE_API_URL ?? "" });
  customer = await billing.createCustomer({ organizationId: "org", name: "Acme", email: null });
});
afterEach(async () => {
  await stripe.stop();
  expect(stripe.refusals).toEqual([]);
});

const PAGE = "https://app.example/billing";
const ORDER = { plan: planOf("STANDARD"), billingInterval: "MONTHLY" as const };
const LARGER = { plan: planOf("ADVANCED"), billingInterval: "MONTHLY" as const };
const openPage = () => billing.openCheckout(customer, ORDER, PAGE);
const callsOf = (call: string) => stripe.calls.filter((each) => each.call === call);

/** A subscription with one invoice. */
async function subscribed(options: Parameters<StripeStandIn["pay"]>[1] = {}) {
  const { subscription } = stripe.pay(await openPage(), options);
  const bill = stripe.bills.find((each) => each.subscription === subscription);
  if (!bill) throw new Error("A payment makes an invoice.");
  return { subscription, bill };
}

const end = (subscription: string) => billing.cancelAndRefund(subscription, null);

test("a subscription ends without another charge, and its payment is returned once", async () => {
  const { subscription } = await subscribed();
  expect(await end(subscription)).toEqual({ cents: 5_900, isSettled: true });
  expect(await end(subscription)).toEqual({ cents: 5_900, isSettled: true });
  const ends = callsOf("DELETE /v1/subscriptions/:id");
  expect(ends.map(({ parameters }) => parameters)).toMatchObject([{ invoice_now: "false", prorate: "false" }]);
  expect(stripe.creditNotesOf(subscription)).toHaveLength(1);
});

test("a part that was waived before the payment is not returned", async () => {
  const { subscription, bill } = await subscribed();
  bill.waived = 900;
  expect(await end(subscription)).toEqual({ cents: 5_000, isSettled: true });
});

test.each(["charge_already_refunded", "charge_disputed"] as const)(
  "a payment on its way back is not returned again: %s",
  async (code) => {
    const { subscription, bill } = await subscribed();
    bill.returned = code;
    expect(await end(subscription)).toEqual({ cents: 0, isSettled: true });
  },
);

test("the invoice of a payment that fails after days is voided", async () => {
  const { subscription, bill } = await subscribed({ method: "sepa_debit" });
  expect(await end(subscription)).toEqual({ cents: 0, isSettled: false });
  bill.isProcessing = false;
  expect(await end(subscription)).toEqual({ cents: 0, isSettled: true });
  expect(bill.status).toBe("void");
  expect(stripe.refusals.splice(0)).toEqual([expect.stringMatching(/payment in progress/)]);
});

test("a draft is never sent", async () => {
  const { subscription, bill } = await subscribed();
  bill.status = "draft";
  expect(await end(subscription)).toEqual({ cents: 0, isSettled: true });
  expect(bill.advances).toBe(false);
});

test("a checkout that cannot be closed is an error, unless it was paid in the meantime", async () => {
  const url = await openPage();
  stripe.failAt = "POST /v1/checkout/sessions/:id/expire";
  await expect(billing.closeCheckouts(customer)).rejects.toThrow();
  expect(stripe.isOpen(url)).toBe(true);
  const list = stripe.hold("GET /v1/checkout/sessions");
  const closing = billing.closeCheckouts(customer);
  await list.reached;
  stripe.pay(url);
  list.release();
  await closing;
  expect(stripe.refusals.splice(0)).toEqual([expect.stringMatching(/can be expired/)]);
});

test("each opening of the portal has a page of its own, and its repetition the same one", async () => {
  for (const attempt of ["one", "two", "two"]) await billing.openPortal(customer, PAGE, attempt);
  expect(callsOf("POST /v1/billing_portal/sessions")).toHaveLength(2);
});

test("a list of invoices is requested once, because a person waits for it", async () => {
  Object.assign(stripe, { failAt: "GET /v1/invoices", suggestsRetry: true });
  await expect(billing.listInvoices(customer, { first: 1, after: null })).rejects.toThrow();
  expect(callsOf("GET /v1/invoices")).toEqual([]);
});

test("no call carries measurements of earlier ones", async () => {
  await subscribed();
  expect(stripe.headers.length).toBeGreaterThan(2);
  expect(stripe.headers.filter((each) => "x-stripe-client-telemetry" in each)).toEqual([]);
});

test("a credit is not charged", async () => {
  const { subscription } = await subscribed();
  const other = stripe.pay(await billing.openCheckout(customer, LARGER, PAGE));
  for (const price of stripe.prices.values()) price.unit_amount = -100;
  expect(await billing.previewCheckout(customer, ORDER)).toMatchObject({ dueNowCents: 0, nextAmountCents: -100 });
  expect(await billing.previewUpgrade(subscription, LARGER)).toMatchObject({ dueNowCents: 0, nextAmountCents: -100 });
  expect(other.subscription).not.toBe(subscription);
});

test("a change that the same attempt schedules again gets a schedule of its own", async () => {
  const { subscription } = await subscribed();
  const yearly = { ...ORDER, billingInterval: "ANNUAL" as const };
  for (const _ of [1, 2]) await billing.billNext(subscription, yearly, "one");
  expect(callsOf("POST /v1/subscription_schedules")).toHaveLength(2);
  const { subscriptions } = await billing.readAccount(customer);
  expect(subscriptions).toMatchObject([{ scheduled: { planCode: "STANDARD", billingInterval: "ANNUAL" } }]);
});

test("a cancellation that is set for later is moved to the end of the period", async () => {
  const { subscription } = await subscribed();
  const stored = stripe.subscriptionOf(subscription);
  stored.cancelAt = stored.start + 90 * 24 * 3600;
  await billing.billNext(subscription, null, "one");
  expect(stored.cancelAtPeriodEnd).toBe(true);
});

test("a schedule that ends while the account is read plans nothing", async () => {
  const { subscription } = await subscribed();
  await billing.billNext(subscription, { ...ORDER, billingInterval: "ANNUAL" }, "one");
  const list = stripe.hold("GET /v1/subscriptions");
  const reading = billing.readAccount(customer);
  await list.reached;
  stripe.nextPeriod(subscription);
  list.release();
  expect(await reading).toMatchObject({ subscriptions: [{ scheduled: null }] });
});

test("a missing schedule does not mean that the customer is gone", async () => {
  const { subscription } = await subscribed();
  stripe.subscriptionOf(subscription).schedule = "sub_sched_none";
  const read = billing.readAccount(customer);
  await expect(read).rejects.toThrow("No such subscription_schedule");
  await expect(read).rejects.not.toBeInstanceOf(CustomerGone);
  stripe.refusals.length = 0;
});

test("the customer's own payment method counts if no subscription has one", async () => {
  const { subscription } = await subscribed();
  stripe.change(subscription, { status: "canceled" });
  expect(await billing.readAccount(customer)).toMatchObject({ subscriptions: [], paymentMethod: { last4: "4242" } });
});

test("a refund leaves out what was refunded by hand", async () => {
  const { subscription, bill } = await subscribed();
  bill.credited = 900;
  expect(await end(subscription)).toEqual({ cents: 5_900, isSettled: true });
  expect(stripe.creditNotesOf(subscription)).toEqual([{ invoice: bill.id, amount: 5_000, refunded: 5_000 }]);
});

test("a subscription that another job cancels at the same time is refunded", async () => {
  const { subscription } = await subscribed();
  const read = stripe.hold("GET /v1/subscriptions/:id");
  const refund = end(subscription);
  await read.reached;
  stripe.change(subscription, { status: "canceled" });
  read.release();
  expect(await refund).toEqual({ cents: 5_900, isSettled: true });
});

test("the next attempt repairs a half-made schedule", async () => {
  const annual = { ...ORDER, billingInterval: "ANNUAL" as const };
  const { subscription } = stripe.pay(await billing.openCheckout(customer, annual, PAGE));
  stripe.failAt = "POST /v1/subscription_schedules/:id";
  await expect(billing.billNext(subscription, ORDER, "attempt")).rejects.toThrow();
  expect(stripe.isScheduled(subscription)).toBe(false);
  await billing.billNext(subscription, ORDER, "attempt");
  expect(stripe.isScheduled(subscription)).toBe(true);
});

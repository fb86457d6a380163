import { pullBilling, pushBilling, sweepBilling } from "../../src/jobs/sync-billing";
import { refusedSubscriptions } from "../../src/store/refused-subscription";
import { type Account, BilledService, until } from "../support/billed-service";

let billed: BilledService;
let stripe: BilledService["stripe"];
beforeAll(async () => {
  billed = await BilledService.start();
  stripe = billed.stripe;
});
afterAll(() => billed.stop());

const services = () => billed.service.app.services;
const settled = (account: Account) => async () => {
  const refused = await refusedSubscriptions(services().database, account.id);
  return refused.length > 0 && refused.every(({ isSettled }) => isSettled);
};
const returnsOf = async (account: Account) =>
  await services().database.dataSource.query(
    "SELECT data FROM organization_event WHERE organization_id = $1 AND type = 'subscription.payment_returned'",
    [account.id],
  );
const idle = () => billed.isIdle();

test("deleting an organization closes its open checkouts", async () => {
  const { account, checkoutUrl } = await billed.checkout();
  expect(stripe.isOpen(checkoutUrl)).toBe(true);
  await account.delete();
  await until(() => !stripe.isOpen(checkoutUrl));
  await until(idle);
});

test("a paid organization is not billed after its period, and gets no refund", async () => {
  const account = await billed.subscribed();
  await account.delete();
  await until(() => stripe.endsWithPeriod(account.subscription));
  await until(idle);
  expect([stripe.statusOf(account.subscription), stripe.creditNotesOf(account.subscription)]).toEqual(["active", []]);
});

test("a cancellation that is undone in the portal after the deletion is repeated", async () => {
  const account = await billed.subscribed();
  await account.delete();
  await until(() => stripe.endsWithPeriod(account.subscription));
  await until(idle);
  stripe.change(account.subscription, { cancelAtPeriodEnd: false });
  await billed.reportUpdate(account);
  await until(() => stripe.endsWithPeriod(account.subscription));
  await until(idle);
  stripe.change(account.subscription, { cancelAtPeriodEnd: false });
  await sweepBilling(services());
  await until(() => stripe.endsWithPeriod(account.subscription));
  await until(idle);
});

/** Expects that the subscription has ended and its payment is refunded once, after any number of syncs. */
async function expectRefundedOnce(account: Account, subscription: string, customer: string): Promise<void> {
  await until(settled(account));
  for (const sync of [() => sweepBilling(services()), () => billed.deliver(stripe.event("invoice.paid", customer))]) {
    await sync();
    await until(idle);
  }
  expect(stripe.statusOf(subscription)).toBe("canceled");
  expect(stripe.creditNotesOf(subscription)).toEqual([{ invoice: expect.any(String), amount: 5900, refunded: 5900 }]);
  expect(await returnsOf(account)).toEqual([{ data: { providerSubscriptionId: subscription, cents: 5900 } }]);
}

test("a checkout that was paid before the deletion and reported after it is canceled and refunded once", async () => {
  const { account, checkoutUrl } = await billed.checkout();
  const { customer, subscription } = stripe.pay(checkoutUrl);
  await account.delete();
  await expectRefundedOnce(account, subscription, customer);
  await account.restore();
  await until(idle);
  await account.becomes({ plan: { code: "STARTER" }, status: "ACTIVE", scheduledPlan: null });
});

test("a checkout that is paid after the deletion is canceled and refunded once, triggered by the event alone", async () => {
  const { account, checkoutUrl } = await billed.checkout();
  const closing = stripe.hold("GET /v1/checkout/sessions");
  await account.delete();
  await closing.reached;
  const { customer, subscription } = stripe.pay(checkoutUrl);
  await billed.deliver(stripe.event("checkout.session.completed", customer));
  await until(settled(account));
  closing.release();
  await until(idle);
  await expectRefundedOnce(account, subscription, customer);
  expect(stripe.refusals.splice(0)).toEqual([expect.stringContaining("can be expired")]);
});

test("the hourly comparison finds a payment that no event reported", async () => {
  const { account, checkoutUrl } = await billed.checkout();
  await account.delete();
  await until(() => !stripe.isOpen(checkoutUrl));
  await until(idle);
  for (const session of stripe.sessions.values()) {
    if (checkoutUrl.endsWith(session.id)) session.status = "open";
  }
  const { customer, subscription } = stripe.pay(checkoutUrl);
  await sweepBilling(services());
  await expectRefundedOnce(account, subscription, customer);
});

test("the hourly comparison closes a checkout that a lost job left open", async () => {
  const { account, checkoutUrl } = await billed.checkout();
  const text = "UPDATE organization SET deleted_at = now() WHERE id = $1";
  await services().database.dataSource.query(text, [account.id]);
  await sweepBilling(services());
  await until(() => !stripe.isOpen(checkoutUrl));
  await until(idle);
});

test("a refused subscription stays refused if the organization is restored before the refund", async () => {
  const { account, checkoutUrl } = await billed.checkout();
  const { customer, subscription } = stripe.pay(checkoutUrl);
  const ending = stripe.hold("DELETE /v1/subscriptions/:id");
  await account.delete();
  await ending.reached;
  await account.restore();
  ending.release();
  await expectRefundedOnce(account, subscription, customer);
  await account.becomes({ plan: { code: "STARTER" }, scheduledPlan: null });
  const again = await account.changePlan("STANDARD");
  const paid = stripe.pay(again.checkoutUrl);
  await billed.deliver(stripe.event("checkout.session.completed", paid.customer));
  await account.becomes({ plan: { code: "STANDARD" } });
  expect(stripe.creditNotesOf(paid.subscription)).toEqual([]);
});

test("an organization that is restored before the payment is reported gets the paid plan", async () => {
  const { account, checkoutUrl } = await billed.checkout();
  const closing = stripe.hold("GET /v1/checkout/sessions");
  await account.delete();
  await closing.reached;
  const { customer, subscription } = stripe.pay(checkoutUrl);
  await account.restore();
  closing.release();
  await billed.deliver(stripe.event("checkout.session.completed", customer));
  await account.becomes({ plan: { code: "STANDARD" }, scheduledPlan: null });
  await until(idle);
  expect([stripe.statusOf(subscription), stripe.creditNotesOf(subscription)]).toEqual(["active", []]);
  stripe.refusals.splice(0);
});

test("a payment that takes days is refunded once it arrives", async () => {
  const { account, checkoutUrl } = await billed.checkout();
  const { customer, subscription } = stripe.pay(checkoutUrl, { method: "sepa_debit" });
  await account.delete();
  await until(() => stripe.statusOf(subscription) === "canceled");
  await until(idle);
  expect(await settled(account)()).toBe(false);
  stripe.collect(subscription);
  await billed.deliver(stripe.event("invoice.paid", customer));
  await expectRefundedOnce(account, subscription, customer);
  expect(new Set(stripe.refusals.splice(0).map((each) => /payment in progress/.test(each)))).toEqual(new Set([true]));
});

test("the part that the customer's balance paid is returned to the balance", async () => {
  const { account, checkoutUrl } = await billed.checkout();
  const { subscription } = stripe.pay(checkoutUrl, { fromBalance: 900 });
  await account.delete();
  await until(settled(account));
  await until(idle);
  expect(stripe.creditNotesOf(subscription)).toEqual([{ invoice: expect.any(String), amount: 5900, refunded: 5000 }]);
});

test("an interrupted refund continues and refunds nothing twice", async () => {
  const { account, checkoutUrl } = await billed.checkout();
  const { customer, subscription } = stripe.pay(checkoutUrl);
  stripe.failAt = "POST /v1/credit_notes";
  await account.delete();
  await until(() => stripe.failAt === null);
  expect(stripe.creditNotesOf(subscription)).toEqual([]);
  await sweepBilling(services());
  await expectRefundedOnce(account, subscription, customer);
});

/** Each charges a deleted organization once more and returns the amount, in cents. */
const LATE_CHARGES = {
  "a period that begins after the deletion": async ({ subscription }: { subscription: string }) => {
    stripe.nextPeriod(subscription);
    return 5_900;
  },
  "an upgrade during the deletion, whose process died": async ({ subscription }: { subscription: string }) => {
    const price = stripe.priceOf((await billed.subscribed("ADVANCED")).subscription);
    stripe.change(subscription, { price });
    stripe.invoice(subscription, price);
    return 59_900;
  },
};

test.each(Object.entries(LATE_CHARGES))("%s is refunded, and the period before it is not", async (_charge, charge) => {
  const account = await billed.subscribed();
  await until(idle);
  const [first] = stripe.bills.filter(({ subscription }) => subscription === account.subscription);
  if (first) first.created -= 30 * 24 * 3600;
  const held = stripe.hold("GET /v1/checkout/sessions");
  await account.delete();
  await held.reached;
  const cents = await charge(account);
  held.release();
  await until(settled(account));
  await until(idle);
  expect(stripe.statusOf(account.subscription)).toBe("canceled");
  expect(stripe.creditNotesOf(account.subscription)).toEqual([
    { invoice: expect.not.stringMatching(first?.id ?? ""), amount: cents, refunded: cents },
  ]);
});

test("reads and syncs work in any order and number", async () => {
  const { account, checkoutUrl } = await billed.checkout();
  const { customer, subscription } = stripe.pay(checkoutUrl);
  await account.delete();
  const payload = { organizationId: account.id };
  await Promise.all([pullBilling, pushBilling, pullBilling, pushBilling].map((job) => job(services(), payload)));
  await expectRefundedOnce(account, subscription, customer);
});

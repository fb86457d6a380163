import { subscriptionsOf } from "../../src/store/views/subscriptions";
import { ANNUALLY, BilledService, MONTHLY, until } from "../support/billed-service";

let billed: BilledService;
let stripe: BilledService["stripe"];
beforeAll(async () => {
  billed = await BilledService.start();
  stripe = billed.stripe;
});
afterAll(() => billed.stop());

const isReported = async (organizationId: string) => {
  const [subscription] = await subscriptionsOf(billed.service.app.services.database, [organizationId]);
  return subscription?.syncPending === false;
};
const eventsOf = (organizationId: string): Promise<Array<{ type: string; summary: string }>> =>
  billed.service.app.services.database.dataSource.query(
    `SELECT type, summary FROM organization_event WHERE organization_id = $1 AND type LIKE 'subscription.%'
     ORDER BY sequence`,
    [organizationId],
  );

/** An upgrade of an account with a scheduled change, that an event has reported, and whose own response is still on its way. */
async function reportedUpgrade() {
  const account = await billed.subscribed("STANDARD", ANNUALLY);
  await account.changePlan("STANDARD", MONTHLY);
  await until(() => isReported(account.id));
  expect(stripe.isScheduled(account.subscription)).toBe(true);
  const { length } = await eventsOf(account.id);
  const paid = stripe.hold("POST /v1/subscriptions/:id");
  const upgrade = account.changePlan("ADVANCED");
  await paid.reached;
  await billed.reportUpdate(account);
  await account.becomes({ plan: { code: "ADVANCED" } });
  const finish = async () => {
    paid.release();
    expect(await upgrade).toMatchObject({ checkoutUrl: null });
    await until(() => isReported(account.id));
    return (await eventsOf(account.id)).slice(length);
  };
  return { account, finish };
}

const UPGRADED = {
  type: "subscription.plan_changed",
  summary: "The plan is now Advanced. The scheduled change to Standard, billed monthly, was dropped.",
};

test("an upgrade that an event reports before its response drops the scheduled plan, and the log says so", async () => {
  const { account, finish } = await reportedUpgrade();
  expect(await finish()).toEqual([UPGRADED]);
  expect(stripe.isScheduled(account.subscription)).toBe(false);
  await account.becomes({ plan: { code: "ADVANCED" }, scheduledPlan: null });
});

test("a plan that is scheduled after an event reported an upgrade stays when the upgrade ends", async () => {
  const { account, finish } = await reportedUpgrade();
  expect(await account.changePlan("STANDARD", ANNUALLY)).toMatchObject({ checkoutUrl: null });
  expect(await finish()).toEqual([UPGRADED, expect.objectContaining({ type: "subscription.downgrade_scheduled" })]);
  expect(stripe.isScheduled(account.subscription)).toBe(true);
  await account.becomes({ plan: { code: "ADVANCED" }, scheduledPlan: { code: "STANDARD" } });
});

test("the log has what changes at the provider: interval, period, scheduled interval, and the end of what was unpaid", async () => {
  const [account, other] = [await billed.subscribed(), await billed.subscribed("STANDARD", ANNUALLY)];
  const { length } = await eventsOf(account.id);
  const reported = async (isSo: object) => {
    await billed.reportUpdate(account);
    await account.becomes(isSo);
    return (await eventsOf(account.id)).slice(length).map(({ summary }) => summary);
  };
  stripe.change(account.subscription, { price: stripe.priceOf(other.subscription) });
  const log = ["The Standard plan is now billed annually."];
  expect(await reported({ billingInterval: "ANNUAL" })).toEqual(log);
  stripe.nextPeriod(account.subscription);
  await billed.reportUpdate(account);
  await until(async () => (await eventsOf(account.id)).length === length + 2);
  stripe.change(account.subscription, { status: "past_due" });
  log.push("The Standard plan was renewed.", "The last payment failed.");
  expect(await reported({ status: "PAST_DUE" })).toEqual(log);
  stripe.change(account.subscription, { status: "canceled" });
  log.push("The plan is now Starter.");
  expect(await reported({ plan: { code: "STARTER" }, status: "ACTIVE" })).toEqual(log);
});

test("the log has trials, and that a payment method changed, but not which", async () => {
  const account = await billed.subscribed();
  const { length } = await eventsOf(account.id);
  const reported = async (count: number) => {
    await billed.reportUpdate(account);
    await until(async () => (await eventsOf(account.id)).length >= length + count);
  };
  stripe.change(account.subscription, { status: "trialing" });
  await reported(1);
  stripe.change(account.subscription, { status: "active" });
  await reported(2);
  const { customers } = stripe;
  const customer = customers.get(account.customer);
  if (!customer) throw new Error("There is no customer.");
  customer.method = "sepa_debit";
  await reported(3);
  customer.method = null;
  await reported(4);
  customer.method = "card";
  await reported(5);
  // A card that an earlier version stored without its kind is the same card.
  const { dataSource } = billed.service.app.services.database;
  const forget =
    "UPDATE organization_subscription SET payment_method = payment_method::jsonb - 'kind' WHERE organization_id = $1";
  await dataSource.query(forget, [account.id]);
  stripe.change(account.subscription, { status: "past_due" });
  await reported(6);
  const logged = await dataSource.query(
    "SELECT type, summary, data FROM organization_event WHERE organization_id = $1 AND type LIKE 'subscription.%' ORDER BY sequence",
    [account.id],
  );
  const changed = (how: string) => ({
    type: "subscription.payment_method_changed",
    summary: `The payment method was ${how}.`,
    data: {},
  });
  expect(logged.slice(length)).toEqual([
    expect.objectContaining({
      type: "subscription.trial_started",
      summary: "The trial of the subscription has begun.",
    }),
    expect.objectContaining({ type: "subscription.trial_ended", summary: "The trial of the subscription has ended." }),
    ...[changed("changed"), changed("removed"), changed("added")],
    expect.objectContaining({ type: "subscription.payment_failed" }),
  ]);
});

test("the log has a scheduled change whose interval changes at the provider", async () => {
  const [account, other] = [await billed.subscribed("ADVANCED"), await billed.subscribed("STANDARD", ANNUALLY)];
  await account.changePlan("STANDARD", MONTHLY);
  await until(() => isReported(account.id));
  const { length } = await eventsOf(account.id);
  for (const item of stripe.phasesOf(account.subscription)[1]?.items ?? [])
    item.price = stripe.priceOf(other.subscription);
  await billed.reportUpdate(account);
  await account.becomes({ scheduledPlan: { code: "STANDARD" }, scheduledBillingInterval: "ANNUAL" });
  expect((await eventsOf(account.id)).slice(length)).toEqual([
    {
      type: "subscription.downgrade_scheduled",
      summary: "The plan changes to Standard, billed annually, when the period ends.",
    },
  ]);
});

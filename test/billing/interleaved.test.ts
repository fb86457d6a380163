import { changeOrganization } from "../../src/commands/runner/run";
import { applyBilling } from "../../src/commands/subscription/apply-billing";
import type { ProviderAccount } from "../../src/domain/billing";
import type { Billing } from "../../src/integrations/stripe/billing";
import { pullBilling, pushBilling } from "../../src/jobs/sync-billing";
import { databaseTime, queueBillingSync } from "../../src/store/billing-events";
import { refusedSubscriptions } from "../../src/store/refused-subscription";
import { subscriptionsOf } from "../../src/store/views/subscriptions";
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
});

const isBehind = async (organizationId: string) => {
  const [subscription] = await subscriptionsOf(billed.service.app.services.database, [organizationId]);
  return subscription?.syncPending;
};
const isReported = async (organizationId: string) => (await isBehind(organizationId)) === false;

/** An account that is billed annually, with a change to monthly billing scheduled at Stripe. */
async function scheduled() {
  const account = await billed.subscribed("STANDARD", ANNUALLY);
  await account.changePlan("STANDARD", MONTHLY);
  await until(() => isReported(account.id));
  expect(stripe.isScheduled(account.subscription)).toBe(true);
  return account;
}

test("a change made during a billing sync stays pending", async () => {
  const account = await scheduled();
  const { services } = billed.service.app;
  const { billing } = services.integrations;
  if (!billing) throw new Error("There is no provider.");
  const billNext: Billing["billNext"] = async (...order) => {
    await billing.billNext(...order);
    await queueBillingSync(services.database, account.id, 60_000);
  };
  await queueBillingSync(services.database, account.id, 60_000);
  const integrations = { ...services.integrations, billing: { ...billing, billNext } };
  await pushBilling({ ...services, integrations }, { organizationId: account.id });
  expect(await isBehind(account.id)).toBe(true);
  await until(() => isReported(account.id));
  expect(stripe.isScheduled(account.subscription)).toBe(true);
});

test("a read during an upgrade does not cancel the scheduled plan", async () => {
  const account = await scheduled();
  stripe.declines = true;
  const letGo = stripe.hold("POST /v1/subscription_schedules/:id/release");
  const upgrade = account.changePlan("ADVANCED");
  await letGo.reached;
  expect(stripe.isScheduled(account.subscription)).toBe(false);
  await pullBilling(billed.service.app.services, { organizationId: account.id });
  letGo.release();
  expect(await upgrade).toEqual({ code: "PAYMENT_REQUIRED" });
  await until(() => isReported(account.id));
  expect(stripe.isScheduled(account.subscription)).toBe(true);
  await account.becomes({ billingInterval: "ANNUAL", scheduledPlan: { code: "STANDARD" } });
});

/** The services with another `readAccount`, which gets what the provider reports. */
function readingWith(change: (report: ProviderAccount) => Promise<ProviderAccount>) {
  const { services } = billed.service.app;
  const { billing } = services.integrations;
  if (!billing) throw new Error("There is no provider.");
  const readAccount: Billing["readAccount"] = async (customer) => change(await billing.readAccount(customer));
  return { ...services, integrations: { ...services.integrations, billing: { ...billing, readAccount } } };
}

test("a report from before an upgrade does not undo it", async () => {
  const account = await billed.subscribed();
  await until(() => billed.isIdle());
  let sync = { release: () => {} };
  const reading = readingWith(async (report) => {
    const paid = stripe.hold("POST /v1/subscriptions/:id");
    const upgrade = account.changePlan("STANDARD", ANNUALLY);
    await paid.reached;
    // The sync after the upgrade would repair the interval.
    sync = stripe.hold("GET /v1/subscriptions");
    paid.release();
    expect(await upgrade).toMatchObject({ checkoutUrl: null });
    return report;
  });
  await pullBilling(reading, { organizationId: account.id });
  expect(await account.read()).toMatchObject({ billingInterval: "ANNUAL" });
  sync.release();
});

test("a report about a customer that is replaced during the request does not count", async () => {
  const account = await billed.subscribed();
  await until(() => billed.isIdle());
  const { dataSource } = billed.service.app.services.database;
  const text = "UPDATE organization_subscription SET provider_customer_id = $2 WHERE organization_id = $1";
  const reading = readingWith(async (report) => {
    await dataSource.query(text, [account.id, "cus_newer"]);
    return { ...report, subscriptions: [] };
  });
  await pullBilling(reading, { organizationId: account.id });
  await dataSource.query(text, [account.id, account.customer]);
  expect(await account.read()).toMatchObject({ plan: { code: "STANDARD" } });
});

test("a report from before the end of a sync does not count, and the provider is read again after it", async () => {
  const account = await billed.subscribed("ADVANCED");
  await until(() => billed.isIdle());
  const { services } = billed.service.app;
  const syncing = stripe.hold("GET /v1/subscriptions/:id");
  await account.changePlan("STANDARD");
  await syncing.reached;
  const requestedAt = await databaseTime(services.database);
  const report = await services.integrations.billing?.readAccount(account.customer);
  if (!report) throw new Error("There is no provider.");
  const reading = stripe.hold("GET /v1/subscriptions");
  syncing.release();
  await reading.reached;
  expect(await isBehind(account.id)).toBe(false);
  await changeOrganization(services, account.id, (unit) => applyBilling(unit, report, requestedAt));
  expect(await account.read()).toMatchObject({ scheduledPlan: { code: "STANDARD" } });
  reading.release();
});

test("an upgrade that is declined during a sync leaves the schedule", async () => {
  const account = await billed.subscribed("STANDARD", ANNUALLY);
  const held = stripe.hold("POST /v1/subscription_schedules");
  await account.changePlan("STANDARD", MONTHLY);
  await held.reached;
  stripe.declines = true;
  const upgrade = account.changePlan("ADVANCED");
  held.release();
  expect(await upgrade).toEqual({ code: "PAYMENT_REQUIRED" });
  await until(() => isReported(account.id));
  expect(stripe.isScheduled(account.subscription)).toBe(true);
  await account.becomes({ billingInterval: "ANNUAL", scheduledPlan: { code: "STANDARD" } });
});

test("an upgrade that is paid during the sync of an older change is not undone", async () => {
  const account = await billed.subscribed("ADVANCED");
  const held = stripe.hold("GET /v1/subscriptions/:id");
  await account.changePlan("STANDARD");
  await held.reached;
  const upgrade = account.changePlan("ADVANCED", ANNUALLY);
  held.release();
  expect(await upgrade).toMatchObject({ checkoutUrl: null });
  await until(() => isReported(account.id));
  expect(stripe.lookupKeyOf(account.subscription)).toBe("cloudthinker_advanced_annual_718800");
  expect(stripe.isScheduled(account.subscription)).toBe(false);
  await account.becomes({ plan: { code: "ADVANCED" }, billingInterval: "ANNUAL", scheduledPlan: null });
});

test("an upgrade whose payment was lost is found before the sync and not undone", async () => {
  const [account, advanced] = [await billed.subscribed(), await billed.subscribed("ADVANCED")];
  const price = stripe.priceOf(advanced.subscription);
  stripe.change(account.subscription, { price });
  await queueBillingSync(billed.service.app.services.database, account.id);
  await until(() => isReported(account.id));
  expect(stripe.priceOf(account.subscription)).toBe(price);
  await account.becomes({ plan: { code: "ADVANCED" }, scheduledPlan: null });
});

test("an upgrade that is paid after the organization's deletion is refunded, and its subscription ends", async () => {
  const account = await billed.subscribed();
  const { subscription } = account;
  await until(() => billed.isIdle());
  const [first] = stripe.bills.filter((bill) => bill.subscription === subscription);
  if (first) first.created -= 30 * 24 * 3600;
  const read = stripe.hold("GET /v1/subscriptions/:id");
  const upgrade = account.changePlan("ADVANCED");
  await read.reached;
  await account.delete();
  read.release();
  expect(await upgrade).toMatchObject([{ extensions: { code: "NOT_FOUND" } }]);
  await until(() => stripe.creditNotesOf(subscription).length > 0);
  await until(() => billed.isIdle());
  expect(stripe.statusOf(subscription)).toBe("canceled");
  expect(stripe.creditNotesOf(subscription)).toEqual([
    { invoice: expect.not.stringMatching(first?.id ?? ""), amount: 59_900, refunded: 59_900 },
  ]);
  await account.restore();
  await account.becomes({ plan: { code: "STARTER" }, scheduledPlan: null });
});

test("a period that begins at the same time as the deletion is not refunded", async () => {
  const account = await billed.subscribed();
  await until(() => billed.isIdle());
  const { services } = billed.service.app;
  await services.database.dataSource.query(
    `UPDATE organization o SET deleted_at = s.current_period_start FROM organization_subscription s
     WHERE o.id = $1 AND s.organization_id = o.id`,
    [account.id],
  );
  await pullBilling(services, { organizationId: account.id });
  expect(await refusedSubscriptions(services.database, account.id)).toEqual([]);
  await until(() => billed.isIdle());
});

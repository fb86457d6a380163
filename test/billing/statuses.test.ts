import { randomUUID } from "node:crypto";
import { sweepSubscriptions } from "../../src/jobs/sweep";
import { pullBilling, pushBilling } from "../../src/jobs/sync-billing";
import { queueBillingSync } from "../../src/store/billing-events";
import { inTransaction } from "../../src/store/engine/transaction";
import { billedOrganizations, subscriptionOf } from "../../src/store/subscription";
import { subscriptionsOf } from "../../src/store/views/subscriptions";
import { BilledService, until } from "../support/billed-service";

let billed: BilledService;
let stripe: BilledService["stripe"];
beforeAll(async () => {
  billed = await BilledService.start();
  stripe = billed.stripe;
});
afterAll(() => billed.stop());

const services = () => billed.service.app.services;

test("while collection is paused, an organization keeps its plan but cannot grow or upgrade; later it can again", async () => {
  const account = await billed.subscribed();
  const { subscription, customer } = account;
  stripe.change(subscription, { isCollectionPaused: true });
  expect(await account.changePlan("ADVANCED")).toEqual({ code: "PAYMENT_REQUIRED" });
  await billed.reportUpdate({ customer });
  await account.becomes({ plan: { code: "STANDARD" }, status: "PAST_DUE" });
  const create = `mutation { done: createWorkspace(input: { organizationId: "${account.id}", name: "${randomUUID()}", cloudProvider: AWS }) {
    ... on Refusal { code message } } }`;
  const refusal = (await account.owner.ask(create)).data.done;
  expect(refusal).toEqual({ code: "PAYMENT_REQUIRED", message: expect.stringContaining("if collection is paused") });
  stripe.change(subscription, { isCollectionPaused: false });
  await billed.reportUpdate({ customer });
  await account.becomes({ status: "ACTIVE" });
  const text =
    "SELECT summary FROM organization_event WHERE organization_id = $1 AND type LIKE 'subscription.%' ORDER BY sequence";
  const rows: Array<{ summary: string }> = await services().database.dataSource.query(text, [account.id]);
  expect(rows.map(({ summary }) => summary).slice(-2)).toEqual([
    "The payment provider has paused payment collection.",
    "The subscription is paid again.",
  ]);
  expect(account.invoices).toBe(0);
});

test.each([
  ["unpaid", { status: "PAST_DUE", plan: { code: "STANDARD" } }, "PAYMENT_REQUIRED"],
  ["past_due", { status: "PAST_DUE", plan: { code: "STANDARD" } }, "PAYMENT_REQUIRED"],
  ["trialing", { status: "TRIALING", plan: { code: "STANDARD" } }, undefined],
  ["paused", { status: "ACTIVE", plan: { code: "STARTER" } }, "WORKSPACE_LIMIT_REACHED"],
  ["incomplete", { status: "ACTIVE", plan: { code: "STARTER" } }, "WORKSPACE_LIMIT_REACHED"],
  ["incomplete_expired", { status: "ACTIVE", plan: { code: "STARTER" } }, "WORKSPACE_LIMIT_REACHED"],
  ["canceled", { status: "ACTIVE", plan: { code: "STARTER" } }, "WORKSPACE_LIMIT_REACHED"],
])("the state of a subscription that is %s at Stripe", async (status, expected, refusal) => {
  const account = await billed.subscribed();
  stripe.change(account.subscription, { status });
  await billed.reportUpdate(account);
  await account.becomes(expected);
  const input = `{ organizationId: "${account.id}", name: "${randomUUID()}", cloudProvider: AWS }`;
  const { data } = await account.owner.ask(
    `mutation { done: createWorkspace(input: ${input}) { ... on Refusal { code } } }`,
  );
  expect(data.done.code).toBe(refusal);
});

test.each([
  ["card", "CARD", "visa •••• 4242", { brand: "visa", last4: "4242", expiryMonth: 4, expiryYear: 2030 }],
  ["sepa_debit", "SEPA_DEBIT", "SEPA direct debit •••• 3000", null],
  ["link", "LINK", "Link", null],
] as const)("the payment method %s is shown", async (method, kind, label, card) => {
  const account = await billed.account();
  const { checkoutUrl } = await account.changePlan("STANDARD");
  const { customer } = stripe.pay(checkoutUrl, { method });
  await billed.deliver(stripe.event("checkout.session.completed", customer));
  await account.becomes({ plan: { code: "STANDARD" }, paymentMethod: card });
  const text = `{ organization(id: "${account.id}") { subscription { paymentMethodKind paymentMethodLabel } } }`;
  const { subscription } = (await account.owner.ask(text)).data.organization;
  expect(subscription).toEqual({ paymentMethodKind: kind, paymentMethodLabel: label });
  expect(await account.changePlan("ADVANCED")).toMatchObject({ checkoutUrl: null });
});

test("a payment method that was stored without its kind is a card", async () => {
  const account = await billed.subscribed();
  const card = { brand: "visa", last4: "1881", expiryMonth: 1, expiryYear: 2031 };
  const text = "UPDATE organization_subscription SET payment_method = $2 WHERE organization_id = $1";
  await services().database.dataSource.query(text, [account.id, card]);
  const read = `{ organization(id: "${account.id}") { subscription { paymentMethodKind paymentMethodLabel paymentMethod { last4 } } } }`;
  expect((await account.owner.ask(read)).data.organization.subscription).toEqual({
    ...{ paymentMethodKind: "CARD", paymentMethodLabel: "visa •••• 1881", paymentMethod: { last4: "1881" } },
  });
});

test("a plan that Stripe does not bill is renewed before a payment for another one is arranged", async () => {
  const account = await billed.account();
  const text = `UPDATE organization_subscription SET plan_code = 'STANDARD', scheduled_plan_code = 'STARTER',
    current_period_end = now() - interval '1 second' WHERE organization_id = $1`;
  await services().database.dataSource.query(text, [account.id]);
  expect(await account.changePlan("STANDARD")).toMatchObject({ checkoutUrl: expect.stringContaining("http") });
  await account.becomes({ plan: { code: "STARTER" }, scheduledPlan: null });
});

test("the job that renews periods does not change subscriptions at the provider", async () => {
  const account = await billed.subscribed();
  await until(() => billed.isIdle());
  const later = new Date(Date.now() + 400 * 24 * 3600 * 1000);
  const before = await account.read();
  await sweepSubscriptions({ ...services(), clock: { now: () => later } });
  const text = "SELECT current_period_end AS ends FROM organization_subscription WHERE organization_id = $1";
  const [{ ends }] = await services().database.dataSource.query(text, [account.id]);
  expect(ends.getTime()).toBeLessThan(later.getTime());
  expect(await account.read()).toEqual(before);
});

test("a change keeps updates that are pending for the provider while it works with a subscription", async () => {
  const account = await billed.account();
  const { database } = services();
  const locked = {
    name: "subscription-nowait",
    text: "SELECT id FROM organization_subscription WHERE organization_id = $1 FOR UPDATE NOWAIT",
  };
  let owing: Promise<void> = Promise.resolve();
  await inTransaction(database, async (transaction) => {
    const { id } = await subscriptionOf(transaction, account.id);
    await expect(database.rows(locked, [account.id])).rejects.toMatchObject({ extensions: { code: "RATE_LIMITED" } });
    owing = queueBillingSync(database, account.id, 3_600_000);
    await transaction.manager.query("UPDATE organization_subscription SET provider_is_behind = false WHERE id = $1", [
      id,
    ]);
  });
  await owing;
  const text = "SELECT provider_is_behind AS behind FROM organization_subscription WHERE organization_id = $1";
  expect(await database.dataSource.query(text, [account.id])).toEqual([{ behind: true }]);
  await until(async () => (await database.rows(locked, [account.id])).length === 1);
});

test("a sync keeps the open checkout of an organization that is not deleted", async () => {
  const { account, checkoutUrl } = await billed.checkout();
  await pushBilling(services(), { organizationId: account.id });
  expect(stripe.isOpen(checkoutUrl)).toBe(true);
});

test("a deletion that has reached the provider is not sent again by a read, but by the hourly comparison", async () => {
  const account = await billed.subscribed();
  const { database } = services();
  const subscription = async () => (await subscriptionsOf(database, [account.id]))[0];
  await account.delete();
  await until(async () => (await subscription())?.syncPending === false);
  const { syncRevision } = (await subscription()) ?? {};
  await pullBilling(services(), { organizationId: account.id });
  expect(await subscription()).toMatchObject({ syncRevision, syncPending: false });
  const billedNow = await billedOrganizations(database, "00000000-0000-0000-0000-000000000000", 500);
  expect(billedNow).toContainEqual({ id: account.id, needsSync: true });
});

test("a scheduled plan that several reads find is recorded once", async () => {
  const account = await billed.subscribed("ADVANCED");
  await account.changePlan("STANDARD");
  for (let n = 0; n < 2; n++) await pullBilling(services(), { organizationId: account.id });
  const text =
    "SELECT FROM organization_event WHERE organization_id = $1 AND type = 'subscription.downgrade_scheduled'";
  expect(await services().database.dataSource.query(text, [account.id])).toHaveLength(1);
});

test("the billing portal returns to a web address of at most 2,048 characters only", async () => {
  const { owner, id: organizationId } = await billed.account();
  const open = async (returnUrl: string) => {
    const text = `mutation($i: OpenBillingPortalInput!) {
      openBillingPortal(input: $i) { __typename ... on Refusal { code } } }`;
    const { data } = await owner.ask(text, { i: { organizationId, returnUrl } });
    return data.openBillingPortal.code ?? "ok";
  };
  const longest = `https://a.example/${"x".repeat(2_030)}`;
  expect([await open(longest), await open("http://a.example")]).toEqual(["ok", "ok"]);
  for (const address of [`${longest}x`, "javascript:alert(1)", "ftp://a.example", "a.example", ""]) {
    expect([address, await open(address)]).toEqual([address, "INVALID_INPUT"]);
  }
});

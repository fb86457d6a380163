import { randomUUID } from "node:crypto";
import http from "node:http";
import type { AddressInfo } from "node:net";
import { withCustomer } from "../../src/commands/subscription/provider-customer";
import { CustomerGone } from "../../src/integrations/stripe/billing";
import { createStripeBilling } from "../../src/integrations/stripe/stripe-billing";
import { pullBilling, pushBilling } from "../../src/jobs/sync-billing";
import { isOrganizationDeleted } from "../../src/store/subscription";
import { subscriptionsOf } from "../../src/store/views/subscriptions";
import { type Account, BilledService, until } from "../support/billed-service";

let billed: BilledService;
let stripe: BilledService["stripe"];
beforeAll(async () => {
  billed = await BilledService.start();
  stripe = billed.stripe;
});
afterAll(() => billed.stop());

const services = () => billed.service.app.services;
const portalOf = async (account: Account) => {
  const input = `{ organizationId: "${account.id}", returnUrl: "https://app.example/back" }`;
  const text = `mutation { done: openBillingPortal(input: ${input}) { ... on OpenBillingPortalSuccess { url } } }`;
  return (await account.owner.ask(text)).data?.done.url as string;
};
const storedOf = async (account: Account) => {
  const text = `SELECT provider_customer_id AS customer, provider_subscription_id AS subscription
    FROM organization_subscription WHERE organization_id = $1`;
  return (await services().database.dataSource.query(text, [account.id]))[0];
};
const replacedOf = (account: Account) =>
  services().database.dataSource.query(
    "SELECT data FROM organization_event WHERE organization_id = $1 AND type = 'subscription.customer_replaced'",
    [account.id],
  );

const LOSSES: Array<[string, (customer: string) => void]> = [
  ["was deleted at Stripe", (customer) => stripe.deleteCustomer(customer)],
  ["is another account's", (customer) => stripe.forgetCustomer(customer)],
];

describe.each(LOSSES)("if the customer %s", (_, lose) => {
  // Stripe is meant to refuse calls here.
  afterEach(() => {
    expect(new Set(stripe.refusals.splice(0).map((each) => /No such customer/.test(each)))).not.toContain(false);
  });

  test("a change of plan creates a new one, and the log keeps the old id", async () => {
    const account = await billed.subscribed();
    lose(account.customer);
    const { checkoutUrl } = await account.changePlan("ADVANCED");
    const { customer } = stripe.pay(checkoutUrl);
    expect(customer).not.toBe(account.customer);
    await billed.deliver(stripe.event("checkout.session.completed", customer));
    await account.becomes({ plan: { code: "ADVANCED" }, status: "ACTIVE" });
    expect((await storedOf(account)).customer).toBe(customer);
    const ids = { before: account.customer, after: customer };
    expect(await replacedOf(account)).toEqual([
      { data: { before: { providerCustomerId: ids.before }, after: { providerCustomerId: ids.after } } },
    ]);
  });

  test("a change of plan before the first payment creates a new one", async () => {
    const account = await billed.account();
    await account.changePlan("STANDARD");
    const { customer } = await storedOf(account);
    lose(customer);
    const { checkoutUrl } = await account.changePlan("STANDARD");
    expect(stripe.pay(checkoutUrl).customer).not.toBe(customer);
  });

  test("canceling a scheduled change reports that nothing is scheduled", async () => {
    const account = await billed.subscribed();
    lose(account.customer);
    const text = `mutation { done: cancelScheduledPlan(input: { organizationId: "${account.id}" }) { ... on Refusal { code } } }`;
    expect((await account.owner.ask(text)).data.done).toEqual({ code: "PLAN_UNCHANGED" });
  });

  test("opening the billing portal creates one new customer, even for several requests at once, and ends the paid plan", async () => {
    const account = await billed.subscribed("ADVANCED");
    lose(account.customer);
    const urls = await Promise.all([portalOf(account), portalOf(account)]);
    expect(new Set(urls).size).toBe(1);
    expect(urls[0]).not.toContain(`${account.customer}/`);
    expect(await replacedOf(account)).toHaveLength(1);
    await account.becomes({ plan: { code: "STARTER" }, scheduledPlan: null });
    expect(await storedOf(account)).toEqual({ customer: urls[0]?.split("/").at(-1), subscription: null });
  });
});

test("the end of a customer at Stripe ends its subscription; an unknown customer changes nothing", async () => {
  const [deleted, unknown] = [await billed.subscribed(), await billed.subscribed()];
  stripe.deleteCustomer(deleted.customer);
  await billed.deliver(stripe.event("customer.deleted", deleted.customer));
  await deleted.becomes({ plan: { code: "STARTER" }, paymentMethod: null });
  stripe.forgetCustomer(unknown.customer);
  const pull = pullBilling(services(), { organizationId: unknown.id });
  await expect(pull).rejects.toThrow(`no customer ${unknown.customer}`);
  await unknown.becomes({ plan: { code: "STANDARD" } });
  stripe.refusals.splice(0);
});

test("the deletion of an organization whose customer is gone leaves no failing job", async () => {
  const account = await billed.subscribed();
  stripe.deleteCustomer(account.customer);
  await account.delete();
  await until(() => billed.isIdle());
  const { integrations } = services();
  if (!integrations.billing) throw new Error("There is no provider.");
  const closeCheckouts = () => Promise.reject(new CustomerGone(account.customer));
  const gone = { ...integrations, billing: { ...integrations.billing, closeCheckouts } };
  await pushBilling({ ...services(), integrations: gone }, { organizationId: account.id });
  expect((await storedOf(account)).subscription).toBeNull();
});

test("a customer is not replaced by one that is another organization's", async () => {
  const [account, other] = [await billed.subscribed(), await billed.subscribed()];
  const { database, integrations } = services();
  const [subscription] = await subscriptionsOf(database, [account.id]);
  if (!subscription || !integrations.billing) throw new Error("There is no provider.");
  const billing = { ...integrations.billing, createCustomer: () => Promise.resolve(other.customer) };
  const fail = () => Promise.reject(new CustomerGone(account.customer));
  const replaced = withCustomer(services(), billing, subscription, { name: "Olga", email: null }, fail);
  await expect(replaced).rejects.toThrow("is another organization's");
  expect(await storedOf(account)).toEqual({ customer: account.customer, subscription: account.subscription });
});

test("a subscription of another customer is ignored, even if Stripe lists it", async () => {
  const account = await billed.subscribed("ADVANCED");
  const own = { ...stripe.subscriptionOf(account.subscription) };
  const shown = (customer: unknown) => ({
    ...{
      id: "sub_x",
      object: "subscription",
      customer,
      status: "active",
      created: 1,
      billing_cycle_anchor: 1,
      schedule: null,
    },
    ...{ cancel_at_period_end: false, cancel_at: null, pause_collection: null, default_payment_method: null },
    items: {
      object: "list",
      has_more: false,
      data: [{ id: "si", price: stripe.prices.get(own.items[0]?.price ?? "") }],
    },
  });
  let listed: unknown = "cus_stranger";
  const server = http.createServer((request, response) => {
    const body = request.url?.includes("/v1/subscriptions")
      ? { object: "list", data: [shown(listed)], has_more: false, url: "/v1/subscriptions" }
      : { id: "cus_ours", object: "customer", invoice_settings: { default_payment_method: null } };
    request.resume().on("end", () => response.setHeader("content-type", "application/json").end(JSON.stringify(body)));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const apiUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const billing = createStripeBilling({ secretKey: "sk_test_1", webhookSecret: "whsec_1", apiUrl });
  const idsOf = async (customer: unknown) => {
    listed = customer;
    return (await billing.readAccount("cus_ours")).subscriptions.map(({ id }) => id);
  };
  expect(await idsOf("cus_stranger")).toEqual([]);
  expect(await idsOf({ id: "cus_stranger", object: "customer" })).toEqual([]);
  expect(await idsOf("cus_ours")).toEqual(["sub_x"]);
  expect(await idsOf({ id: "cus_ours", object: "customer" })).toEqual(["sub_x"]);
  server.closeAllConnections();
  server.close();
});

test("an upgrade does not use a subscription that was refused", async () => {
  const account = await billed.subscribed();
  const { dataSource } = services().database;
  const text = `INSERT INTO refused_subscription (organization_id, provider_subscription_id, refused_at, settled_at)
    VALUES ($1, $2, now(), now())`;
  await dataSource.query(text, [account.id, account.subscription]);
  expect((await account.changePlan("ADVANCED")).checkoutUrl).toMatch(/^https:/);
});

test("an organization that was purged during a call to the provider counts as deleted", async () => {
  expect(await isOrganizationDeleted(services().database, randomUUID())).toBe(true);
});

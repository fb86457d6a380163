import { randomUUID } from "node:crypto";
import http from "node:http";
import type { AddressInfo } from "node:net";
import Stripe from "stripe";
import { createStripeBilling } from "../../src/integrations/stripe/stripe-billing";
import { pullBilling } from "../../src/jobs/sync-billing";
import { queueBillingSync } from "../../src/store/billing-events";
import { inTransaction } from "../../src/store/engine/transaction";
import { subscriptionOf } from "../../src/store/subscription";
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

describe.each(LOSSES)("where the customer %s", (_, lose) => {
  // What Stripe refuses here is what is tested.
  afterEach(() => {
    expect(new Set(stripe.refusals.splice(0).map((each) => /No such customer/.test(each)))).not.toContain(false);
  });

  test("a change of plan makes a new one, and the log keeps the old id", async () => {
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

  test("a change of plan before anything was paid makes a new one", async () => {
    const account = await billed.account();
    await account.changePlan("STANDARD");
    const { customer } = await storedOf(account);
    lose(customer);
    const { checkoutUrl } = await account.changePlan("STANDARD");
    expect(stripe.pay(checkoutUrl).customer).not.toBe(customer);
  });

  test("calling off says that nothing is scheduled", async () => {
    const account = await billed.subscribed();
    lose(account.customer);
    const text = `mutation { done: cancelScheduledPlan(input: { organizationId: "${account.id}" }) { ... on Refusal { code } } }`;
    expect((await account.owner.ask(text)).data.done).toEqual({ code: "PLAN_UNCHANGED" });
  });

  test("the billing portal makes a new one, once for all who open it, and what it paid for is gone", async () => {
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

test("a customer that Stripe deleted takes its subscription along; one that it does not know changes nothing by itself", async () => {
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

test("while collection is paused an organization keeps its plan, does not grow and upgrades nothing; then it goes on", async () => {
  const account = await billed.subscribed();
  const { subscription, customer } = account;
  stripe.change(subscription, { isCollectionPaused: true });
  expect(await account.changePlan("ADVANCED")).toEqual({ code: "PAYMENT_REQUIRED" });
  await billed.deliver(stripe.event("customer.subscription.updated", customer));
  await account.becomes({ plan: { code: "STANDARD" }, status: "PAST_DUE" });
  const create = `mutation { done: createWorkspace(input: { organizationId: "${account.id}", name: "${randomUUID()}", cloudProvider: AWS }) {
    ... on Refusal { code message } } }`;
  const refusal = (await account.owner.ask(create)).data.done;
  expect(refusal).toEqual({ code: "PAYMENT_REQUIRED", message: expect.stringContaining("if collection is paused") });
  stripe.change(subscription, { isCollectionPaused: false });
  await billed.deliver(stripe.event("customer.subscription.updated", customer));
  await account.becomes({ status: "ACTIVE" });
  const text =
    "SELECT summary FROM organization_event WHERE organization_id = $1 AND type LIKE 'subscription.%' ORDER BY sequence";
  const rows: Array<{ summary: string }> = await services().database.dataSource.query(text, [account.id]);
  expect(rows.map(({ summary }) => summary).slice(-2)).toEqual([
    "The payment provider collects no payments for now.",
    "The subscription is paid for again.",
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
])("a subscription that is %s at Stripe", async (status, expected, refusal) => {
  const account = await billed.subscribed();
  stripe.change(account.subscription, { status });
  await billed.deliver(stripe.event("customer.subscription.updated", account.customer));
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
] as const)("who pays by %s sees it", async (method, kind, label, card) => {
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

test("a card that was stored without its kind is a card still", async () => {
  const account = await billed.subscribed();
  const card = { brand: "visa", last4: "1881", expiryMonth: 1, expiryYear: 2031 };
  const text = "UPDATE organization_subscription SET payment_method = $2 WHERE organization_id = $1";
  await services().database.dataSource.query(text, [account.id, card]);
  const read = `{ organization(id: "${account.id}") { subscription { paymentMethodKind paymentMethodLabel paymentMethod { last4 } } } }`;
  expect((await account.owner.ask(read)).data.organization.subscription).toEqual({
    ...{ paymentMethodKind: "CARD", paymentMethodLabel: "visa •••• 1881", paymentMethod: { last4: "1881" } },
  });
});

describe("events", () => {
  const send = (body: string, at = Date.now() / 1000) => {
    const timestamp = Math.floor(at);
    const secret = stripe.webhookSecret;
    return billed.deliver({
      body,
      signature: Stripe.webhooks.generateTestHeaderString({ payload: body, secret, timestamp }),
    });
  };
  const event = (id: unknown, object: unknown = { customer: "cus_1" }) =>
    JSON.stringify({ id, object: "event", type: "invoice.paid", data: { object } });
  const isTaken = async (id: string) => {
    const text = "SELECT count(*)::int AS n FROM billing_event WHERE id = $1";
    return (await services().database.dataSource.query(text, [id]))[0].n;
  };

  test.each([
    [-301, 400],
    [-290, 200],
    [290, 200],
    [302, 400],
    [24 * 3600, 400],
  ])("that are signed %i seconds from now are answered with %i", async (seconds, status) => {
    const id = `evt_${randomUUID()}`;
    expect(await send(event(id), Date.now() / 1000 + seconds)).toBe(status);
    expect(await isTaken(id)).toBe(status === 200 ? 1 : 0);
  });

  test.each([
    ["no id", undefined],
    ["null", null],
    ["a number", 7],
    ["an object", { id: "evt_1" }],
    ["nothing", ""],
    ["256 characters", "e".repeat(256)],
    ["a NUL", "evt_\u0000"],
    ["a line break", "evt_1\nevt_2"],
    ["a lone surrogate", "evt_\ud800"],
    ["letters of another alphabet", "evt_ж"],
  ])("with %s for an id are refused, not failed on", async (_, id) => {
    expect(await send(event(id))).toBe(400);
  });

  test.each([
    ["255 characters", "e".repeat(255)],
    ["another prefix", "ev-1:a.b/c"],
  ])("with an id of %s are taken once", async (_, id) => {
    expect([await send(event(id)), await send(event(id))]).toEqual([200, 200]);
    expect(await isTaken(id)).toBe(1);
  });

  test.each([
    ["no JSON", "{"],
    ["null", "null"],
    ["a list", "[]"],
    ["a text", '"evt_1"'],
    ["nothing", ""],
  ])("whose body is %s are refused", async (_, body) => expect(await send(body)).toBe(400));

  test.each([
    ["no data", JSON.stringify({ id: `evt_${randomUUID()}`, object: "v2.core.event", type: "v2.x" })],
    ["no type", JSON.stringify({ id: `evt_${randomUUID()}`, data: { object: {} } })],
    ["a null object", event(`evt_${randomUUID()}`, null)],
    ["a customer that is a number", event(`evt_${randomUUID()}`, { customer: 7 })],
    ["a customer with a NUL", event(`evt_${randomUUID()}`, { customer: "cus_\u0000" })],
    ["a customer that is shown whole", event(`evt_${randomUUID()}`, { customer: { id: "cus_x", object: "customer" } })],
  ])("with %s are taken, and concern nobody", async (_, body) => {
    expect(await send(body)).toBe(200);
    expect(await isTaken(JSON.parse(body).id)).toBe(1);
  });

  test("without a signature's time, or with two, are refused where it is not the one that was signed", async () => {
    const body = event(`evt_${randomUUID()}`);
    const secret = stripe.webhookSecret;
    const timestamp = Math.floor(Date.now() / 1000) + 4000;
    const signature = Stripe.webhooks.generateTestHeaderString({ payload: body, secret, timestamp });
    const now = Math.floor(Date.now() / 1000);
    for (const header of [`t=${now},${signature}`, `${signature},t=${now}`, signature.replace(/t=\d+,/, "")]) {
      expect(await billed.deliver({ body, signature: header })).toBe(400);
    }
  });
});

test("a subscription of another customer is nobody's business, whatever Stripe lists", async () => {
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

test("while a change works with a subscription, nothing that is owed to the provider is overwritten", async () => {
  const account = await billed.account();
  const { database } = services();
  const locked = {
    name: "subscription-nowait",
    text: "SELECT id FROM organization_subscription WHERE organization_id = $1 FOR UPDATE NOWAIT",
  };
  let owing: Promise<void> = Promise.resolve();
  await inTransaction(database, async (transaction) => {
    const { id } = await subscriptionOf(transaction, account.id);
    await expect(database.rows(locked, [account.id])).rejects.toMatchObject({ code: "55P03" });
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

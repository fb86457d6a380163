import { randomUUID } from "node:crypto";
import { arrangePayment } from "../../src/commands/subscription/arrange-payment";
import { planOf } from "../../src/domain/plan";
import { sweepBilling } from "../../src/jobs/sync-billing";
import { BilledService, until } from "../support/billed-service";
import { outcomeOf } from "../support/world";

/** For each of five customers. */
const EVENTS_EACH = Number(process.env.PROVE_EVENTS ?? 16);

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

test("an upgrade without a card leads to a checkout, and takes effect when it is paid", async () => {
  const account = await billed.account();
  const answer = await account.changePlan("STANDARD");
  expect(answer).toMatchObject({ subscription: { plan: { code: "STARTER" } } });
  expect(await account.read()).toMatchObject({ paymentMethod: null, isBilledManually: false });
  const { customer } = stripe.pay(answer.checkoutUrl);
  expect(await billed.deliver(stripe.event("checkout.session.completed", customer))).toBe(200);
  await account.becomes({
    plan: { code: "STANDARD" },
    status: "ACTIVE",
    paymentMethod: { brand: "visa", last4: "4242", expiryMonth: 4, expiryYear: 2030 },
  });
});

test("an upgrade with a card takes effect at once, with proration; a declined card changes nothing", async () => {
  const account = await billed.subscribed();
  const { subscription: sub } = account;
  stripe.declines = true;
  expect(await account.changePlan("ADVANCED")).toEqual({ code: "PAYMENT_REQUIRED" });
  expect(await account.read()).toMatchObject({ plan: { code: "STANDARD" } });
  stripe.declines = false;
  expect(await account.changePlan("ADVANCED")).toEqual({
    checkoutUrl: null,
    subscription: { plan: { code: "ADVANCED" } },
  });
  expect(stripe.lookupKeyOf(sub)).toBe("cloudthinker_advanced_monthly_59900");
  const update = stripe.calls.findLast(({ call }) => call === "POST /v1/subscriptions/:id");
  expect(update).toMatchObject({ key: expect.any(String), parameters: { proration_behavior: "always_invoice" } });
  expect(await account.changePlan("ADVANCED", ", billingInterval: ANNUAL")).toMatchObject({ checkoutUrl: null });
  expect(stripe.lookupKeyOf(sub)).toBe("cloudthinker_advanced_annual_718800");
  expect(await account.changePlan("ENTERPRISE")).toEqual({ code: "PAYMENT_REQUIRED" });
});

test("a downgrade is billed and takes effect from the next period on, and can be undone before", async () => {
  const account = await billed.subscribed("ADVANCED");
  const { customer, subscription: sub } = account;
  expect(await account.changePlan("STANDARD")).toMatchObject({ subscription: { plan: { code: "ADVANCED" } } });
  await until(() => stripe.isScheduled(sub));
  // An upgrade in between is credited by the paid plan.
  expect(stripe.lookupKeyOf(sub)).toBe("cloudthinker_advanced_monthly_59900");
  await account.becomes({ plan: { code: "ADVANCED" }, scheduledPlan: { code: "STANDARD" } });
  await account.cancelScheduledPlan();
  await until(() => !stripe.isScheduled(sub));
  await account.changePlan("STANDARD");
  await until(() => stripe.isScheduled(sub));
  stripe.nextPeriod(sub);
  expect(stripe.lookupKeyOf(sub)).toBe("cloudthinker_standard_monthly_5900");
  expect(account.invoices).toBe(0);
  await billed.reportUpdate({ customer });
  await account.becomes({ plan: { code: "STANDARD" }, scheduledPlan: null });
});

test("a change to the free plan ends the subscription when its period ends", async () => {
  const account = await billed.subscribed();
  const { customer, subscription: sub } = account;
  await account.changePlan("STARTER");
  const isCancelRequested = () => stripe.calls.some(({ parameters }) => parameters.cancel_at_period_end === "true");
  await until(isCancelRequested);
  await account.becomes({ plan: { code: "STANDARD" }, scheduledPlan: { code: "STARTER" } });
  stripe.nextPeriod(sub);
  await billed.deliver(stripe.event("customer.subscription.deleted", customer));
  await account.becomes({ plan: { code: "STARTER" }, scheduledPlan: null, status: "ACTIVE" });
});

test("a past-due organization keeps working but cannot grow until the payment is settled", async () => {
  const account = await billed.subscribed("ADVANCED");
  const { customer, subscription: sub } = account;
  const made = await account.owner.ask(
    `mutation { createWorkspace(input: { organizationId: "${account.id}", name: "Extra", cloudProvider: AWS }) {
      ... on CreateWorkspaceSuccess { workspace { id } } } }`,
  );
  const workspaceId = made.data.createWorkspace.workspace.id;
  stripe.change(sub, { status: "past_due" });
  await billed.deliver(stripe.event("invoice.payment_failed", customer));
  await account.becomes({ status: "PAST_DUE", plan: { code: "ADVANCED" } });
  const grow = async (mutation: string) =>
    (await account.owner.ask(`mutation { grown: ${mutation} { ... on Refusal { code } __typename } }`)).data.grown.code;
  const invite = `inviteMembers(input: { organizationId: "${account.id}", emails: ["${randomUUID()}@example.com"], role: VIEWER })`;
  const create = `createWorkspace(input: { organizationId: "${account.id}", name: "${randomUUID()}", cloudProvider: AWS })`;
  expect([await grow(invite), await grow(create)]).toEqual(["PAYMENT_REQUIRED", "PAYMENT_REQUIRED"]);
  const shrink = `deleteWorkspace(input: { organizationId: "${account.id}", workspaceId: "${workspaceId}" })`;
  expect(await grow(shrink)).toBeUndefined();
  expect(await account.changePlan("STANDARD")).toMatchObject({ subscription: { plan: { code: "ADVANCED" } } });
  await account.becomes({ scheduledPlan: { code: "STANDARD" } });
  await account.cancelScheduledPlan();
  const portal = `mutation { openBillingPortal(input: { organizationId: "${account.id}", returnUrl: "https://app.example/back" }) {
    ... on OpenBillingPortalSuccess { url } ... on Refusal { code } } }`;
  expect((await account.owner.ask(portal)).data.openBillingPortal.url).toBe(`https://portal.example/${customer}`);
  expect(
    (await account.owner.ask(portal.replace("https://app.example", "javascript:alert(1)//"))).data.openBillingPortal
      .code,
  ).toBe("INVALID_INPUT");
  stripe.change(sub, { status: "active" });
  await billed.deliver(stripe.event("invoice.paid", customer));
  await account.becomes({ status: "ACTIVE" });
  expect([await grow(invite), await grow(create)]).toEqual([undefined, undefined]);
});

test("a webhook is accepted only with a valid, fresh signature, and changes only its customer", async () => {
  const account = await billed.subscribed();
  const { customer, subscription: sub } = account;
  stripe.change(sub, { status: "past_due" });
  const good = stripe.event("invoice.payment_failed", customer);
  expect(await billed.deliver({ ...good, signature: "" })).toBe(400);
  expect(await billed.deliver({ ...good, body: good.body.replace(customer, "cus_other") })).toBe(400);
  expect(await billed.deliver(stripe.event("invoice.payment_failed", customer, { at: Date.now() / 1000 - 301 }))).toBe(
    400,
  );
  expect(await billed.deliver(stripe.event("invoice.payment_failed", "cus_unknown"))).toBe(200);
  expect(await account.read()).toMatchObject({ status: "ACTIVE" });
  expect(await billed.deliver(good)).toBe(200);
  await account.becomes({ status: "PAST_DUE" });
});

test("the hourly comparison repairs changes that no event reported", async () => {
  const account = await billed.subscribed();
  const { subscription: sub } = account;
  stripe.change(sub, { status: "past_due" });
  await sweepBilling(billed.service.app.services);
  await account.becomes({ status: "PAST_DUE" });
});

test("late, repeated, shuffled and partly forged events lead to the right state", async () => {
  const accounts = await Promise.all(Array.from({ length: 5 }, () => billed.subscribed("ADVANCED")));
  const startedAt = new Date();
  const events = accounts.flatMap(({ customer }) =>
    Array.from({ length: EVENTS_EACH }, (_, n) => {
      const event = stripe.event(n % 2 ? "customer.subscription.updated" : "invoice.paid", customer);
      return [
        event,
        event,
        { ...event, signature: event.signature.replace(/.$/, (c) => (c === "0" ? "1" : "0")) },
      ].slice(0, n % 2 ? 3 : 2);
    }).flat(),
  );
  for (let index = events.length - 1; index > 0; index--) {
    const other = (index * 7919) % (index + 1);
    const [one, two] = [events[index], events[other]];
    if (one && two) [events[index], events[other]] = [two, one];
  }
  const statuses = ["past_due", "active", "unpaid", "active"];
  const codes = new Map<number, number>();
  const senders = Array.from({ length: 8 }, async (_, sender) => {
    for (let index = sender; index < events.length; index += 8) {
      const account = accounts[index % 5];
      if (account && index % 50 === 0)
        stripe.change(account.subscription, { status: statuses[(index / 50) % 4] ?? "active" });
      const event = events[index];
      const code = event ? await billed.deliver(event) : 0;
      codes.set(code, (codes.get(code) ?? 0) + 1);
    }
  });
  await Promise.all(senders);
  expect(codes.get(200)).toBe(5 * EVENTS_EACH * 2);
  expect(codes.get(400)).toBe((5 * EVENTS_EACH) / 2);
  const text = "SELECT count(*)::int AS n FROM billing_event WHERE received_at >= $1";
  expect(await billed.service.app.services.database.dataSource.query(text, [startedAt])).toEqual([
    { n: 5 * EVENTS_EACH },
  ]);
  for (const [index, { customer, subscription: sub }] of accounts.entries()) {
    stripe.change(sub, { status: index % 2 ? "active" : "past_due" });
    await billed.reportUpdate({ customer });
  }
  for (const [index, account] of accounts.entries()) {
    await account.becomes({ status: index % 2 ? "ACTIVE" : "PAST_DUE", plan: { code: "ADVANCED" } });
  }
}, 300_000);

test("a change that was accepted before the organization's deletion opens no checkout after it", async () => {
  const [fresh, paying] = [await billed.account(), await billed.subscribed()];
  for (const account of [fresh, paying]) {
    await account.delete();
    await until(() => billed.isIdle());
    const calls = stripe.calls.length;
    const change = { organizationId: account.id, plan: planOf("ADVANCED"), billingInterval: null };
    const arranged = arrangePayment(billed.service.app.services, { name: "Olga", email: null }, change, "attempt");
    expect(await outcomeOf(arranged)).toBe("NOT_FOUND");
    expect(stripe.calls.length).toBe(calls);
  }
});

import { randomUUID } from "node:crypto";
import { sweepBilling } from "../../src/jobs/bill";
import { type Person, RunningService } from "../support/service";
import { StripeStandIn } from "../support/stripe-stand-in";

let stripe: StripeStandIn;
let service: RunningService;
beforeAll(async () => {
  stripe = await StripeStandIn.start();
  service = await RunningService.start(stripe.environment);
});
afterAll(async () => {
  await service.stop();
  expect(stripe.refusals).toEqual([]);
  await stripe.stop();
});
afterEach(() => {
  stripe.declines = false;
});

async function start(): Promise<{ owner: Person; id: string }> {
  const owner = await service.person("Olga");
  const { data } = await owner.ask("{ viewer { memberships { organization { id } } } }");
  return { owner, id: data.viewer.memberships[0].organization.id };
}

async function changePlan(owner: Person, id: string, planCode: string, rest = "") {
  const { data, errors } = await owner.ask(
    `mutation { changePlan(input: { organizationId: "${id}", planCode: "${planCode}"${rest} }) {
      ... on ChangePlanSuccess { checkoutUrl subscription { plan { code } } } ... on Refusal { code } } }`,
  );
  return data?.changePlan ?? errors;
}

async function subscription(owner: Person, id: string) {
  const { data } = await owner.ask(
    `{ organization(id: "${id}") { subscription { status plan { code } scheduledPlan { code } billingInterval isBilledManually
      paymentMethod { brand last4 expiryMonth expiryYear } } } }`,
  );
  return data.organization.subscription;
}

async function deliver({ body, signature }: { body: string; signature: string }): Promise<number> {
  const response = await fetch(`http://127.0.0.1:${service.app.port}/webhooks/stripe`, {
    method: "POST",
    headers: { "content-type": "application/json", "stripe-signature": signature },
    body,
  });
  await response.arrayBuffer();
  return response.status;
}

/** Waits until the subscription is as it should be: a job follows each event. */
async function becomes(owner: Person, id: string, expected: object) {
  const until = Date.now() + 15_000;
  for (;;) {
    const now = await subscription(owner, id);
    const isSo = Object.entries(expected).every(([key, value]) => JSON.stringify(now[key]) === JSON.stringify(value));
    if (isSo || Date.now() > until) return expect(now).toMatchObject(expected);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

async function subscribed(planCode = "STANDARD") {
  const { owner, id } = await start();
  const { checkoutUrl } = await changePlan(owner, id, planCode);
  const paid = stripe.pay(checkoutUrl);
  await deliver(stripe.event("checkout.session.completed", paid.customer));
  await becomes(owner, id, { plan: { code: planCode } });
  return { owner, id, ...paid };
}

test("an upgrade without a card leads to a checkout, and takes effect when it is paid", async () => {
  const { owner, id } = await start();
  const answer = await changePlan(owner, id, "STANDARD");
  expect(answer).toMatchObject({ subscription: { plan: { code: "STARTER" } } });
  expect(await subscription(owner, id)).toMatchObject({ paymentMethod: null, isBilledManually: false });
  const { customer } = stripe.pay(answer.checkoutUrl);
  expect(await deliver(stripe.event("checkout.session.completed", customer))).toBe(200);
  await becomes(owner, id, {
    plan: { code: "STANDARD" },
    status: "ACTIVE",
    paymentMethod: { brand: "visa", last4: "4242", expiryMonth: 4, expiryYear: 2030 },
  });
});

test("an upgrade with a card takes effect at once, with proration; a declined card changes nothing", async () => {
  const { owner, id, subscription: sub } = await subscribed();
  stripe.declines = true;
  expect(await changePlan(owner, id, "ADVANCED")).toEqual({ code: "PAYMENT_REQUIRED" });
  expect(await subscription(owner, id)).toMatchObject({ plan: { code: "STANDARD" } });
  stripe.declines = false;
  expect(await changePlan(owner, id, "ADVANCED")).toEqual({
    checkoutUrl: null,
    subscription: { plan: { code: "ADVANCED" } },
  });
  expect(stripe.lookupKeyOf(sub)).toBe("cloudthinker_advanced_monthly_59900");
  const update = stripe.calls.findLast(({ call }) => call === "POST /v1/subscriptions/:id");
  expect(update).toMatchObject({ key: expect.any(String), parameters: { proration_behavior: "always_invoice" } });
  expect(await changePlan(owner, id, "ADVANCED", ", billingInterval: ANNUAL")).toMatchObject({ checkoutUrl: null });
  expect(stripe.lookupKeyOf(sub)).toBe("cloudthinker_advanced_annual_718800");
  expect(await changePlan(owner, id, "ENTERPRISE")).toEqual({ code: "PAYMENT_REQUIRED" });
});

test("a downgrade is billed from the next period on, and takes over with it; it can be called off", async () => {
  const { owner, id, customer, subscription: sub } = await subscribed("ADVANCED");
  expect(await changePlan(owner, id, "STANDARD")).toMatchObject({ subscription: { plan: { code: "ADVANCED" } } });
  while (stripe.lookupKeyOf(sub) !== "cloudthinker_standard_monthly_5900")
    await new Promise((resolve) => setImmediate(resolve));
  await becomes(owner, id, { plan: { code: "ADVANCED" }, scheduledPlan: { code: "STANDARD" } });
  await owner.ask(`mutation { cancelScheduledPlan(input: { organizationId: "${id}" }) { __typename } }`);
  while (stripe.lookupKeyOf(sub) !== "cloudthinker_advanced_monthly_59900")
    await new Promise((resolve) => setImmediate(resolve));
  await changePlan(owner, id, "STANDARD");
  while (stripe.lookupKeyOf(sub) !== "cloudthinker_standard_monthly_5900")
    await new Promise((resolve) => setImmediate(resolve));
  stripe.nextPeriod(sub);
  await deliver(stripe.event("customer.subscription.updated", customer));
  await becomes(owner, id, { plan: { code: "STANDARD" }, scheduledPlan: null });
});

test("going back to the free plan ends the subscription with its period", async () => {
  const { owner, id, customer, subscription: sub } = await subscribed();
  await changePlan(owner, id, "STARTER");
  const told = () => stripe.calls.some(({ parameters }) => parameters.cancel_at_period_end === "true");
  while (!told()) await new Promise((resolve) => setImmediate(resolve));
  await becomes(owner, id, { plan: { code: "STANDARD" }, scheduledPlan: { code: "STARTER" } });
  stripe.nextPeriod(sub);
  await deliver(stripe.event("customer.subscription.deleted", customer));
  await becomes(owner, id, { plan: { code: "STARTER" }, scheduledPlan: null, status: "ACTIVE" });
});

test("past due, an organization keeps working and does not grow; settled, it grows again", async () => {
  const { owner, id, customer, subscription: sub } = await subscribed("ADVANCED");
  stripe.change(sub, { status: "past_due" });
  await deliver(stripe.event("invoice.payment_failed", customer));
  await becomes(owner, id, { status: "PAST_DUE", plan: { code: "ADVANCED" } });
  const grow = async (mutation: string) =>
    (await owner.ask(`mutation { grown: ${mutation} { ... on Refusal { code } __typename } }`)).data.grown.code;
  const invite = `inviteMembers(input: { organizationId: "${id}", emails: ["${randomUUID()}@example.com"], role: VIEWER })`;
  const create = `createWorkspace(input: { organizationId: "${id}", name: "${randomUUID()}", cloudProvider: AWS })`;
  expect([await grow(invite), await grow(create)]).toEqual(["PAYMENT_REQUIRED", "PAYMENT_REQUIRED"]);
  const portal = `mutation { openBillingPortal(input: { organizationId: "${id}", returnUrl: "https://app.example/back" }) {
    ... on OpenBillingPortalSuccess { url } ... on Refusal { code } } }`;
  expect((await owner.ask(portal)).data.openBillingPortal.url).toBe(`https://portal.example/${customer}`);
  expect(
    (await owner.ask(portal.replace("https://app.example", "javascript:alert(1)//"))).data.openBillingPortal.code,
  ).toBe("INVALID_INPUT");
  stripe.change(sub, { status: "active" });
  await deliver(stripe.event("invoice.paid", customer));
  await becomes(owner, id, { status: "ACTIVE" });
  expect([await grow(invite), await grow(create)]).toEqual([undefined, undefined]);
});

test("a webhook is taken with a good, fresh signature alone, and for its customer alone", async () => {
  const { owner, id, customer, subscription: sub } = await subscribed();
  stripe.change(sub, { status: "past_due" });
  const good = stripe.event("invoice.payment_failed", customer);
  expect(await deliver({ ...good, signature: "" })).toBe(400);
  expect(await deliver({ ...good, body: good.body.replace(customer, "cus_other") })).toBe(400);
  expect(await deliver(stripe.event("invoice.payment_failed", customer, { at: Date.now() / 1000 - 301 }))).toBe(400);
  expect(await deliver(stripe.event("invoice.payment_failed", "cus_unknown"))).toBe(200);
  expect(await subscription(owner, id)).toMatchObject({ status: "ACTIVE" });
  expect(await deliver(good)).toBe(200);
  await becomes(owner, id, { status: "PAST_DUE" });
});

test("what no event told is found and mended", async () => {
  const { owner, id, subscription: sub } = await subscribed();
  stripe.change(sub, { status: "past_due" });
  await sweepBilling(service.app.services);
  await becomes(owner, id, { status: "PAST_DUE" });
});

test("5,000 events, late, twice, shuffled and partly forged, end in the right state", async () => {
  const accounts = await Promise.all(Array.from({ length: 5 }, () => subscribed("ADVANCED")));
  const events = accounts.flatMap(({ customer }) =>
    Array.from({ length: 400 }, (_, n) => {
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
      const code = event ? await deliver(event) : 0;
      codes.set(code, (codes.get(code) ?? 0) + 1);
    }
  });
  await Promise.all(senders);
  expect(codes.get(200)).toBe(4_000);
  expect(codes.get(400)).toBe(1_000);
  for (const [index, { customer, subscription: sub }] of accounts.entries()) {
    stripe.change(sub, { status: index % 2 ? "active" : "past_due" });
    await deliver(stripe.event("customer.subscription.updated", customer));
  }
  for (const [index, { owner, id }] of accounts.entries()) {
    await becomes(owner, id, { status: index % 2 ? "ACTIVE" : "PAST_DUE", plan: { code: "ADVANCED" } });
  }
});

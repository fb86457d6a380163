import type Stripe from "stripe";
import { phaseItemOf } from "../../src/integrations/stripe/stripe-items";
import { sweepBilling } from "../../src/jobs/sync-billing";
import { type Account, ANNUALLY, BilledService, MONTHLY, until } from "../support/billed-service";

let billed: BilledService;
let stripe: BilledService["stripe"];
beforeAll(async () => {
  billed = await BilledService.start();
  stripe = billed.stripe;
});
afterAll(() => billed.stop());

type Subscribed = Awaited<ReturnType<BilledService["subscribed"]>>;
const services = () => billed.service.app.services;
const updated = (account: Subscribed) =>
  billed.deliver(stripe.event("customer.subscription.updated", account.customer));
const callOff = async (account: Account) => {
  const text = `mutation { done: cancelScheduledPlan(input: { organizationId: "${account.id}" }) {
    __typename ... on Refusal { code } } }`;
  return (await account.owner.ask(text)).data.done;
};
const idle = () => billed.isIdle();
const SUCCESS = { __typename: "CancelScheduledPlanSuccess" };
const inDays = (days: number) => Math.floor(Date.now() / 1000) + days * 24 * 3600;

const WAYS: Array<[string, (account: Subscribed) => void]> = [
  ["cancel_at_period_end", ({ subscription }) => stripe.change(subscription, { cancelAtPeriodEnd: true })],
  [
    "cancel_at, as the portal does under flexible billing",
    ({ subscription }) => {
      const { start } = stripe.subscriptionOf(subscription);
      stripe.change(subscription, { billingMode: "flexible", cancelAt: start + 30 * 24 * 3600 });
    },
  ],
  ["cancel_at of a later day", ({ subscription }) => stripe.change(subscription, { cancelAt: inDays(90) })],
];

test.each(WAYS)("a cancellation by %s is seen, and can be called off here", async (_, cancel) => {
  const account = await billed.subscribed("ADVANCED");
  cancel(account);
  await updated(account);
  await account.becomes({ plan: { code: "ADVANCED" }, scheduledPlan: { code: "STARTER" } });
  expect(await callOff(account)).toEqual(SUCCESS);
  await until(() => !stripe.endsWithPeriod(account.subscription));
  await account.becomes({ plan: { code: "ADVANCED" }, scheduledPlan: null });
});

test.each(WAYS)("a cancellation by %s is undone by an upgrade", async (_, cancel) => {
  const account = await billed.subscribed();
  cancel(account);
  expect(await account.changePlan("ADVANCED")).toMatchObject({ checkoutUrl: null });
  expect(stripe.endsWithPeriod(account.subscription)).toBe(false);
  await account.becomes({ plan: { code: "ADVANCED" }, scheduledPlan: null });
});

test.each(WAYS)("a cancellation by %s gives way to a downgrade that is chosen here", async (_, cancel) => {
  const account = await billed.subscribed("ADVANCED");
  cancel(account);
  await updated(account);
  await account.becomes({ scheduledPlan: { code: "STARTER" } });
  expect(await account.changePlan("STANDARD")).toMatchObject({ checkoutUrl: null });
  await until(() => stripe.isScheduled(account.subscription));
  expect(stripe.endsWithPeriod(account.subscription)).toBe(false);
  await account.becomes({ scheduledPlan: { code: "STANDARD" } });
});

test("a cancellation of which no event has told yet is called off all the same", async () => {
  const account = await billed.subscribed();
  stripe.change(account.subscription, { cancelAt: inDays(30) });
  expect(await callOff(account)).toEqual(SUCCESS);
  await until(() => !stripe.endsWithPeriod(account.subscription));
});

test("a downgrade that was scheduled at Stripe is seen, and can be called off here", async () => {
  const [account, standard] = [await billed.subscribed("ADVANCED"), await billed.subscribed("STANDARD")];
  const { subscription } = account;
  const { items, start } = stripe.subscriptionOf(subscription);
  const half = { start, end: start + 30 * 24 * 3600 };
  const next = {
    items: [{ price: stripe.priceOf(standard.subscription), quantity: 1 }],
    start: half.end,
    end: half.end * 2,
  };
  stripe.schedules.set("sub_sched_portal", { subscription, phases: [{ items, ...half }, next] });
  stripe.subscriptionOf(subscription).schedule = "sub_sched_portal";
  await updated(account);
  await account.becomes({ plan: { code: "ADVANCED" }, scheduledPlan: { code: "STANDARD" } });
  expect(await callOff(account)).toEqual(SUCCESS);
  await until(() => !stripe.isScheduled(subscription));
});

test("members who do not fit a plan that Stripe cancelled keep their access; nobody joins, and the Owner gets a mail", async () => {
  const account = await billed.subscribed("ADVANCED");
  const people = [await billed.service.person("Gus"), await billed.service.person("Una")];
  const emails = people.map(({ email }) => `"${email}"`).join(", ");
  const input = `{ organizationId: "${account.id}", emails: [${emails}], role: VIEWER }`;
  await account.owner.ask(`mutation { inviteMembers(input: ${input}) { __typename } }`);
  const join = async (index: number) => {
    const person = people[index];
    const token = await billed.service.tokenFor(person?.email ?? "");
    const accept = `mutation { done: acceptInvitation(input: { token: "${token}" }) { __typename ... on Refusal { code } } }`;
    const preview = `{ invitation(token: "${token}") { refusal { code } } }`;
    const before = (await person?.ask(preview))?.data.invitation.refusal;
    return [before, (await person?.ask(accept))?.data.done];
  };
  expect(await join(0)).toEqual([null, { __typename: "AcceptInvitationSuccess" }]);
  stripe.change(account.subscription, { cancelAtPeriodEnd: true });
  await updated(account);
  await account.becomes({ scheduledPlan: { code: "STARTER" } });
  const full = { code: "MEMBER_LIMIT_REACHED" };
  expect(await join(1)).toEqual([full, { __typename: "Refusal", ...full }]);
  stripe.nextPeriod(account.subscription);
  await billed.deliver(stripe.event("customer.subscription.deleted", account.customer));
  await account.becomes({ plan: { code: "STARTER" }, scheduledPlan: null });
  expect(await join(1)).toEqual([full, { __typename: "Refusal", ...full }]);
  const limit = `{ organization(id: "${account.id}") { memberLimit { used limit remaining } } }`;
  expect((await account.owner.ask(limit)).data.organization.memberLimit).toEqual({ used: 3, limit: 1, remaining: 0 });
  const mails = () =>
    billed.service.mailer.sent.filter(({ to, subject }) => to === account.owner.email && /exceeds the/.test(subject));
  await until(() => mails().length >= 2);
  expect(mails().map(({ text }) => /changes to the Starter/.test(text))).toEqual([true, false]);
});

test("a limit that is shown is the one that counts", async () => {
  const account = await billed.subscribed("ADVANCED");
  const text = `{ organization(id: "${account.id}") { memberLimit { limit } workspaceLimit { limit } } }`;
  const limits = async () => (await account.owner.ask(text)).data.organization;
  expect(await limits()).toEqual({ memberLimit: { limit: null }, workspaceLimit: { limit: 30 } });
  await account.changePlan("STANDARD");
  expect(await limits()).toEqual({ memberLimit: { limit: 3 }, workspaceLimit: { limit: 3 } });
});

test.each([true, false])("an add-on is carried along wherever it stands (before the plan: %s)", async (first) => {
  const account = await billed.subscribed();
  const { subscription } = account;
  const addOn = { price: stripe.addItem(subscription, { first, quantity: 7 }), quantity: 7 };
  await updated(account);
  await sweepBilling(services());
  await account.becomes({ plan: { code: "STANDARD" }, scheduledPlan: null });
  expect(await account.changePlan("ADVANCED")).toMatchObject({ subscription: { plan: { code: "ADVANCED" } } });
  const advanced = { price: stripe.priceOf(subscription), quantity: 1 };
  expect(stripe.itemsOf(subscription)).toEqual(first ? [addOn, advanced] : [advanced, addOn]);
  expect(stripe.lookupKeyOf(subscription)).toBe("cloudthinker_advanced_monthly_59900");
  await account.changePlan("STANDARD");
  await until(() => stripe.isScheduled(subscription));
  const [now, next] = stripe.phasesOf(subscription).map(({ items }) => items);
  expect(now).toEqual(stripe.itemsOf(subscription));
  expect(next).toContainEqual(addOn);
  expect(next).toHaveLength(2);
  stripe.nextPeriod(subscription);
  await updated(account);
  await account.becomes({ plan: { code: "STANDARD" }, scheduledPlan: null });
  expect(stripe.lookupKeyOf(subscription)).toBe("cloudthinker_standard_monthly_5900");
});

test("under classic billing a monthly add-on keeps its plan from the year, and under flexible billing it does not", async () => {
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

test("where an add-on's period ends earlier, a cancellation waits for what was paid for the plan", async () => {
  const account = await billed.subscribed();
  stripe.change(account.subscription, { billingMode: "flexible" });
  stripe.addItem(account.subscription, { shift: -10 });
  await account.changePlan("STARTER");
  await until(() => stripe.endsWithPeriod(account.subscription));
  const { start, cancelAt } = stripe.subscriptionOf(account.subscription);
  expect(cancelAt).toBe(start + 30 * 24 * 3600);
  await account.becomes({ plan: { code: "STANDARD" }, scheduledPlan: { code: "STARTER" } });
});

test("of two plans in one subscription the larger counts", async () => {
  const [account, advanced] = [await billed.subscribed(), await billed.subscribed("ADVANCED")];
  const { items } = stripe.subscriptionOf(account.subscription);
  items.push({ id: "si_more", price: stripe.priceOf(advanced.subscription), quantity: 1, shift: 0 });
  await updated(account);
  await account.becomes({ plan: { code: "ADVANCED" } });
});

test("a plan behind more add-ons than a subscription shows is found, and all of them are carried along", async () => {
  const account = await billed.subscribed("ADVANCED");
  const { subscription } = account;
  for (let count = 0; count < 12; count += 1) stripe.addItem(subscription, { quantity: count + 1 });
  await updated(account);
  await account.becomes({ plan: { code: "ADVANCED" } });
  await account.changePlan("STANDARD");
  await until(() => stripe.isScheduled(subscription));
  for (const { items } of stripe.phasesOf(subscription)) expect(items).toHaveLength(13);
});

test("a scheduled plan that is called off at Stripe is called off here, and the log says so", async () => {
  const account = await billed.subscribed("ADVANCED");
  const { subscription } = account;
  await account.changePlan("STANDARD");
  await until(() => stripe.isScheduled(subscription));
  await account.becomes({ scheduledPlan: { code: "STANDARD" } });
  await until(idle);
  stripe.subscriptionOf(subscription).schedule = null;
  await updated(account);
  await account.becomes({ plan: { code: "ADVANCED" }, scheduledPlan: null });
  const text = "SELECT type FROM organization_event WHERE organization_id = $1 ORDER BY sequence DESC LIMIT 1";
  const { dataSource } = services().database;
  expect(await dataSource.query(text, [account.id])).toEqual([{ type: "subscription.schedule_canceled" }]);
});

test("a downgrade that is scheduled in a trial does not end the trial", async () => {
  const account = await billed.subscribed("ADVANCED");
  stripe.change(account.subscription, { status: "trialing" });
  await updated(account);
  await account.becomes({ status: "TRIALING" });
  await account.changePlan("STANDARD");
  await until(() => stripe.isScheduled(account.subscription));
  await account.becomes({ status: "TRIALING", scheduledPlan: { code: "STANDARD" } });
});

test("an item is carried along with its terms, and a metered one without a quantity", () => {
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

import { changeOrganization } from "../../src/commands/runner/run";
import { applyBilling } from "../../src/commands/subscription/apply-billing";
import { databaseTime } from "../../src/store/billing-events";
import { KeyedMutex } from "../../src/store/engine/mutex";
import { type Account, ANNUALLY, BilledService, until } from "../support/billed-service";

let billed: BilledService;
let stripe: BilledService["stripe"];
beforeAll(async () => {
  billed = await BilledService.start();
  stripe = billed.stripe;
});
afterAll(() => billed.stop());

type Subscribed = Awaited<ReturnType<BilledService["subscribed"]>>;
const services = () => billed.service.app.services;
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

test.each(WAYS)("a cancellation by %s is synced, and can be undone here", async (_, cancel) => {
  const account = await billed.subscribed("ADVANCED");
  cancel(account);
  await billed.reportUpdate(account);
  await account.becomes({ plan: { code: "ADVANCED" }, scheduledPlan: { code: "STARTER" } });
  expect(await callOff(account)).toEqual(SUCCESS);
  await until(() => !stripe.endsWithPeriod(account.subscription));
  await account.becomes({ plan: { code: "ADVANCED" }, scheduledPlan: null });
});

test.each(WAYS)("an upgrade undoes a cancellation by %s", async (_, cancel) => {
  const account = await billed.subscribed();
  cancel(account);
  expect(await account.changePlan("ADVANCED")).toMatchObject({ checkoutUrl: null });
  expect(stripe.endsWithPeriod(account.subscription)).toBe(false);
  await account.becomes({ plan: { code: "ADVANCED" }, scheduledPlan: null });
});

test.each(WAYS)("a downgrade here replaces a cancellation by %s", async (_, cancel) => {
  const account = await billed.subscribed("ADVANCED");
  cancel(account);
  await billed.reportUpdate(account);
  await account.becomes({ scheduledPlan: { code: "STARTER" } });
  expect(await account.changePlan("STANDARD")).toMatchObject({ checkoutUrl: null });
  await until(() => stripe.isScheduled(account.subscription));
  expect(stripe.endsWithPeriod(account.subscription)).toBe(false);
  await account.becomes({ scheduledPlan: { code: "STANDARD" } });
});

test("a cancellation that no event has reported yet can be undone", async () => {
  const account = await billed.subscribed();
  stripe.change(account.subscription, { cancelAt: inDays(30) });
  expect(await callOff(account)).toEqual(SUCCESS);
  await until(() => !stripe.endsWithPeriod(account.subscription));
});

test("a downgrade scheduled at Stripe is synced, and can be undone here", async () => {
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
  await billed.reportUpdate(account);
  await account.becomes({ plan: { code: "ADVANCED" }, scheduledPlan: { code: "STANDARD" } });
  expect(await callOff(account)).toEqual(SUCCESS);
  await until(() => !stripe.isScheduled(subscription));
});

test("after Stripe cancels a plan, members beyond the new limit keep access, nobody can join, and the Owner gets a mail", async () => {
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
  await billed.reportUpdate(account);
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

test("the limits in the graph are those of a scheduled smaller plan", async () => {
  const account = await billed.subscribed("ADVANCED");
  const text = `{ organization(id: "${account.id}") { memberLimit { limit } workspaceLimit { limit } } }`;
  const limits = async () => (await account.owner.ask(text)).data.organization;
  expect(await limits()).toEqual({ memberLimit: { limit: null }, workspaceLimit: { limit: 30 } });
  await account.changePlan("STANDARD");
  expect(await limits()).toEqual({ memberLimit: { limit: 3 }, workspaceLimit: { limit: 3 } });
});

test("canceling a scheduled plan at Stripe cancels it here, with an event", async () => {
  const account = await billed.subscribed("ADVANCED");
  const { subscription } = account;
  await account.changePlan("STANDARD");
  await until(() => stripe.isScheduled(subscription));
  await account.becomes({ scheduledPlan: { code: "STANDARD" } });
  await until(idle);
  stripe.subscriptionOf(subscription).schedule = null;
  await billed.reportUpdate(account);
  await account.becomes({ plan: { code: "ADVANCED" }, scheduledPlan: null });
  const text = "SELECT type FROM organization_event WHERE organization_id = $1 ORDER BY sequence DESC LIMIT 2";
  const { dataSource } = services().database;
  expect(await dataSource.query(text, [account.id])).toEqual([
    { type: "organization.limits_changed" },
    { type: "subscription.schedule_canceled" },
  ]);
});

test("scheduling a downgrade during a trial does not end the trial", async () => {
  const account = await billed.subscribed("ADVANCED");
  stripe.change(account.subscription, { status: "trialing" });
  await billed.reportUpdate(account);
  await account.becomes({ status: "TRIALING" });
  await account.changePlan("STANDARD");
  await until(() => stripe.isScheduled(account.subscription));
  await account.becomes({ status: "TRIALING", scheduledPlan: { code: "STANDARD" } });
});

test("a change for which nothing was due is not made unpaid if the subscription ends at the provider meanwhile", async () => {
  const account = await billed.subscribed("ADVANCED");
  await until(idle);
  stripe.change(account.subscription, { status: "canceled" });
  const { database, integrations } = services();
  const requestedAt = await databaseTime(database);
  const report = await integrations.billing?.readAccount(account.customer);
  if (!report) throw new Error("There is no provider.");
  const change = () => account.changePlan("ADVANCED", "", { "idempotency-key": "keep-advanced" });
  let early: ReturnType<typeof change> = Promise.resolve();
  // As another process applies the report.
  await changeOrganization({ ...services(), mutex: new KeyedMutex() }, account.id, async (unit) => {
    const [{ pid }] = await unit.transaction.manager.query("SELECT pg_backend_pid() AS pid");
    early = change();
    const waiting = "SELECT FROM pg_stat_activity WHERE $1 = ANY (pg_blocking_pids(pid))";
    await until(async () => (await database.dataSource.query(waiting, [pid])).length > 0);
    await applyBilling(unit, report, requestedAt);
  });
  expect(await early).toMatchObject([{ extensions: { code: "RATE_LIMITED", retryAfterSeconds: 5 } }]);
  await account.becomes({ plan: { code: "STARTER" } });
  expect(await change()).toMatchObject({ checkoutUrl: expect.stringContaining("https://") });
  await account.becomes({ plan: { code: "STARTER" } });
  // A change of a free plan at once is never due.
  expect(await account.changePlan("STARTER", ANNUALLY)).toMatchObject({ checkoutUrl: null });
  await account.becomes({ billingInterval: "ANNUAL" });
});

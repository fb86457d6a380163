import { type Account, ANNUALLY, BilledService, until } from "../support/billed-service";

let billed: BilledService;
let stripe: BilledService["stripe"];
beforeAll(async () => {
  billed = await BilledService.start();
  stripe = billed.stripe;
});
afterAll(() => billed.stop());

const PREVIEW = "POST /v1/invoices/create_preview";

async function dryRun({ owner, id }: Account, planCode: string, rest = "") {
  const { data, errors } = await owner.ask(
    `{ dryRun(mutation: { changePlan: { organizationId: "${id}", planCode: "${planCode}"${rest} } }) { __typename
      ... on Refusal { code message } ... on DryRunSuccess { effects { type changes { field before after } }
        memberLimit { used limit } emails { to } charge { dueNowCents nextAmountCents nextChargeAt takesEffectAt } } } }`,
  );
  expect(errors).toBeUndefined();
  return data.dryRun;
}

/** The calls that Stripe gets while `work` runs. */
async function callsDuring<Result>(work: () => Promise<Result>): Promise<{ result: Result; calls: string[] }> {
  await until(() => billed.isIdle());
  const before = stripe.calls.length;
  const result = await work();
  return { result, calls: stripe.calls.slice(before).map(({ call }) => call) };
}

const isReading = (call: string) => call.startsWith("GET ") || call === PREVIEW;

test("the dry run of an upgrade with a stored card announces the change and the charge, and only reads at Stripe", async () => {
  const account = await billed.subscribed();
  const { result, calls } = await callsDuring(() => dryRun(account, "ADVANCED"));
  expect(calls.filter((call) => !isReading(call))).toEqual([]);
  expect(calls.filter((call) => call === PREVIEW)).toHaveLength(2);
  const end = new Date((stripe.subscriptionOf(account.subscription).start + 30 * 24 * 3600) * 1000).toISOString();
  expect(result).toMatchObject({
    effects: [
      { type: "subscription.plan_changed", changes: [{ field: "planCode", before: "STANDARD", after: "ADVANCED" }] },
      {
        type: "organization.limits_changed",
        changes: [
          { before: "3", after: null },
          { before: "3", after: "30" },
        ],
      },
    ],
    memberLimit: { used: 1, limit: null },
    emails: [],
    charge: { dueNowCents: 59_900, nextAmountCents: 59_900, nextChargeAt: end, takesEffectAt: expect.any(String) },
  });
  expect(await account.read()).toMatchObject({ plan: { code: "STANDARD" } });
  expect(account.invoices).toBe(0);
  await account.changePlan("ADVANCED");
  expect(account.invoices).toBe(1);
  expect(stripe.bills.at(-1)).toMatchObject({ subscription: account.subscription, total: 59_900 });
});

test("a change of the interval is charged at once and again a year later, including add-ons", async () => {
  const account = await billed.subscribed();
  stripe.change(account.subscription, { billingMode: "flexible" });
  stripe.addItem(account.subscription);
  const { charge } = await dryRun(account, "STANDARD", ANNUALLY);
  expect(charge).toMatchObject({ dueNowCents: 70_800, nextAmountCents: 71_000 });
  expect(new Date(charge.nextChargeAt).getTime() - Date.now()).toBeGreaterThan(364 * 24 * 3_600_000);
});

test("a downgrade is charged when the period ends; a downgrade to the free plan is never charged", async () => {
  const account = await billed.subscribed("ADVANCED");
  const { result, calls } = await callsDuring(() => dryRun(account, "STANDARD"));
  expect(calls.filter((call) => !isReading(call))).toEqual([]);
  const { charge, effects } = result;
  expect(effects).toMatchObject([
    { type: "subscription.downgrade_scheduled" },
    { type: "organization.limits_changed" },
  ]);
  expect(charge).toMatchObject({ dueNowCents: 0, nextAmountCents: 5_900 });
  expect(charge.takesEffectAt).toBe(charge.nextChargeAt);
  expect(await dryRun(account, "STARTER")).toMatchObject({ effects: [{}, {}], charge: null });
  await until(() => billed.isIdle());
  expect(stripe.isScheduled(account.subscription)).toBe(false);
  stripe.subscriptions.delete(account.subscription);
  expect(await dryRun(account, "STANDARD")).toMatchObject({ effects: [{}, {}], charge: null });
  expect(stripe.refusals.splice(0)).toHaveLength(1);
});

test("a first payment announces its charge and no event: the plan changes when it is paid", async () => {
  const account = await billed.account();
  const unknownPrice = ", billingInterval: ANNUAL";
  const { result, calls } = await callsDuring(() => dryRun(account, "ADVANCED", unknownPrice));
  expect(calls.filter((call) => !isReading(call))).toEqual([]);
  expect(result).toMatchObject({ effects: [], charge: { dueNowCents: 718_800, nextAmountCents: 718_800 } });
  await billed.subscribed();
  const known = await callsDuring(() => dryRun(account, "STANDARD"));
  expect(known.calls).toContain(PREVIEW);
  expect(known.result).toMatchObject({ effects: [], charge: { dueNowCents: 5_900, nextAmountCents: 5_900 } });
  expect(known.calls.filter((call) => !isReading(call))).toEqual([]);
  expect(await account.read()).toMatchObject({ plan: { code: "STARTER" }, paymentMethod: null });
});

test("the dry run gives the same refusals as the mutation does before its payment", async () => {
  const account = await billed.subscribed();
  const mutation = async (planCode: string, rest = "") => {
    const { data } = await account.owner.ask(
      `mutation { changePlan(input: { organizationId: "${account.id}", planCode: "${planCode}"${rest} }) { __typename ... on Refusal { code message } } }`,
    );
    return data.changePlan;
  };
  for (const plan of ["ENTERPRISE", "STANDARD", "NO_SUCH"])
    expect(await dryRun(account, plan)).toEqual(await mutation(plan));
  stripe.addItem(account.subscription);
  expect(await dryRun(account, "STANDARD", ANNUALLY)).toEqual(await mutation("STANDARD", ANNUALLY));
  stripe.change(account.subscription, { isCollectionPaused: true });
  const paused = await dryRun(account, "ADVANCED");
  expect(paused).toMatchObject({ __typename: "Refusal", code: "PAYMENT_REQUIRED" });
  expect(paused).toEqual(await mutation("ADVANCED"));
});

test("a dry run does not replace a customer that Stripe deleted, and announces the event that replacing it writes", async () => {
  const account = await billed.subscribed();
  const typesOf = () =>
    billed.service.app.services.database.dataSource.query(
      "SELECT type FROM organization_event WHERE organization_id = $1 ORDER BY sequence",
      [account.id],
    );
  const before = await typesOf();
  stripe.deleteCustomer(account.customer);
  const { result, calls } = await callsDuring(() => dryRun(account, "ADVANCED"));
  expect(calls.filter((call) => !isReading(call))).toEqual([]);
  expect(result).toMatchObject({ charge: { dueNowCents: 59_900 } });
  expect(await typesOf()).toEqual(before);
  await account.changePlan("ADVANCED");
  const written = (await typesOf()).slice(before.length);
  expect(result.effects.map(({ type }: { type: string }) => ({ type }))).toEqual(written);
  expect(written.at(-1)).toEqual({ type: "subscription.customer_replaced" });
  await until(() => billed.isIdle());
  stripe.refusals.splice(0);
});

test("while Stripe is slow, a dry run holds no lock", async () => {
  const account = await billed.subscribed();
  await until(() => billed.isIdle());
  const { reached, release } = stripe.hold(PREVIEW);
  const running = dryRun(account, "ADVANCED");
  await reached;
  const { data } = await account.owner.ask(
    `mutation { updateOrganization(input: { organizationId: "${account.id}", name: "Meanwhile" }) { __typename } }`,
  );
  expect(data.updateOrganization.__typename).toBe("UpdateOrganizationSuccess");
  release();
  expect(await running).toMatchObject({
    effects: [{ type: "subscription.plan_changed" }, { type: "organization.limits_changed" }],
  });
});

test("deleting an organization that is billed queues no job in a dry run", async () => {
  const account = await billed.subscribed();
  const { owner, id } = account;
  const { calls } = await callsDuring(async () => {
    const { data } = await owner.ask(
      `{ dryRun(mutation: { deleteOrganization: { organizationId: "${id}", confirmName: "Acme" } }) { ... on DryRunSuccess { effects { type } memberLimit { used } } } }`,
    );
    expect(data.dryRun).toEqual({ effects: [{ type: "organization.deleted" }], memberLimit: null });
    await until(() => billed.isIdle());
  });
  expect(calls).toEqual([]);
  expect(stripe.endsWithPeriod(account.subscription)).toBe(false);
});

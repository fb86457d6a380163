import { arrangePayment } from "../../src/commands/subscription/arrange-payment";
import { planOf } from "../../src/domain/plan";
import { sweepSubscriptions } from "../../src/jobs/sweep";
import { sweepBilling } from "../../src/jobs/sync-billing";
import { BilledService, until } from "../support/billed-service";
import { outcomeOf } from "../support/world";

let billed: BilledService;
let stripe: BilledService["stripe"];
beforeAll(async () => {
  billed = await BilledService.start();
  stripe = billed.stripe;
});
afterAll(() => billed.stop());

const services = () => billed.service.app.services;
const idle = () => billed.isIdle();

test("deleting an organization closes its open checkouts", async () => {
  const { account, checkoutUrl } = await billed.checkout();
  expect(stripe.isOpen(checkoutUrl)).toBe(true);
  await account.delete();
  await until(() => !stripe.isOpen(checkoutUrl));
  await until(idle);
});

test("a paid organization is not billed after its period, and gets no refund", async () => {
  const account = await billed.subscribed();
  await account.delete();
  await until(() => stripe.endsWithPeriod(account.subscription));
  await until(idle);
  expect([stripe.statusOf(account.subscription), stripe.creditNotesOf(account.subscription)]).toEqual(["active", []]);
});

test("a cancellation that is undone in the portal after the deletion is repeated", async () => {
  const account = await billed.subscribed();
  await account.delete();
  await until(() => stripe.endsWithPeriod(account.subscription));
  await until(idle);
  stripe.change(account.subscription, { cancelAtPeriodEnd: false });
  await billed.reportUpdate(account);
  await until(() => stripe.endsWithPeriod(account.subscription));
  await until(idle);
  stripe.change(account.subscription, { cancelAtPeriodEnd: false });
  await sweepBilling(services());
  await until(() => stripe.endsWithPeriod(account.subscription));
  await until(idle);
});

test("a change that was accepted before the deletion opens no checkout after it", async () => {
  const [fresh, paying] = [await billed.account(), await billed.subscribed()];
  for (const account of [fresh, paying]) {
    await account.delete();
    await until(idle);
    const calls = stripe.calls.length;
    const change = { organizationId: account.id, plan: planOf("ADVANCED"), billingInterval: null };
    const arranged = arrangePayment(services(), { name: "Olga", email: null }, change, "attempt");
    expect(await outcomeOf(arranged)).toBe("NOT_FOUND");
    expect(stripe.calls.length).toBe(calls);
  }
});

test("the job that renews periods does not change subscriptions at the provider", async () => {
  const account = await billed.subscribed();
  await until(idle);
  const later = new Date(Date.now() + 400 * 24 * 3600 * 1000);
  const before = await account.read();
  await sweepSubscriptions({ ...services(), clock: { now: () => later } });
  const text = "SELECT current_period_end AS ends FROM organization_subscription WHERE organization_id = $1";
  const [{ ends }] = await services().database.dataSource.query(text, [account.id]);
  expect(ends.getTime()).toBeLessThan(later.getTime());
  expect(await account.read()).toEqual(before);
});

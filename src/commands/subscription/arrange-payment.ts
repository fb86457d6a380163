import type { OrganizationSubscription } from "../../../entities/organization-subscription";
import type { ProviderAccount, ProviderSubscription } from "../../domain/billing";
import { Denied, notFound } from "../../domain/denial";
import { type BillingInterval, isAtOnce, type Plan } from "../../domain/plan";
import { Refused } from "../../domain/refusal";
import {
  type Billing,
  BillingImpossible,
  CustomerGone,
  type Order,
  PaymentDeclined,
} from "../../integrations/stripe/billing";
import { databaseTime, queueBillingSync } from "../../store/billing-events";
import { BillingLockTimeout, withBillingLock } from "../../store/billing-lock";
import { refusedSubscriptions } from "../../store/refused-subscription";
import { isOrganizationDeleted } from "../../store/subscription";
import { subscriptionsOf } from "../../store/views/subscriptions";
import type { Services } from "../runner/unit-of-work";
import { type Payer, withCustomer } from "./provider-customer";

/** When a job looks what became of an upgrade; it waits for one that is still on its way. */
const UPGRADE_MS = 30_000;
const RETRY_SECONDS = 5;
const WRITE_TO_US = "write to us to change it.";

/** What was arranged before a plan changes: nothing, a page to pay on, or the payment itself, done at a moment. */
export type Payment = { kind: "none" } | { kind: "checkout"; url: string } | { kind: "paid"; at: Date };

/** What somebody wants to have, and to pay for. */
interface PlanChange {
  organizationId: string;
  plan: Plan;
  billingInterval: BillingInterval | null;
}

/**
 * Has an upgrade paid, outside any transaction: by the card on file, at once, or on a page of the provider where there
 * is none yet. Without a provider billing is manual and nothing is to be arranged. Refuses PAYMENT_REQUIRED, and throws
 * RATE_LIMITED where another change is still on its way.
 */
export async function arrangePayment(
  services: Services,
  payer: Payer,
  change: PlanChange,
  idempotencyKey: string,
): Promise<Payment> {
  const { billing } = services.integrations;
  if (!billing) return { kind: "none" };
  if (!(await requiresPayment(services, change))) {
    await assertBillableNext(services, billing, change);
    return { kind: "none" };
  }
  const pay = () => payPlanChange(services, billing, payer, change, idempotencyKey);
  return await withBillingLock(services.database, change.organizationId, pay).catch((error: unknown) => {
    if (!(error instanceof BillingLockTimeout)) throw error;
    throw new Denied("RATE_LIMITED", "Another change of the plan is on its way. Try again in a moment.", RETRY_SECONDS);
  });
}

async function payPlanChange(
  services: Services,
  billing: Billing,
  payer: Payer,
  change: PlanChange,
  idempotencyKey: string,
): Promise<Payment> {
  const { organizationId } = change;
  // Asked again once nobody else changes anything at the provider: a deletion closes what is open there, once.
  if (await isOrganizationDeleted(services.database, organizationId)) throw notFound("organization");
  const found = await requiresPayment(services, change);
  if (!found) return { kind: "none" };
  const { subscription, order } = found;
  return await withCustomer(services, billing, subscription, payer, async (customerId) => {
    // A first payment that no event has told of yet must not lead to a second one, nor an end to a failure.
    const account = await billing.readAccount(customerId);
    if (account.isGone) throw new CustomerGone(customerId);
    const billed = await billedSubscription(services, organizationId, account);
    if (billed) return await payOnFile(services, billing, billed, { organizationId, order }, idempotencyKey);
    const page = `${services.integrations.appUrl}/organizations/${organizationId}/subscription`;
    return { kind: "checkout", url: await billing.openCheckout(customerId, order, page) };
  });
}

/** What the provider bills now; what is refused, because it was paid for while the organization was deleted, does not count. */
async function billedSubscription({ database }: Services, organizationId: string, { subscriptions }: ProviderAccount) {
  const refused = await refusedSubscriptions(database, organizationId);
  return subscriptions.find(({ id }) => !refused.some((each) => each.providerSubscriptionId === id));
}

async function payOnFile(
  { database }: Services,
  billing: Billing,
  { id, isCollectionPaused }: ProviderSubscription,
  { organizationId, order }: { organizationId: string; order: Order },
  idempotencyKey: string,
): Promise<Payment> {
  // The invoice of an upgrade would not be collected either.
  if (isCollectionPaused) throw new Refused("PAYMENT_REQUIRED", `Payments are not collected for now: ${WRITE_TO_US}`);
  // An upgrade lets go of what was scheduled. Noted before, or whoever looks in between takes it for called off; and if
  // this process does not live to see the upgrade fail, what was scheduled is told again.
  await queueBillingSync(database, organizationId, UPGRADE_MS);
  // From here on money may have moved, whatever becomes of the rest.
  database.beginCommit();
  await upgrade(billing, id, order, idempotencyKey).catch(async (error: unknown) => {
    await queueBillingSync(database, organizationId);
    throw error;
  });
  return { kind: "paid", at: await databaseTime(database) };
}

/** The order that has to be paid for a wish, with what there is now; null where there is nothing to pay. */
async function requiresPayment({ database }: Services, { organizationId, plan, billingInterval }: PlanChange) {
  const [subscription] = await subscriptionsOf(database, [organizationId]);
  if (!subscription) return null;
  const order = { plan, billingInterval: billingInterval ?? subscription.billingInterval };
  return orderRequiresPayment(subscription, order) ? { subscription, order } : null;
}

function orderRequiresPayment(subscription: OrganizationSubscription, { plan, billingInterval }: Order): boolean {
  const { planCode, providerSubscriptionId } = subscription;
  if (plan.code === planCode && billingInterval === subscription.billingInterval) return false;
  if (plan.monthlyPriceCents === 0) return false;
  const atOnce = isAtOnce(subscription, { planCode: plan.code, billingInterval });
  if (plan.monthlyPriceCents === null || (!atOnce && !providerSubscriptionId)) {
    const what = plan.monthlyPriceCents === null ? plan.name : "A plan that was arranged";
    throw new Refused("PAYMENT_REQUIRED", `${what} is by arrangement: ${WRITE_TO_US}`);
  }
  return atOnce;
}

/** Refuses what the provider could not bill when its time comes. */
async function assertBillableNext({ database }: Services, billing: Billing, change: PlanChange): Promise<void> {
  const [subscription] = await subscriptionsOf(database, [change.organizationId]);
  const { plan, billingInterval } = change;
  if (!subscription?.providerSubscriptionId || !plan.monthlyPriceCents) return;
  if (!billingInterval || billingInterval === subscription.billingInterval) return;
  await billing.assertBillable(subscription.providerSubscriptionId, { plan, billingInterval }).catch(refuseImpossible);
}

function refuseImpossible(error: unknown): never {
  if (error instanceof BillingImpossible) throw new Refused("PAYMENT_REQUIRED", error.message);
  throw error;
}

async function upgrade(billing: Billing, id: string, order: Order, idempotencyKey: string) {
  try {
    await billing.upgrade(id, order, idempotencyKey).catch(refuseImpossible);
  } catch (error) {
    if (!(error instanceof PaymentDeclined)) throw error;
    const message = `The card on file was declined: ${error.message} Change it in the billing portal and try again.`;
    throw new Refused("PAYMENT_REQUIRED", message);
  }
}

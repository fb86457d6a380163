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
import { databaseTime, queueBillingSync, startBillingSync } from "../../store/billing-events";
import { BillingLockTimeout, withBillingLock } from "../../store/billing-lock";
import { Deadline } from "../../store/engine/deadline";
import { refusedSubscriptions, refuseSubscriptions } from "../../store/refused-subscription";
import { isOrganizationDeleted } from "../../store/subscription";
import { subscriptionsOf } from "../../store/views/subscriptions";
import { changeOrganization } from "../runner/run";
import type { Services } from "../runner/unit-of-work";
import { type Payer, withCustomer } from "./provider-customer";

/** How long after an upgrade starts a job checks its result; the job waits for an upgrade that still runs. */
const UPGRADE_CHECK_MS = 30_000;
const RETRY_SECONDS = 5;
/** How long it may take to refuse a payment for a deleted organization, in milliseconds. */
const REFUSAL_MS = 30_000;
const CONTACT_US = "please contact us to change it.";

/**
 * The payment for a plan change: manual without a provider, none while nothing is due, a checkout page to pay on, or
 * paid at a time (database clock).
 */
export type Payment =
  | { kind: "manual" }
  | { kind: "none" }
  | { kind: "checkout"; url: string }
  | { kind: "paid"; at: Date };

/**
 * Throws RATE_LIMITED for a change at once whose payment was not due when it was arranged: the subscription has changed
 * since, for example ended at the provider. The retry arranges the payment.
 */
export function assertArranged({ kind }: Payment, plan: Plan): void {
  if (kind !== "none" || plan.monthlyPriceCents === 0) return;
  throw new Denied("RATE_LIMITED", "The subscription has just changed. Try again in a moment.", RETRY_SECONDS);
}

/** The plan change that a customer requests. */
export interface PlanChange {
  organizationId: string;
  plan: Plan;
  billingInterval: BillingInterval | null;
}

/**
 * Collects the payment for an upgrade, outside any transaction: from the card on file at once, or on a checkout page
 * if there is none. Without a provider billing is manual. Refuses PAYMENT_REQUIRED; throws RATE_LIMITED while another
 * plan change runs.
 */
export async function arrangePayment(
  services: Services,
  payer: Payer,
  change: PlanChange,
  idempotencyKey: string,
): Promise<Payment> {
  const { billing } = services.integrations;
  if (!billing) return { kind: "manual" };
  if (!(await orderToPay(services, change))) {
    await assertBillableNext(services, billing, change);
    return { kind: "none" };
  }
  const pay = () => payPlanChange(services, billing, payer, change, idempotencyKey);
  return await withBillingLock(services.database, change.organizationId, pay).catch((error: unknown) => {
    if (!(error instanceof BillingLockTimeout)) throw error;
    throw new Denied("RATE_LIMITED", "Another plan change is in progress. Try again in a moment.", RETRY_SECONDS);
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
  // Checked again under the billing lock: a deletion closes open checkouts once, and must not miss this one.
  if (await isOrganizationDeleted(services.database, organizationId)) throw notFound("organization");
  const due = await orderToPay(services, change);
  if (!due) return { kind: "none" };
  const { subscription, order } = due;
  return await withCustomer(services, billing, subscription, payer, async (customerId) => {
    // The provider's event of a first payment, or of the end of a subscription, may not have arrived yet. The account
    // is read so that nobody pays twice and a new subscription does not fail.
    const account = await billing.readAccount(customerId);
    if (account.isGone) throw new CustomerGone(customerId);
    const billed = await billedSubscription(services, organizationId, account);
    if (billed) return await payOnFile(services, billing, billed, { organizationId, order }, idempotencyKey);
    const page = `${services.integrations.appUrl}/organizations/${organizationId}/subscription`;
    return { kind: "checkout", url: await billing.openCheckout(customerId, order, page) };
  });
}

/** The subscription that the provider bills now, without those refused because the organization was deleted. */
export async function billedSubscription(
  { database }: Services,
  organizationId: string,
  { subscriptions }: ProviderAccount,
) {
  const refused = await refusedSubscriptions(database, organizationId);
  return subscriptions.find(({ id }) => !refused.some((each) => each.providerSubscriptionId === id));
}

async function payOnFile(
  services: Services,
  billing: Billing,
  { id, isCollectionPaused }: ProviderSubscription,
  { organizationId, order }: { organizationId: string; order: Order },
  idempotencyKey: string,
): Promise<Payment> {
  const { database } = services;
  assertCollects(isCollectionPaused);
  const since = await databaseTime(database);
  // An upgrade drops the scheduled change at the provider. The sync is queued first: a reader in between must not take
  // the change for canceled, and if this process dies and the upgrade fails, the job schedules the change again.
  await queueBillingSync(database, organizationId, UPGRADE_CHECK_MS);
  // From here on the customer may have paid, even if the rest fails.
  database.beginCommit();
  await upgrade(billing, id, order, idempotencyKey).catch(async (error: unknown) => {
    await queueBillingSync(database, organizationId);
    throw error;
  });
  await refuseIfDeleted(services, organizationId, id, since);
  return { kind: "paid", at: await databaseTime(database) };
}

/**
 * Refuses the subscription if the organization was deleted during the payment: a job cancels it and refunds what was
 * paid since `since`. The request's deadline may have passed, so this has its own.
 */
async function refuseIfDeleted(services: Services, organizationId: string, id: string, since: Date): Promise<void> {
  const deadline = new Deadline(REFUSAL_MS);
  const database = services.database.withDeadline(deadline);
  const refuse = async () => {
    if (!(await isOrganizationDeleted(database, organizationId))) return;
    await changeOrganization({ ...services, database }, organizationId, async (unit) => {
      const { transaction, organization, now, enqueue } = unit;
      if (!organization.deletedAt) return;
      await refuseSubscriptions(transaction, organizationId, [id], { now, returnsSince: since });
      enqueue(await startBillingSync(transaction, organizationId));
    });
  };
  await deadline.limit(refuse());
}

/** While collection is paused, the provider would not collect an upgrade's invoice either. Refuses PAYMENT_REQUIRED. */
export function assertCollects(isCollectionPaused: boolean): void {
  if (isCollectionPaused) throw new Refused("PAYMENT_REQUIRED", `Payment collection is paused: ${CONTACT_US}`);
}

/** The order to pay for a plan change, with the current subscription; null if there is nothing to pay. */
export async function orderToPay({ database }: Services, { organizationId, plan, billingInterval }: PlanChange) {
  const [subscription] = await subscriptionsOf(database, [organizationId]);
  if (!subscription) return null;
  const order = { plan, billingInterval: billingInterval ?? subscription.billingInterval };
  return requiresPayment(subscription, order) ? { subscription, order } : null;
}

function requiresPayment(subscription: OrganizationSubscription, { plan, billingInterval }: Order): boolean {
  const { planCode, providerSubscriptionId } = subscription;
  if (plan.code === planCode && billingInterval === subscription.billingInterval) return false;
  if (plan.monthlyPriceCents === 0) return false;
  const atOnce = isAtOnce(subscription, { planCode: plan.code, billingInterval });
  if (plan.monthlyPriceCents === null || (!atOnce && !providerSubscriptionId)) {
    const name = plan.monthlyPriceCents === null ? plan.name : "A custom plan";
    throw new Refused("PAYMENT_REQUIRED", `${name} is billed by arrangement: ${CONTACT_US}`);
  }
  return atOnce;
}

/** Refuses PAYMENT_REQUIRED for a scheduled change that the provider could not bill. */
export async function assertBillableNext({ database }: Services, billing: Billing, change: PlanChange): Promise<void> {
  const [subscription] = await subscriptionsOf(database, [change.organizationId]);
  const { plan, billingInterval } = change;
  if (!subscription?.providerSubscriptionId || !plan.monthlyPriceCents) return;
  if (!billingInterval || billingInterval === subscription.billingInterval) return;
  await billing.assertBillable(subscription.providerSubscriptionId, { plan, billingInterval }).catch(refuseImpossible);
}

/** Refuses PAYMENT_REQUIRED for an order that the provider cannot bill; rethrows any other error. */
export function refuseImpossible(error: unknown): never {
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

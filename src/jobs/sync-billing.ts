import type { Services } from "../commands/runner/unit-of-work";
import { readBilling } from "../commands/subscription/read-billing";
import { FIRST_PLAN_CODE, storedPlan } from "../domain/plan";
import { type Billing, CustomerGone } from "../integrations/stripe/billing";
import { databaseTime, queueBillingPull, queueBillingSync } from "../store/billing-events";
import { withBillingLock } from "../store/billing-lock";
import type { Reader } from "../store/engine/statement";
import type { JobPayload } from "../store/jobs";
import { billedOrganizations, isOrganizationDeleted, subscriptionOf, updateSubscription } from "../store/subscription";
import { subscriptionsOf } from "../store/views/subscriptions";
import { changeUnlessPurged, unlessPurged } from "./change-unless-purged";
import { refundPayments } from "./refund-payments";

const BATCH = 500;
const FIRST_ID = "00000000-0000-0000-0000-000000000000";

/** Reads and applies an organization's state at the payment provider, and refunds subscriptions that were refused. */
export async function pullBilling(services: Services, { organizationId }: JobPayload<"pull-billing">): Promise<void> {
  const { billing } = services.integrations;
  if (!billing) return;
  await unlessPurged(readBilling(services, organizationId));
  await refundPayments(services, billing, organizationId);
}

/** Updates the next bill at the payment provider, under the billing lock. */
export async function pushBilling(services: Services, payload: JobPayload<"push-billing">): Promise<void> {
  const { database } = services;
  const [subscription] = await subscriptionsOf(database, [payload.organizationId]);
  if (subscription) await withBillingLock(database, payload.organizationId, () => syncNextOrder(services, payload));
}

/**
 * Sets the order that the payment provider bills from the next period on: the scheduled plan, otherwise the current
 * one, and none for a deleted organization. Reads the provider's state first, so that it does not undo an upgrade that
 * was paid but is not recorded here.
 */
async function syncNextOrder(services: Services, { organizationId }: JobPayload<"push-billing">): Promise<void> {
  const { billing } = services.integrations;
  if (!billing) return;
  await closeCheckouts(services, billing, organizationId);
  await pullBilling(services, { organizationId });
  const target = await nextOrder(services.database, organizationId);
  if (!target?.isPending) return;
  if (target.id) await billing.billNext(target.id, target.order, `${organizationId}:${target.revision}`);
  await changeUnlessPurged(services, organizationId, async ({ transaction }) => {
    await subscriptionOf(transaction, organizationId);
    const current = await nextOrder(transaction, organizationId);
    const isSame = JSON.stringify(current) === JSON.stringify(target);
    // A report requested before this moment may show a half updated bill, so it must be ignored.
    const providerReadAt = await databaseTime(transaction);
    if (isSame) await updateSubscription(transaction, organizationId, { syncPending: false, providerReadAt });
    else await queueBillingSync(transaction, organizationId);
  });
  // A deleted organization keeps its plan here, and its next event triggers a read anyway.
  const needsPull = target.id && !(await isOrganizationDeleted(services.database, organizationId));
  if (needsPull) await queueBillingPull(services.database, organizationId);
}

/** Closes the open checkout pages of a deleted organization, so that nobody pays for it. */
async function closeCheckouts({ database }: Services, billing: Billing, organizationId: string): Promise<void> {
  if (!(await isOrganizationDeleted(database, organizationId))) return;
  const [subscription] = await subscriptionsOf(database, [organizationId]);
  if (!subscription?.providerCustomerId) return;
  await billing.closeCheckouts(subscription.providerCustomerId).catch((error: unknown) => {
    if (!(error instanceof CustomerGone)) throw error;
  });
}

/**
 * The order that the provider must bill next, and whether it has yet to be sent; `id` is null if the provider bills
 * nothing.
 */
async function nextOrder(reader: Reader, organizationId: string) {
  const [subscription] = await subscriptionsOf(reader, [organizationId]);
  if (!subscription) return undefined;
  const { planCode, billingInterval, scheduledPlanCode, scheduledInterval } = subscription;
  const next = (await isOrganizationDeleted(reader, organizationId))
    ? FIRST_PLAN_CODE
    : (scheduledPlanCode ?? planCode);
  const order = { plan: storedPlan(next), billingInterval: scheduledInterval ?? billingInterval };
  return {
    id: subscription.providerSubscriptionId,
    order: next === FIRST_PLAN_CODE ? null : order,
    isPending: subscription.syncPending,
    revision: subscription.syncRevision,
  };
}

/**
 * Compares all accounts with the payment provider every hour, and repairs differences that a lost event or job left.
 * Sends deletions again each time, because a customer may have paid or resumed since.
 */
export async function sweepBilling(services: Services): Promise<void> {
  if (!services.integrations.billing) return;
  for (let after = FIRST_ID; ; ) {
    const found = await billedOrganizations(services.database, after, BATCH);
    for (const { id, needsSync } of found) {
      await (needsSync ? queueBillingSync : queueBillingPull)(services.database, id);
    }
    if (found.length < BATCH) return;
    after = found.at(-1)?.id ?? after;
  }
}

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

/** Reads an organization's state at the payment provider, follows it, and gives back what must not have been paid. */
export async function pullBilling(services: Services, { organizationId }: JobPayload<"pull-billing">): Promise<void> {
  const { billing } = services.integrations;
  if (!billing) return;
  await unlessPurged(readBilling(services, organizationId));
  await refundPayments(services, billing, organizationId);
}

/** Tells the payment provider what is to be billed next, once nobody else is changing it there. */
export async function pushBilling(services: Services, payload: JobPayload<"push-billing">): Promise<void> {
  const { database } = services;
  const [subscription] = await subscriptionsOf(database, [payload.organizationId]);
  if (subscription) await withBillingLock(database, payload.organizationId, () => syncNextOrder(services, payload));
}

/**
 * Tells the payment provider what to bill from the next period on: the scheduled plan, or the one that there is; nothing
 * more for an organization that is deleted. What it bills now is read before, so that an upgrade that was paid and lost
 * is not undone.
 */
async function syncNextOrder(services: Services, { organizationId }: JobPayload<"push-billing">): Promise<void> {
  const { billing } = services.integrations;
  if (!billing) return;
  await closeCheckouts(services, billing, organizationId);
  await pullBilling(services, { organizationId });
  const wanted = await nextOrder(services.database, organizationId);
  if (!wanted?.isBehind) return;
  if (wanted.id) await billing.billNext(wanted.id, wanted.order, `${organizationId}:${wanted.count}`);
  await changeUnlessPurged(services, organizationId, async ({ transaction }) => {
    const { id } = await subscriptionOf(transaction, organizationId);
    const now = await nextOrder(transaction, organizationId);
    const isSame = JSON.stringify(now) === JSON.stringify(wanted);
    // What was read while it was being told is half of it.
    const providerReadAt = await databaseTime(transaction);
    if (isSame) await updateSubscription(transaction, id, { syncPending: false, providerReadAt });
    else await queueBillingSync(transaction, organizationId);
  });
  // What a deleted organization is to show does not follow from what it was told; its next event is read all the same.
  const isRead = wanted.id && !(await isOrganizationDeleted(services.database, organizationId));
  if (isRead) await queueBillingPull(services.database, organizationId);
}

/** Nobody is to pay for what is deleted, on a page that was opened before. */
async function closeCheckouts({ database }: Services, billing: Billing, organizationId: string): Promise<void> {
  if (!(await isOrganizationDeleted(database, organizationId))) return;
  const [subscription] = await subscriptionsOf(database, [organizationId]);
  if (!subscription?.providerCustomerId) return;
  await billing.closeCheckouts(subscription.providerCustomerId).catch((error: unknown) => {
    if (!(error instanceof CustomerGone)) throw error;
  });
}

/** What the provider is to bill next, and whether it has still to be told; without an id where it bills nothing. */
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
    isBehind: subscription.syncPending,
    count: subscription.syncRevision,
  };
}

/**
 * Compares every organization that the provider knows with its state there, and repairs what an event or a job should
 * have done and did not: what the provider was not told is told again, and so is every deletion, because whatever was
 * paid or taken back since must not be billed on.
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

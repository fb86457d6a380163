import { createHash } from "node:crypto";
import { followBilling } from "../commands/follow-billing";
import { changeOrganization } from "../commands/run";
import type { Services } from "../commands/scope";
import { Denied } from "../domain/denial";
import { FIRST_PLAN_CODE, storedPlan } from "../domain/plan";
import { queueBillingPull } from "../store/billing-events";
import { billedOrganizations, subscriptionOf, updateSubscription } from "../store/subscription";
import { subscriptionsOf } from "../store/views/subscriptions";

interface Payload {
  organizationId: string;
}

const BATCH = 500;
const FIRST_ID = "00000000-0000-0000-0000-000000000000";

/** Reads an organization's state at the payment provider, and follows it. */
export async function pullBilling(services: Services, { organizationId }: Payload): Promise<void> {
  const { billing } = services.outside;
  const [subscription] = await subscriptionsOf(services.database, [organizationId]);
  if (!billing || !subscription?.providerCustomerId) return;
  // Before it is asked: whatever comes up meanwhile is newer than this answer.
  const askedAt = new Date();
  const account = await billing.readAccount(subscription.providerCustomerId);
  await unlessPurged(changeOrganization(services, organizationId, (scope) => followBilling(scope, account, askedAt)));
}

/** Tells the payment provider what to bill from the next period on: the scheduled plan, or the one that there is. */
export async function pushBilling(services: Services, { organizationId }: Payload): Promise<void> {
  const { billing } = services.outside;
  const [subscription] = await subscriptionsOf(services.database, [organizationId]);
  if (!billing || !subscription?.providerSubscriptionId || !subscription.providerIsBehind) return;
  const { providerSubscriptionId, planCode, billingInterval, scheduledPlanCode, scheduledInterval } = subscription;
  const next = scheduledPlanCode ?? planCode;
  const order = { plan: storedPlan(next), billingInterval: scheduledInterval ?? billingInterval };
  const parts = [providerSubscriptionId, next, order.billingInterval, subscription.providerReadAt?.toISOString()];
  const key = createHash("sha256").update(JSON.stringify(parts)).digest("hex");
  await billing.billNext(providerSubscriptionId, next === FIRST_PLAN_CODE ? null : order, `next:${key}`);
  await unlessPurged(
    changeOrganization(services, organizationId, async ({ transaction }) => {
      const now = await subscriptionOf(transaction, organizationId);
      const isSame = now.scheduledPlanCode === scheduledPlanCode && now.scheduledInterval === scheduledInterval;
      if (isSame) await updateSubscription(transaction, now.id, { providerIsBehind: false });
    }),
  );
  await queueBillingPull(services.database, organizationId);
}

/** Reads every paying organization's state again: what an event should have told and did not is mended by it. */
export async function sweepBilling(services: Services): Promise<void> {
  if (!services.outside.billing) return;
  for (let after = FIRST_ID; ; ) {
    const ids = await billedOrganizations(services.database, after, BATCH);
    for (const id of ids) await queueBillingPull(services.database, id);
    if (ids.length < BATCH) return;
    after = ids.at(-1) ?? after;
  }
}

async function unlessPurged(change: Promise<unknown>): Promise<void> {
  await change.catch((error: unknown) => {
    if (!(error instanceof Denied)) throw error;
  });
}

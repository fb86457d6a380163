import {
  applyProviderAccount,
  type BilledState,
  type ProviderAccount,
  type ProviderSubscription,
} from "../../domain/billing";
import { isUpgrade, storedPlan } from "../../domain/plan";
import { queueBillingSync } from "../../store/billing-events";
import { refusedSubscriptions, refuseSubscriptions } from "../../store/refused-subscription";
import { subscriptionOf, updateSubscription } from "../../store/subscription";
import type { OrganizationUnitOfWork } from "../runner/unit-of-work";
import { limitsExceeded, notifyOverLimits } from "./notify-over-limits";

/**
 * Makes an organization's subscription what the payment provider says, as it was asked at a moment. The newest state
 * wins: what was asked earlier than what is kept is left.
 */
export async function applyBilling(
  unit: OrganizationUnitOfWork,
  account: ProviderAccount,
  askedAt: Date,
): Promise<void> {
  const { transaction, organization, record } = unit;
  const before = await subscriptionOf(transaction, organization.id);
  if (before.providerReadAt && before.providerReadAt >= askedAt) return;
  const subscription = await acceptedSubscription(unit, before, account);
  const { paymentMethod } = account;
  // What is deleted ends at the provider with its period, and goes on as it was when it is restored.
  const keepsSchedule = before.syncPending || organization.deletedAt !== null;
  const followed = applyProviderAccount(before, { subscription, paymentMethod }, keepsSchedule);
  const after = { ...followed, providerReadAt: askedAt };
  const { id, organizationId: _, ...patch } = after;
  await updateSubscription(transaction, id, patch);
  // Somebody may have taken the cancellation back in the provider's portal, which knows nothing of the deletion.
  const goesOn = organization.deletedAt !== null && subscription !== null && !subscription.endsWithPeriod;
  if (goesOn && !before.syncPending) await queueBillingSync(transaction, organization.id);
  const told = (type: Told, summary: string) =>
    record({
      type: `subscription.${type}`,
      subjectId: id,
      summary,
      data: {
        before: { planCode: before.planCode, status: before.status, scheduledPlanCode: before.scheduledPlanCode },
        after: { planCode: after.planCode, status: after.status, scheduledPlanCode: after.scheduledPlanCode },
      },
    });
  if (after.planCode !== before.planCode) told("plan_changed", `The plan is now ${storedPlan(after.planCode).name}.`);
  if (after.scheduledPlanCode && after.scheduledPlanCode !== before.scheduledPlanCode) {
    const { name } = storedPlan(after.scheduledPlanCode);
    told("downgrade_scheduled", `The plan changes to ${name} when the period ends.`);
  }
  const staysAsItIs = after.planCode === before.planCode && after.billingInterval === before.billingInterval;
  if (staysAsItIs && before.scheduledPlanCode && !after.scheduledPlanCode) {
    told("schedule_canceled", "The scheduled change of plan was called off at the payment provider.");
  }
  await notifyOfLimits(unit, before, after);
  if (after.status === before.status) return;
  if (after.status === "PAST_DUE")
    told("payment_failed", subscription?.isCollectionPaused ? PAUSED : "The last payment failed.");
  else if (before.status === "PAST_DUE") told("recovered", "The subscription is paid for again.");
}

type Told = "plan_changed" | "payment_failed" | "recovered" | "downgrade_scheduled" | "schedule_canceled";

const PAUSED = "The payment provider collects no payments for now.";

/**
 * The provider's subscription that counts: the newest that was not refused. Once an organization is deleted, only the one
 * that it had counts. What was paid for after the deletion, or before it and is heard of after it, is refused for good:
 * that decision stands, and is settled, even where the organization is restored a moment later.
 */
async function acceptedSubscription(
  { transaction, organization, now }: OrganizationUnitOfWork,
  { providerSubscriptionId }: { providerSubscriptionId: string | null },
  { subscriptions }: ProviderAccount,
): Promise<ProviderSubscription | null> {
  const refused = await refusedSubscriptions(transaction, organization.id);
  const others = subscriptions.filter(({ id }) => !refused.some((each) => each.providerSubscriptionId === id));
  if (!organization.deletedAt) return others[0] ?? null;
  const { deletedAt } = organization;
  const known = others.find(({ id }) => id === providerSubscriptionId) ?? null;
  const unknown = others.flatMap(({ id }) => (id === providerSubscriptionId ? [] : [id]));
  await refuseSubscriptions(transaction, organization.id, unknown, { now, returnsSince: null });
  // Where it could not be told in time that it ends, the provider began a period that nobody asked for.
  if (!known || known.periodStart <= deletedAt) return known;
  await refuseSubscriptions(transaction, organization.id, [known.id], { now, returnsSince: deletedAt });
  return null;
}

/** The provider stops billing whether or not the smaller plan fits: its portal knows no limits of ours. */
async function notifyOfLimits(unit: OrganizationUnitOfWork, before: BilledState, after: BilledState): Promise<void> {
  if (unit.organization.deletedAt) return;
  const { planCode, scheduledPlanCode } = after;
  const becameSmaller = planCode !== before.planCode && !isUpgrade(before.planCode, planCode);
  const willBecomeSmaller = scheduledPlanCode !== null && scheduledPlanCode !== before.scheduledPlanCode;
  if (becameSmaller) {
    const move = { from: before.planCode, to: planCode };
    await notifyOverLimits(unit, move, await limitsExceeded(unit, move), "smaller");
  } else if (willBecomeSmaller) {
    const move = { from: planCode, to: scheduledPlanCode };
    await notifyOverLimits(unit, move, await limitsExceeded(unit, move), "scheduled");
  }
}

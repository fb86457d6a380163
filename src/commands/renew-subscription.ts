import type { OrganizationSubscription } from "../../entities/organization-subscription";
import { blockersOf, periodEnd, storedPlan } from "../domain/plan";
import { countUse } from "../store/organization";
import { subscriptionOf, updateSubscription } from "../store/subscription";
import type { OrganizationScope } from "./scope";

/**
 * Starts the next period of a subscription whose period has ended, on the scheduled plan where there is one. Where the
 * organization has outgrown that plan meanwhile it keeps the one it has: nobody is thrown out by a calendar.
 */
export async function renewSubscription(scope: OrganizationScope): Promise<void> {
  const { transaction, organization, now, record } = scope;
  const before = await subscriptionOf(transaction, organization.id);
  if (before.currentPeriodEnd > now) return;
  const { planCode, billingInterval } = await nextPlan(scope, before);
  let currentPeriodStart = before.currentPeriodEnd;
  let currentPeriodEnd = periodEnd(before.startedAt, billingInterval, currentPeriodStart);
  while (currentPeriodEnd <= now) {
    currentPeriodStart = currentPeriodEnd;
    currentPeriodEnd = periodEnd(before.startedAt, billingInterval, currentPeriodStart);
  }
  const after = { planCode, billingInterval, currentPeriodStart, currentPeriodEnd };
  await updateSubscription(transaction, before.id, { ...after, scheduledPlanCode: null, scheduledInterval: null });
  const changed = planCode !== before.planCode;
  record({
    type: changed ? "subscription.plan_changed" : "subscription.renewed",
    subjectId: before.id,
    summary: changed
      ? `The plan is now ${storedPlan(planCode).name}.`
      : `The ${storedPlan(planCode).name} plan was renewed.`,
    data: {
      before: { planCode: before.planCode, scheduledPlanCode: before.scheduledPlanCode },
      after: {
        ...after,
        currentPeriodStart: currentPeriodStart.toISOString(),
        currentPeriodEnd: currentPeriodEnd.toISOString(),
      },
    },
  });
}

async function nextPlan({ transaction, organization, now }: OrganizationScope, subscription: OrganizationSubscription) {
  const { planCode, billingInterval, scheduledPlanCode, scheduledInterval } = subscription;
  if (!scheduledPlanCode) return { planCode, billingInterval };
  const scheduled = { planCode: scheduledPlanCode, billingInterval: scheduledInterval ?? billingInterval };
  if (scheduledPlanCode === planCode) return scheduled;
  const use = await countUse(transaction, organization.id, now);
  const seats = use.members + use.pending;
  const blockers = blockersOf(planCode, storedPlan(scheduledPlanCode), { seats, workspaces: use.workspaces }, false);
  return blockers.length > 0 ? { planCode, billingInterval } : scheduled;
}

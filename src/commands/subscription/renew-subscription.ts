import type { OrganizationSubscription } from "../../../entities/organization-subscription";
import { recordedTerms } from "../../domain/billing";
import { periodEnd, storedPlan, termsChanged } from "../../domain/plan";
import { subscriptionOf, updateSubscription } from "../../store/subscription";
import { subscriptionsOf } from "../../store/views/subscriptions";
import { changeOrganization } from "../runner/run";
import type { OrganizationUnitOfWork, Services } from "../runner/unit-of-work";
import { limitsExceeded, notifyOverLimits } from "./notify-over-limits";
import { recordPlanEffects } from "./record-plan-effects";

/**
 * Starts the next period of a subscription whose period has ended, on the scheduled plan if there is one. Growth is
 * already checked against the scheduled plan. If the organization still exceeds its limits (for example after an edit
 * of the catalogue), it keeps its plan and its Owners get a mail: nobody loses access because a date passed.
 */
export async function renewSubscription(unit: OrganizationUnitOfWork): Promise<void> {
  const { transaction, organization, now, record } = unit;
  const before = await subscriptionOf(transaction, organization.id);
  if (before.currentPeriodEnd > now) return;
  const { planCode, billingInterval } = await nextPlan(unit, before);
  let currentPeriodStart = before.currentPeriodEnd;
  let currentPeriodEnd = periodEnd(before.startedAt, billingInterval, currentPeriodStart);
  while (currentPeriodEnd <= now) {
    currentPeriodStart = currentPeriodEnd;
    currentPeriodEnd = periodEnd(before.startedAt, billingInterval, currentPeriodStart);
  }
  const renewed = { planCode, billingInterval, currentPeriodStart, currentPeriodEnd };
  const change = { ...renewed, scheduledPlanCode: null, scheduledInterval: null };
  await updateSubscription(transaction, organization.id, change);
  const hasOtherPlan = planCode !== before.planCode;
  const isChanged = hasOtherPlan || billingInterval !== before.billingInterval;
  const isDropped = before.scheduledPlanCode !== null && before.scheduledPlanCode !== planCode;
  record({
    type: hasOtherPlan ? "subscription.plan_changed" : "subscription.renewed",
    subjectId: before.id,
    summary: isChanged
      ? termsChanged(before, renewed)
      : `The ${storedPlan(planCode).name} plan was renewed${isDropped ? DROPPED : ""}.`,
    data: { before: recordedTerms(before), after: recordedTerms(before, change) },
  });
  await recordPlanEffects(unit, before, { ...before, ...change });
}

/** The subscription, renewed if it is due. */
export async function renewedSubscription(unit: OrganizationUnitOfWork): Promise<OrganizationSubscription> {
  const { transaction, organization, now } = unit;
  const subscription = await subscriptionOf(transaction, organization.id);
  if (!isDue(subscription, now)) return subscription;
  await renewSubscription(unit);
  return await subscriptionOf(transaction, organization.id);
}

/** Renews a subscription that is due in its own transaction, before a payment is arranged for the renewed plan. */
export async function renewIfDue(services: Services, organizationId: string): Promise<void> {
  const [subscription] = await subscriptionsOf(services.database, [organizationId]);
  if (!subscription || !isDue(subscription, services.clock.now())) return;
  await changeOrganization(services, organizationId, async (unit) => {
    if (!unit.organization.deletedAt) await renewedSubscription(unit);
  });
}

/** Whether the period has ended and no sweep has renewed it yet. The provider renews its own. */
function isDue({ providerSubscriptionId, currentPeriodEnd }: OrganizationSubscription, now: Date): boolean {
  return providerSubscriptionId === null && currentPeriodEnd <= now;
}

const DROPPED = ": the scheduled plan was dropped, because the organization exceeds its limits";

async function nextPlan(unit: OrganizationUnitOfWork, subscription: OrganizationSubscription) {
  const { planCode, billingInterval, scheduledPlanCode, scheduledInterval } = subscription;
  if (!scheduledPlanCode) return { planCode, billingInterval };
  const scheduled = { planCode: scheduledPlanCode, billingInterval: scheduledInterval ?? billingInterval };
  const move = { from: planCode, to: scheduledPlanCode };
  const exceeded = await limitsExceeded(unit, move);
  await notifyOverLimits(unit, move, exceeded, "dropped");
  return exceeded.length > 0 ? { planCode, billingInterval } : scheduled;
}

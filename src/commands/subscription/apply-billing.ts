import { isDeepStrictEqual } from "node:util";
import type { OrganizationSubscription } from "../../../entities/organization-subscription";
import {
  applyProviderAccount,
  type BilledState,
  billsUnrecordedUpgrade,
  droppedSchedule,
  type PaymentMethod,
  type ProviderAccount,
  type ProviderSubscription,
  recordedTerms,
} from "../../domain/billing";
import { isUpgrade, scheduledIntervalOf, storedPlan, termsChanged, termsScheduled } from "../../domain/plan";
import { startBillingSync } from "../../store/billing-events";
import { refusedSubscriptions, refuseSubscriptions } from "../../store/refused-subscription";
import { subscriptionOf, updateSubscription } from "../../store/subscription";
import type { OrganizationUnitOfWork } from "../runner/unit-of-work";
import { limitsExceeded, notifyOverLimits } from "./notify-over-limits";
import { recordPlanEffects } from "./record-plan-effects";

/**
 * Applies what the payment provider reported for a request sent at `requestedAt` (database time). The newest report
 * wins: an older one is ignored.
 */
export async function applyBilling(
  unit: OrganizationUnitOfWork,
  account: ProviderAccount,
  requestedAt: Date,
): Promise<void> {
  const { transaction, organization, enqueue } = unit;
  const before = await subscriptionOf(transaction, organization.id);
  if (before.providerReadAt && before.providerReadAt >= requestedAt) return;
  const subscription = await acceptedSubscription(unit, before, account);
  const { paymentMethod } = account;
  // The provider cancels a deleted organization's subscription for the period's end; here the plan stays, for a restore.
  const keepsSchedule = before.syncPending || organization.deletedAt !== null;
  const applied = applyProviderAccount(before, { subscription, paymentMethod }, keepsSchedule);
  const after = { ...applied, providerReadAt: requestedAt };
  const { id: _, organizationId, ...patch } = after;
  await updateSubscription(transaction, organizationId, patch);
  // The provider's portal does not know that the organization is deleted: a customer may have taken the cancellation back there.
  const isBilledOn = organization.deletedAt !== null && subscription !== null && !subscription.endsWithPeriod;
  if (isBilledOn && !before.syncPending) enqueue(await startBillingSync(transaction, organization.id));
  recordBillingChanges(unit, before, after, subscription);
  recordPaymentMethod(unit, before, after);
  await recordPlanEffects(unit, before, after);
  await notifyOfLimits(unit, before, after);
}

type BillingChange =
  | "plan_changed"
  | "renewed"
  | "payment_failed"
  | "recovered"
  | "trial_started"
  | "trial_ended"
  | "downgrade_scheduled"
  | "schedule_canceled";

const PAUSED = "The payment provider has paused payment collection.";

/**
 * The provider's subscription that this service accepts: the newest that it has not refused. A deleted organization
 * keeps only the one that it had. Any other is refused for good, whether it was paid for after the deletion or only
 * reported after it: it is refunded even if the organization is restored a moment later.
 */
async function acceptedSubscription(
  { transaction, organization, now }: OrganizationUnitOfWork,
  before: OrganizationSubscription,
  { subscriptions }: ProviderAccount,
): Promise<ProviderSubscription | null> {
  const { providerSubscriptionId } = before;
  const refused = await refusedSubscriptions(transaction, organization.id);
  const others = subscriptions.filter(({ id }) => !refused.some((each) => each.providerSubscriptionId === id));
  if (!organization.deletedAt) return others[0] ?? null;
  const { deletedAt } = organization;
  const known = others.find(({ id }) => id === providerSubscriptionId) ?? null;
  const unknown = others.flatMap(({ id }) => (id === providerSubscriptionId ? [] : [id]));
  await refuseSubscriptions(transaction, organization.id, unknown, { now, returnsSince: null });
  const payment = known && unwantedPayment(before, known, deletedAt);
  if (!payment) return known;
  await refuseSubscriptions(transaction, organization.id, [known.id], { now, ...payment });
  return null;
}

/** Since when a deleted organization has paid for what it does not use; null if it has not. */
function unwantedPayment(
  before: OrganizationSubscription,
  known: ProviderSubscription,
  deletedAt: Date,
): { returnsSince: Date | null } | null {
  // An upgrade was under way during the deletion. Its process refuses it, unless that process died.
  if (billsUnrecordedUpgrade(before, known)) return { returnsSince: before.providerReadAt };
  // The cancellation reached the provider too late, and it started a period that nobody ordered.
  return known.periodStart > deletedAt ? { returnsSince: deletedAt } : null;
}

function recordBillingChanges(
  { record }: OrganizationUnitOfWork,
  before: BilledState & { id: string },
  after: BilledState,
  subscription: ProviderSubscription | null,
): void {
  const recordChange = (type: BillingChange, summary: string) =>
    record({
      type: `subscription.${type}`,
      subjectId: before.id,
      summary,
      data: { before: recordedTerms(before), after: recordedTerms(after) },
    });
  const { name } = storedPlan(after.planCode);
  const isSamePlan = after.planCode === before.planCode && after.billingInterval === before.billingInterval;
  const isNextPeriod = after.currentPeriodStart > before.currentPeriodStart;
  if (!isSamePlan) {
    recordChange("plan_changed", termsChanged(before, after) + droppedSchedule(before, after));
  } else if (isNextPeriod && before.providerSubscriptionId !== null) {
    recordChange("renewed", `The ${name} plan was renewed.`);
  }
  recordScheduleChange(recordChange, before, after, isSamePlan);
  recordStatusChange(recordChange, before, after, subscription);
}

function recordStatusChange(
  recordChange: (type: BillingChange, summary: string) => void,
  before: BilledState,
  after: BilledState,
  subscription: ProviderSubscription | null,
): void {
  if (!subscription || after.status === before.status) return;
  if (after.status === "PAST_DUE") {
    recordChange("payment_failed", subscription.isCollectionPaused ? PAUSED : "The last payment failed.");
  } else if (before.status === "PAST_DUE") recordChange("recovered", "The subscription is paid again.");
  else if (after.status === "TRIALING") recordChange("trial_started", "The trial of the subscription has begun.");
  else if (before.status === "TRIALING") recordChange("trial_ended", "The trial of the subscription has ended.");
}

/** Says nothing about the payment method itself: Admins read the log, but not the billing. */
function recordPaymentMethod(
  { record }: OrganizationUnitOfWork,
  before: BilledState & { id: string },
  after: BilledState,
) {
  if (isSameMethod(before.paymentMethod, after.paymentMethod)) return;
  const change = before.paymentMethod ? (after.paymentMethod ? "changed" : "removed") : "added";
  const summary = `The payment method was ${change}.`;
  record({ type: "subscription.payment_method_changed", subjectId: before.id, summary });
}

function recordScheduleChange(
  recordChange: (type: BillingChange, summary: string) => void,
  before: BilledState,
  after: BilledState,
  isSamePlan: boolean,
): void {
  const { scheduledPlanCode: planCode } = after;
  const billingInterval = scheduledIntervalOf(after);
  if (planCode === before.scheduledPlanCode && billingInterval === scheduledIntervalOf(before)) return;
  if (planCode !== null && billingInterval !== null) {
    recordChange("downgrade_scheduled", termsScheduled(after, { planCode, billingInterval }));
  } else if (isSamePlan) {
    recordChange("schedule_canceled", "The scheduled plan change was canceled at the payment provider.");
  }
}

/** Notifies the Owners of a smaller plan that does not fit: the provider's portal does not know our limits. */
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

/** Whether two payment methods are the same. Old rows hold cards without their kind. */
function isSameMethod(one: PaymentMethod | null, other: PaymentMethod | null): boolean {
  if (!one || !other) return one === other;
  return isDeepStrictEqual({ kind: "CARD", ...one }, { kind: "CARD", ...other });
}

import type { OrganizationSubscription } from "../../../entities/organization-subscription";
import { droppedSchedule, recordedTerms } from "../../domain/billing";
import { creditPeriod } from "../../domain/credits";
import {
  type BillingInterval,
  blockersOf,
  isAtOnce,
  type Plan,
  periodEnd,
  planOf,
  termsChanged,
  termsScheduled,
} from "../../domain/plan";
import { Refused } from "../../domain/refusal";
import { startBillingSync } from "../../store/billing-events";
import { countUse } from "../../store/counts";
import { updateSubscription } from "../../store/subscription";
import { memberCommand } from "../runner/command";
import type { MemberUnitOfWork } from "../runner/unit-of-work";
import { arrangePayment, assertArranged, type Payment } from "./arrange-payment";
import { previewPayment } from "./preview-payment";
import { reachProvider } from "./reach-provider";
import { recordPlanEffects } from "./record-plan-effects";
import { renewedSubscription, renewIfDue } from "./renew-subscription";
import { syncBilling } from "./sync-billing";

export interface ChangePlanInput {
  organizationId: string;
  planCode: string;
  billingInterval?: BillingInterval | null;
}

export interface ChangePlanOutcome {
  organizationId: string;
  /** The provider's page for the first payment; the plan changes once it is paid. */
  checkoutUrl: string | null;
}

/** Upgrades at once; downgrades when the period ends, and only if the organization fits the new plan's limits. */
export const changePlan = memberCommand<ChangePlanInput, ChangePlanOutcome, Payment>({
  permission: "MANAGE_BILLING",
  prepare: async (services, { userName, userEmail }, { organizationId, planCode, billingInterval }, idempotencyKey) => {
    const change = { organizationId, plan: planOf(planCode), billingInterval: billingInterval ?? null };
    const payer = { name: userName, email: userEmail };
    if (services.integrations.billing) await renewIfDue(services, organizationId);
    return await reachProvider(() => arrangePayment(services, payer, change, idempotencyKey));
  },
  preview: (services, _membership, { organizationId, planCode, billingInterval }) => {
    const change = { organizationId, plan: planOf(planCode), billingInterval: billingInterval ?? null };
    return reachProvider(() => previewPayment(services, change));
  },
  run: async (unit, input, payment) => {
    const { organization } = unit;
    if (payment.kind === "checkout") return { organizationId: organization.id, checkoutUrl: payment.url };
    const plan = planOf(input.planCode);
    const subscription = await renewedSubscription(unit);
    if (payment.kind === "paid") await recordPayment(unit, subscription, payment.at);
    const interval = input.billingInterval ?? subscription.billingInterval;
    const changed = { organizationId: organization.id, checkoutUrl: null };
    if (plan.code === subscription.planCode && interval === subscription.billingInterval) {
      // The provider's event may have reported this payment first, and dropped the change that was scheduled before it.
      // A change that is scheduled now was requested later, and stays.
      if (payment.kind === "paid") return changed;
      throw new Refused(
        "PLAN_UNCHANGED",
        `The organization already has the plan ${plan.name}. Choose another plan or billing interval.`,
        { path: ["planCode"] },
      );
    }
    const atOnce = isAtOnce(subscription, { planCode: plan.code, billingInterval: interval });
    if (atOnce) assertArranged(payment, plan);
    if (payment.kind === "paid" || atOnce) await applyNow(unit, subscription, plan, interval);
    else await schedule(unit, subscription, plan, interval);
    return changed;
  },
});

/** Makes this state newer than any report requested before the payment. */
async function recordPayment(
  { transaction, organization, enqueue }: MemberUnitOfWork,
  before: OrganizationSubscription,
  at: Date,
) {
  const { providerReadAt } = before;
  const readAt = providerReadAt && providerReadAt > at ? providerReadAt : at;
  await updateSubscription(transaction, organization.id, { providerReadAt: readAt });
  enqueue(await startBillingSync(transaction, organization.id));
}

async function applyNow(
  unit: MemberUnitOfWork,
  subscription: OrganizationSubscription,
  plan: Plan,
  interval: BillingInterval,
) {
  const { startedAt, currentPeriodStart } = subscription;
  // Another interval ends the running period at another time. If that is in the past, the current credit month counts.
  const ends = periodEnd(startedAt, interval, currentPeriodStart);
  const month = creditPeriod(startedAt, unit.now);
  const change = {
    planCode: plan.code,
    billingInterval: interval,
    ...(ends > unit.now
      ? { currentPeriodEnd: ends }
      : { currentPeriodStart: month.start, currentPeriodEnd: month.end }),
    scheduledPlanCode: null,
    scheduledInterval: null,
  };
  await updateSubscription(unit.transaction, unit.organization.id, change);
  const data = { before: recordedTerms(subscription), after: recordedTerms(subscription, change) };
  unit.record({
    type: "subscription.plan_changed",
    subjectId: subscription.id,
    summary: termsChanged(subscription, change) + droppedSchedule(data.before, data.after),
    data,
  });
  await recordPlanEffects(unit, subscription, { ...subscription, ...change });
}

async function schedule(
  unit: MemberUnitOfWork,
  subscription: OrganizationSubscription,
  plan: Plan,
  interval: BillingInterval,
) {
  const { transaction, organization, now } = unit;
  const { planCode, scheduledPlanCode, scheduledInterval } = subscription;
  if (scheduledPlanCode === plan.code && scheduledInterval === interval) {
    throw new Refused(
      "PLAN_UNCHANGED",
      `The change to ${plan.name} is already scheduled. Choose another plan or billing interval.`,
      { path: ["planCode"] },
    );
  }
  const use = await countUse(transaction, organization.id, now);
  const seats = use.members + use.pending;
  const [blocker] =
    plan.code === planCode ? [] : blockersOf(planCode, plan, { seats, workspaces: use.workspaces }, false);
  if (blocker) {
    throw new Refused(blocker.code, blocker.message, { path: ["planCode"], limit: blocker.limit });
  }
  const change = { scheduledPlanCode: plan.code, scheduledInterval: interval };
  await updateSubscription(transaction, organization.id, change);
  await syncBilling(unit, subscription);
  unit.record({
    type: "subscription.downgrade_scheduled",
    subjectId: subscription.id,
    summary: termsScheduled(subscription, { planCode: plan.code, billingInterval: interval }),
    data: { before: recordedTerms(subscription), after: recordedTerms(subscription, change) },
  });
  await recordPlanEffects(unit, subscription, { ...subscription, ...change });
}

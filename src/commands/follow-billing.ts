import { type BilledState, followProvider, type ProviderAccount } from "../domain/billing";
import { isUpgrade, storedPlan } from "../domain/plan";
import { subscriptionOf, updateSubscription } from "../store/subscription";
import { limitsExceeded, notifyOverLimits } from "./notify-over-limits";
import type { OrganizationScope } from "./scope";

/**
 * Makes an organization's subscription what the payment provider says, as it was asked at a moment. The newest state
 * wins: what was asked earlier than what is kept is left.
 */
export async function followBilling(scope: OrganizationScope, account: ProviderAccount, askedAt: Date): Promise<void> {
  const { transaction, organization, record } = scope;
  const before = await subscriptionOf(transaction, organization.id);
  if (before.providerReadAt && before.providerReadAt >= askedAt) return;
  // What is deleted ends at the provider with its period, and goes on as it was when it is restored.
  const keepsSchedule = before.providerIsBehind || organization.deletedAt !== null;
  const after = { ...followProvider(before, account, keepsSchedule), providerReadAt: askedAt };
  const { id, organizationId: _, ...patch } = after;
  await updateSubscription(transaction, id, patch);
  const told = (type: "plan_changed" | "payment_failed" | "recovered" | "downgrade_scheduled", summary: string) =>
    record({
      type: `subscription.${type}`,
      subjectId: id,
      summary,
      data: {
        before: { planCode: before.planCode, status: before.status },
        after: { planCode: after.planCode, status: after.status, scheduledPlanCode: after.scheduledPlanCode },
      },
    });
  if (after.planCode !== before.planCode) told("plan_changed", `The plan is now ${storedPlan(after.planCode).name}.`);
  if (after.scheduledPlanCode && after.scheduledPlanCode !== before.scheduledPlanCode) {
    const { name } = storedPlan(after.scheduledPlanCode);
    told("downgrade_scheduled", `The plan changes to ${name} when the period ends.`);
  }
  await notifyOfLimits(scope, before, after);
  if (after.status === before.status) return;
  if (after.status === "PAST_DUE") told("payment_failed", "The last payment failed.");
  else if (before.status === "PAST_DUE") told("recovered", "The payment was settled.");
}

/** The provider stops billing whether or not the smaller plan fits: its portal knows no limits of ours. */
async function notifyOfLimits(scope: OrganizationScope, before: BilledState, after: BilledState): Promise<void> {
  if (scope.organization.deletedAt) return;
  const { planCode, scheduledPlanCode } = after;
  const becameSmaller = planCode !== before.planCode && !isUpgrade(before.planCode, planCode);
  const willBecomeSmaller = scheduledPlanCode !== null && scheduledPlanCode !== before.scheduledPlanCode;
  if (becameSmaller) {
    const move = { from: before.planCode, to: planCode };
    await notifyOverLimits(scope, move, await limitsExceeded(scope, move), "smaller");
  } else if (willBecomeSmaller) {
    const move = { from: planCode, to: scheduledPlanCode };
    await notifyOverLimits(scope, move, await limitsExceeded(scope, move), "scheduled");
  }
}

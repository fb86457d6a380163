import { recordedTerms } from "../../domain/billing";
import { Refused } from "../../domain/refusal";
import { CustomerGone } from "../../integrations/stripe/billing";
import { updateSubscription } from "../../store/subscription";
import { memberCommand } from "../runner/command";
import { readBilling } from "./read-billing";
import { recordPlanEffects } from "./record-plan-effects";
import { renewedSubscription } from "./renew-subscription";
import { syncBilling } from "./sync-billing";

export interface CancelScheduledPlanInput {
  organizationId: string;
}

/**
 * Cancels a scheduled downgrade, or a cancellation made in the provider's portal; the plan stays. If none is known, it
 * first reads the provider's state, because the provider's event may not have arrived yet.
 */
export const cancelScheduledPlan = memberCommand<CancelScheduledPlanInput, { organizationId: string }>({
  permission: "MANAGE_BILLING",
  prepare: async (services, { scheduledPlanCode }, { organizationId }) => {
    if (scheduledPlanCode !== null) return undefined;
    await readBilling(services, organizationId).catch((error: unknown) => {
      // A customer that is gone has nothing scheduled.
      if (!(error instanceof CustomerGone)) throw error;
    });
    return undefined;
  },
  run: async (unit) => {
    const { transaction, organization, record } = unit;
    const subscription = await renewedSubscription(unit);
    if (!subscription.scheduledPlanCode)
      throw new Refused("PLAN_UNCHANGED", "No plan change is scheduled, so there is nothing to cancel.");
    const change = { scheduledPlanCode: null, scheduledInterval: null };
    await updateSubscription(transaction, organization.id, change);
    await syncBilling(unit, subscription);
    record({
      type: "subscription.schedule_canceled",
      subjectId: subscription.id,
      summary: "The scheduled plan change was canceled.",
      data: { before: recordedTerms(subscription), after: recordedTerms(subscription, change) },
    });
    await recordPlanEffects(unit, subscription, { ...subscription, ...change });
    return { organizationId: organization.id };
  },
});

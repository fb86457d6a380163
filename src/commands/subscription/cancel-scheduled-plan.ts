import { Refused } from "../../domain/refusal";
import { CustomerGone } from "../../integrations/stripe/billing";
import { subscriptionOf, updateSubscription } from "../../store/subscription";
import { memberCommand } from "../runner/command";
import { readBilling } from "./read-billing";
import { syncBilling } from "./sync-billing";

export interface CancelScheduledPlanInput {
  organizationId: string;
}

/**
 * The plan stays as it is: a scheduled downgrade is called off, and so is a cancellation in the provider's portal. Where
 * nothing is known to be scheduled the provider is asked first: its event may still be on its way.
 */
export const cancelScheduledPlan = memberCommand<CancelScheduledPlanInput, { organizationId: string }>({
  permission: "MANAGE_BILLING",
  prepare: async (services, { scheduledPlanCode }, { organizationId }) => {
    if (scheduledPlanCode !== null) return undefined;
    await readBilling(services, organizationId).catch((error: unknown) => {
      // Nothing can be scheduled for a customer that is gone.
      if (!(error instanceof CustomerGone)) throw error;
    });
    return undefined;
  },
  run: async (unit) => {
    const { transaction, organization, record } = unit;
    const subscription = await subscriptionOf(transaction, organization.id);
    const { scheduledPlanCode } = subscription;
    if (!scheduledPlanCode) throw new Refused("PLAN_UNCHANGED", "No change of plan is scheduled.");
    await updateSubscription(transaction, subscription.id, { scheduledPlanCode: null, scheduledInterval: null });
    await syncBilling(unit, subscription);
    record({
      type: "subscription.schedule_canceled",
      subjectId: subscription.id,
      summary: "The scheduled change of plan was called off.",
      data: { before: { scheduledPlanCode } },
    });
    return { organizationId: organization.id };
  },
});

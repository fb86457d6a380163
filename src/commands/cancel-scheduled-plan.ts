import { Refused } from "../domain/refusal";
import { subscriptionOf, updateSubscription } from "../store/subscription";
import { memberCommand } from "./command";
import { tellProvider } from "./tell-provider";

export interface CancelScheduledPlanInput {
  organizationId: string;
}

/** The plan stays as it is: a scheduled downgrade is called off. */
export const cancelScheduledPlan = memberCommand<CancelScheduledPlanInput, { organizationId: string }>({
  name: "cancelScheduledPlan",
  permission: "MANAGE_BILLING",
  run: async (scope) => {
    const { transaction, organization, record } = scope;
    const subscription = await subscriptionOf(transaction, organization.id);
    const { scheduledPlanCode } = subscription;
    if (!scheduledPlanCode) throw new Refused("PLAN_UNCHANGED", "No change of plan is scheduled.");
    await updateSubscription(transaction, subscription.id, { scheduledPlanCode: null, scheduledInterval: null });
    await tellProvider(scope, subscription);
    record({
      type: "subscription.schedule_canceled",
      subjectId: subscription.id,
      summary: "The scheduled change of plan was called off.",
      data: { before: { scheduledPlanCode } },
    });
    return { organizationId: organization.id };
  },
});

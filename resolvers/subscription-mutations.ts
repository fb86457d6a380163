import { Arg, Mutation, Resolver } from "type-graphql";
import { FieldPolicy } from "../schema/field-policy";
import * as inputs from "../schema/inputs/subscription";
import * as results from "../schema/results/subscription";
import { commands } from "../src/commands";
import { load, Run, type RunMutation } from "./run-mutation";

// The mutation calls the payment provider.
const PROVIDER_COST = 12_500;

@Resolver()
export class SubscriptionMutations {
  @FieldPolicy({ cost: PROVIDER_COST })
  @Mutation(() => results.ChangePlanResult, {
    description: "An upgrade at once, a downgrade at the end of the period.",
  })
  changePlan(@Arg("input", () => inputs.ChangePlanInput) input: inputs.ChangePlanInput, @Run() run: RunMutation) {
    return run(commands.changePlan, input, (outcome) => ({
      subscription: load.subscription(outcome.organizationId),
      checkoutUrl: outcome.checkoutUrl,
    }));
  }

  @Mutation(() => results.CancelScheduledPlanResult)
  cancelScheduledPlan(
    @Arg("input", () => inputs.CancelScheduledPlanInput) input: inputs.CancelScheduledPlanInput,
    @Run() run: RunMutation,
  ) {
    return run(commands.cancelScheduledPlan, input, (outcome) => ({
      subscription: load.subscription(outcome.organizationId),
    }));
  }

  @FieldPolicy({ cost: PROVIDER_COST })
  @Mutation(() => results.OpenBillingPortalResult, {
    description: "A page of the payment provider for payment methods and invoices.",
  })
  openBillingPortal(
    @Arg("input", () => inputs.OpenBillingPortalInput) input: inputs.OpenBillingPortalInput,
    @Run() run: RunMutation,
  ) {
    return run(commands.openBillingPortal, input, (outcome) => outcome);
  }
}

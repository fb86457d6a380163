import type { GraphQLResolveInfo } from "graphql";
import { Arg, Ctx, Info, Mutation, Resolver } from "type-graphql";
import * as inputs from "../schema/inputs/subscription";
import * as results from "../schema/results/subscription";
import { commands } from "../src/commands";
import type { Context } from "../src/context";
import { answer, load } from "./run-mutation";

@Resolver()
export class SubscriptionMutations {
  @Mutation(() => results.ChangePlanResult, {
    description: "An upgrade at once, a downgrade at the end of the period.",
  })
  changePlan(
    @Arg("input", () => inputs.ChangePlanInput) input: inputs.ChangePlanInput,
    @Ctx() context: Context,
    @Info() info: GraphQLResolveInfo,
  ) {
    return answer(context, info, commands.changePlan, input, (outcome) => ({
      subscription: load.subscription(outcome.organizationId),
      checkoutUrl: outcome.checkoutUrl,
    }));
  }

  @Mutation(() => results.CancelScheduledPlanResult)
  cancelScheduledPlan(
    @Arg("input", () => inputs.CancelScheduledPlanInput) input: inputs.CancelScheduledPlanInput,
    @Ctx() context: Context,
    @Info() info: GraphQLResolveInfo,
  ) {
    return answer(context, info, commands.cancelScheduledPlan, input, (outcome) => ({
      subscription: load.subscription(outcome.organizationId),
    }));
  }

  @Mutation(() => results.OpenBillingPortalResult, {
    description: "A page of the payment provider for payment methods and invoices.",
  })
  openBillingPortal(
    @Arg("input", () => inputs.OpenBillingPortalInput) input: inputs.OpenBillingPortalInput,
    @Ctx() context: Context,
    @Info() info: GraphQLResolveInfo,
  ) {
    return answer(context, info, commands.openBillingPortal, input, (outcome) => outcome);
  }
}

import { Field, ID, InputType } from "type-graphql";
import { BillingInterval } from "../../src/domain/plan";

@InputType({ description: "Input of changePlan." })
export class ChangePlanInput {
  @Field(() => ID, { description: "The organization's id." })
  organizationId: string;

  @Field(() => String, { description: "Code of the new plan." })
  planCode: string;

  @Field(() => BillingInterval, { nullable: true, description: "The new billing interval. Null or absent: unchanged." })
  billingInterval?: BillingInterval | null;
}

@InputType({ description: "Input of cancelScheduledPlan." })
export class CancelScheduledPlanInput {
  @Field(() => ID, { description: "The organization's id." })
  organizationId: string;
}

@InputType({ description: "Input of openBillingPortal." })
export class OpenBillingPortalInput {
  @Field(() => ID, { description: "The organization's id." })
  organizationId: string;

  @Field(() => String, { description: "URL that the portal's back link leads to." })
  returnUrl: string;
}

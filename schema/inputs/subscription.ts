import { Field, ID, InputType } from "type-graphql";
import { BillingInterval } from "../../src/domain/plan";

@InputType()
export class ChangePlanInput {
  @Field(() => ID)
  organizationId: string;

  @Field(() => String)
  planCode: string;

  @Field(() => BillingInterval, { nullable: true })
  billingInterval?: BillingInterval | null;
}

@InputType()
export class CancelScheduledPlanInput {
  @Field(() => ID)
  organizationId: string;
}

@InputType()
export class OpenBillingPortalInput {
  @Field(() => ID)
  organizationId: string;

  @Field(() => String, { description: "Where the page leads back to." })
  returnUrl: string;
}

import { Field, ObjectType } from "type-graphql";
import { OrganizationSubscription } from "../../entities/organization-subscription";
import { resultOf } from "./result";

@ObjectType({ simpleResolvers: true })
export class ChangePlanSuccess {
  @Field(() => OrganizationSubscription)
  subscription: OrganizationSubscription;

  @Field(() => String, { nullable: true, description: "Set where the change takes effect after a checkout." })
  checkoutUrl: string | null;
}
export const ChangePlanResult = resultOf("ChangePlan", ChangePlanSuccess);

@ObjectType({ simpleResolvers: true })
export class CancelScheduledPlanSuccess {
  @Field(() => OrganizationSubscription)
  subscription: OrganizationSubscription;
}
export const CancelScheduledPlanResult = resultOf("CancelScheduledPlan", CancelScheduledPlanSuccess);

@ObjectType({ simpleResolvers: true })
export class OpenBillingPortalSuccess {
  @Field(() => String)
  url: string;
}
export const OpenBillingPortalResult = resultOf("OpenBillingPortal", OpenBillingPortalSuccess);

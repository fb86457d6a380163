import { Field, ObjectType } from "type-graphql";
import { OrganizationSubscription } from "../../entities/organization-subscription";
import { resultOf } from "./result";

@ObjectType({
  simpleResolvers: true,
  description: "The plan was changed, a change was scheduled, or a checkout is needed first.",
})
export class ChangePlanSuccess {
  @Field(() => OrganizationSubscription, { description: "The subscription after the change." })
  subscription: OrganizationSubscription;

  @Field(() => String, {
    nullable: true,
    description: "URL of the checkout page that completes the change. Null if no checkout is needed.",
  })
  checkoutUrl: string | null;
}
export const ChangePlanResult = resultOf("ChangePlan", ChangePlanSuccess);

@ObjectType({ simpleResolvers: true, description: "The scheduled change was canceled." })
export class CancelScheduledPlanSuccess {
  @Field(() => OrganizationSubscription, { description: "The subscription after the change." })
  subscription: OrganizationSubscription;
}
export const CancelScheduledPlanResult = resultOf("CancelScheduledPlan", CancelScheduledPlanSuccess);

@ObjectType({ simpleResolvers: true, description: "The portal is ready." })
export class OpenBillingPortalSuccess {
  @Field(() => String, { description: "URL of the portal. It works for a short time only." })
  url: string;
}
export const OpenBillingPortalResult = resultOf("OpenBillingPortal", OpenBillingPortalSuccess);

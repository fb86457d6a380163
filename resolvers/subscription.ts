import { Ctx, FieldResolver, Query, Resolver, Root } from "type-graphql";
import { Organization } from "../entities/organization";
import { OrganizationSubscription } from "../entities/organization-subscription";
import { Plan, PlanOption, Usage } from "../schema/plan";
import { LimitUsage } from "../schema/refusal";
import type { Context } from "../src/context";
import { blockersOf, isUpgrade, PLANS, planOf } from "../src/domain/plan";
import type { SubscriptionView } from "../src/store/views/subscriptions";
import { refusalOf } from "./failures";
import { limitOf } from "./permitted";

@Resolver(() => OrganizationSubscription)
export class SubscriptionResolver {
  @Query(() => [Plan], { description: "The catalogue, from the smallest to the largest." })
  plans() {
    return PLANS;
  }

  @FieldResolver(() => Organization)
  organization(@Root() subscription: SubscriptionView, @Ctx() { loaders }: Context) {
    return loaders.organization.load(subscription.organizationId);
  }

  @FieldResolver(() => Plan)
  plan(@Root() { planCode }: SubscriptionView) {
    return planOf(planCode);
  }

  @FieldResolver(() => Plan, { nullable: true, description: "The plan that takes over when the period ends." })
  scheduledPlan(@Root() { scheduledPlanCode }: SubscriptionView) {
    return scheduledPlanCode && planOf(scheduledPlanCode);
  }

  @FieldResolver(() => [PlanOption], { description: "Every other plan, with what stands in the way of moving to it." })
  async planOptions(@Root() { organizationId, planCode }: SubscriptionView, @Ctx() { loaders }: Context) {
    const use = (await loaders.use.load(organizationId)) ?? { seats: 0, workspaces: 0 };
    return PLANS.filter((plan) => plan.code !== planCode).map((plan) => ({
      plan,
      isUpgrade: isUpgrade(planCode, plan.code),
      blockers: blockersOf(plan, use).map(refusalOf),
    }));
  }

  @FieldResolver(() => Usage)
  usage(@Root() subscription: SubscriptionView) {
    return subscription;
  }
}

@Resolver(() => Usage)
export class UsageResolver {
  @FieldResolver(() => LimitUsage, { description: "Active members plus pending invitations." })
  members(@Root() subscription: SubscriptionView, @Ctx() context: Context) {
    return limitOf(context, { ...subscription, id: subscription.organizationId }, "members");
  }

  @FieldResolver(() => LimitUsage)
  workspaces(@Root() subscription: SubscriptionView, @Ctx() context: Context) {
    return limitOf(context, { ...subscription, id: subscription.organizationId }, "workspaces");
  }
}

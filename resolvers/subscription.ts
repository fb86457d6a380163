import { Ctx, FieldResolver, Query, Resolver, Root } from "type-graphql";
import { Organization } from "../entities/organization";
import { OrganizationSubscription } from "../entities/organization-subscription";
import { PaymentMethod } from "../schema/billing";
import { Plan, PlanOption } from "../schema/plan";
import { Usage } from "../schema/usage";
import type { Context } from "../src/context";
import { cardOf, labelOf, PaymentMethodKind } from "../src/domain/billing";
import { blockersOf, isUpgrade, PLANS, storedPlan } from "../src/domain/plan";
import type { SubscriptionView } from "../src/store/views/subscriptions";
import { present } from "./permitted";
import { refusalOf } from "./run-mutation";

@Resolver(() => OrganizationSubscription)
export class SubscriptionResolver {
  @Query(() => [Plan], { description: "The catalogue, from the smallest to the largest." })
  plans() {
    return PLANS;
  }

  @FieldResolver(() => Organization)
  organization(@Root() subscription: SubscriptionView, @Ctx() { loaders }: Context) {
    return present("organization", loaders.organization.load(subscription.organizationId));
  }

  @FieldResolver(() => Plan)
  plan(@Root() { planCode }: SubscriptionView) {
    return storedPlan(planCode);
  }

  @FieldResolver(() => Plan, { nullable: true, description: "The plan that takes over when the period ends." })
  scheduledPlan(@Root() { scheduledPlanCode }: SubscriptionView) {
    return scheduledPlanCode && storedPlan(scheduledPlanCode);
  }

  @FieldResolver(() => [PlanOption], { description: "Every other plan, with what stands in the way of moving to it." })
  async planOptions(@Root() { organizationId, planCode }: SubscriptionView, @Ctx() { loaders, services }: Context) {
    const use = (await loaders.use.load(organizationId)) ?? { seats: 0, workspaces: 0 };
    return PLANS.filter((plan) => plan.code !== planCode).map((plan) => ({
      plan,
      isUpgrade: isUpgrade(planCode, plan.code),
      blockers: blockersOf(planCode, plan, use, services.integrations.billing !== null).map(refusalOf),
    }));
  }

  @FieldResolver(() => PaymentMethod, { nullable: true, description: "The card on file; null where there is none." })
  paymentMethod(@Root() { paymentMethod }: SubscriptionView) {
    return cardOf(paymentMethod);
  }

  @FieldResolver(() => PaymentMethodKind, {
    nullable: true,
    description: "What pays: a card, or something else. Null until there is a payment method.",
  })
  paymentMethodKind(@Root() { paymentMethod }: SubscriptionView) {
    return paymentMethod && (paymentMethod.kind ?? "CARD");
  }

  @FieldResolver(() => String, {
    nullable: true,
    description: "What its Owner recognizes the payment method by, whatever its kind.",
  })
  paymentMethodLabel(@Root() { paymentMethod }: SubscriptionView) {
    return paymentMethod && labelOf(paymentMethod);
  }

  @FieldResolver(() => Boolean, {
    description: "True where no payment provider is connected: plans change without one.",
  })
  isBilledManually(@Ctx() { services }: Context) {
    return services.integrations.billing === null;
  }

  @FieldResolver(() => Usage)
  usage(@Root() subscription: SubscriptionView) {
    return subscription;
  }
}

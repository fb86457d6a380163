import { Args, Ctx, FieldResolver, Query, Resolver, Root } from "type-graphql";
import { Organization } from "../entities/organization";
import { OrganizationSubscription } from "../entities/organization-subscription";
import { PaymentMethod, SubscriptionInvoiceConnection } from "../schema/billing";
import { FieldPolicy } from "../schema/field-policy";
import { InvoiceArgs } from "../schema/invoice-arguments";
import { Plan, PlanOption } from "../schema/plan";
import { Usage } from "../schema/usage";
import type { Context } from "../src/context";
import { assertPermission } from "../src/domain/authorization";
import { cardOf, labelOf, PaymentMethodKind } from "../src/domain/billing";
import { BillingInterval, blockersOf, isUpgrade, PLANS, scheduledIntervalOf, storedPlan } from "../src/domain/plan";
import { MAX_PAGE_SIZE } from "../src/store/page";
import type { SubscriptionView } from "../src/store/views/subscriptions";
import { readInvoices } from "./invoices";
import { orNotFound } from "./or-not-found";
import { toRefusal } from "./run-mutation";

// The field calls the payment provider. A page costs this much for each of its invoices.
const INVOICE_COST = 1_000;

@Resolver(() => OrganizationSubscription)
export class SubscriptionResolver {
  @FieldPolicy({ access: "anyone", listSize: 5 })
  @Query(() => [Plan], { description: "The plans on offer, from the smallest to the largest." })
  plans() {
    return PLANS;
  }

  @FieldResolver(() => Organization, { description: "The organization that subscribes." })
  organization(@Root() subscription: SubscriptionView, @Ctx() { loaders }: Context) {
    return orNotFound(loaders.organization.load(subscription.organizationId), "organization");
  }

  @FieldResolver(() => Plan, { description: "The current plan." })
  plan(@Root() { planCode }: SubscriptionView) {
    return storedPlan(planCode);
  }

  @FieldResolver(() => Plan, {
    nullable: true,
    description: "The plan that starts when the current period ends. Null if no change is scheduled.",
  })
  scheduledPlan(@Root() { scheduledPlanCode }: SubscriptionView) {
    return scheduledPlanCode && storedPlan(scheduledPlanCode);
  }

  @FieldResolver(() => BillingInterval, {
    nullable: true,
    description: "How often the scheduled plan is billed. Null if no change is scheduled.",
  })
  scheduledBillingInterval(@Root() subscription: SubscriptionView) {
    return scheduledIntervalOf(subscription);
  }

  @FieldPolicy({ listSize: 5 })
  @FieldResolver(() => [PlanOption], {
    description: "Every other plan on offer, with the reasons against a change to it.",
  })
  async planOptions(@Root() { organizationId, planCode }: SubscriptionView, @Ctx() { loaders, services }: Context) {
    const use = (await loaders.use.load(organizationId)) ?? { seats: 0, workspaces: 0 };
    return PLANS.filter((plan) => plan.code !== planCode).map((plan) => ({
      plan,
      isUpgrade: isUpgrade(planCode, plan.code),
      blockers: blockersOf(planCode, plan, use, services.integrations.billing !== null).map(toRefusal),
    }));
  }

  @FieldResolver(() => PaymentMethod, {
    nullable: true,
    description: "The card that pays. Null if there is none or another method pays.",
  })
  paymentMethod(@Root() { paymentMethod }: SubscriptionView) {
    return cardOf(paymentMethod);
  }

  @FieldResolver(() => PaymentMethodKind, {
    nullable: true,
    description: "Kind of the payment method. Null if there is none.",
  })
  paymentMethodKind(@Root() { paymentMethod }: SubscriptionView) {
    return paymentMethod && (paymentMethod.kind ?? "CARD");
  }

  @FieldResolver(() => String, {
    nullable: true,
    description: "Name of the payment method, such as 'Visa •••• 4242'. Null if there is none.",
  })
  paymentMethodLabel(@Root() { paymentMethod }: SubscriptionView) {
    return paymentMethod && labelOf(paymentMethod);
  }

  @FieldResolver(() => Boolean, {
    description: "True if the service has no payment provider. Plans then change without payment.",
  })
  isBilledManually(@Ctx() { services }: Context) {
    return services.integrations.billing === null;
  }

  @FieldPolicy({ cost: INVOICE_COST, hasSideEffects: true, page: { items: "nodes", max: MAX_PAGE_SIZE } })
  @FieldResolver(() => SubscriptionInvoiceConnection, {
    description:
      "Invoices from the payment provider, newest first, without drafts. Empty if billing is manual. Only for Owners. " +
      "A BILLING_UNAVAILABLE error if the provider cannot be reached.",
  })
  async invoices(
    @Root() subscription: SubscriptionView,
    @Args(() => InvoiceArgs) args: InvoiceArgs,
    @Ctx() context: Context,
  ) {
    // Services with entities:read see subscriptions, too.
    const organization = await context.loaders.organization.load(subscription.organizationId);
    assertPermission(organization?.viewerMember?.role, "MANAGE_BILLING");
    return readInvoices(context, subscription, args);
  }

  @FieldResolver(() => Usage, { description: "Seats, workspaces and credits in use." })
  usage(@Root() subscription: SubscriptionView) {
    return subscription;
  }
}

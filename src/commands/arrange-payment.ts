import type { OrganizationSubscription } from "../../entities/organization-subscription";
import { type BillingInterval, isAtOnce, type Plan } from "../domain/plan";
import { Refused } from "../domain/refusal";
import { type Billing, type Order, PaymentDeclined } from "../gateways/billing";
import { databaseTime, queueBillingPush } from "../store/billing-events";
import { keepCustomer, putProviderBehind } from "../store/subscription";
import { subscriptionsOf } from "../store/views/subscriptions";
import type { Services } from "./scope";

/** What was arranged before a plan changes: nothing, a page to pay on, or the payment itself, done at a moment. */
export type Payment = { kind: "none" } | { kind: "checkout"; url: string } | { kind: "paid"; at: Date };

/** The organization's id at the payment provider, made when it is first needed. */
export async function customerOf(
  { database }: Services,
  billing: Billing,
  subscription: OrganizationSubscription,
  payer: { name: string; email: string | null },
): Promise<string> {
  const { organizationId, providerCustomerId } = subscription;
  if (providerCustomerId) return providerCustomerId;
  return await keepCustomer(database, organizationId, await billing.createCustomer({ organizationId, ...payer }));
}

/**
 * Has an upgrade paid, outside any transaction: by the card on file, at once, or on a page of the provider where there
 * is none yet. Without a provider billing is manual and nothing is to be arranged. Refuses PAYMENT_REQUIRED.
 */
export async function arrangePayment(
  services: Services,
  payer: { name: string; email: string | null },
  wish: { organizationId: string; plan: Plan; billingInterval: BillingInterval | null },
  attempt: string,
): Promise<Payment> {
  const { billing, appUrl } = services.outside;
  const [subscription] = await subscriptionsOf(services.database, [wish.organizationId]);
  if (!billing || !subscription) return { kind: "none" };
  const order = { plan: wish.plan, billingInterval: wish.billingInterval ?? subscription.billingInterval };
  if (!isToBePaid(subscription, order)) return { kind: "none" };
  const customerId = await customerOf(services, billing, subscription, payer);
  // A first payment that no event has told of yet must not lead to a second one.
  const billed = subscription.providerSubscriptionId ?? (await billing.readAccount(customerId)).subscription?.id;
  if (billed) {
    await upgrade(billing, billed, order, attempt).catch(async (error: unknown) => {
      // What was scheduled had to be let go of, and stands where the upgrade failed.
      if (subscription.scheduledPlanCode) await putProviderBehind(services.database, wish.organizationId);
      await queueBillingPush(services.database, wish.organizationId);
      throw error;
    });
    return { kind: "paid", at: await databaseTime(services.database) };
  }
  const page = `${appUrl}/organizations/${wish.organizationId}/subscription`;
  return { kind: "checkout", url: await billing.openCheckout(customerId, order, page) };
}

function isToBePaid(subscription: OrganizationSubscription, { plan, billingInterval }: Order): boolean {
  const { planCode, providerSubscriptionId } = subscription;
  if (plan.code === planCode && billingInterval === subscription.billingInterval) return false;
  if (plan.monthlyPriceCents === 0) return false;
  const atOnce = isAtOnce(subscription, { planCode: plan.code, billingInterval });
  if (plan.monthlyPriceCents === null || (!atOnce && !providerSubscriptionId)) {
    const what = plan.monthlyPriceCents === null ? plan.name : "A plan that was arranged";
    throw new Refused("PAYMENT_REQUIRED", `${what} is by arrangement: write to us to change it.`);
  }
  return atOnce;
}

async function upgrade(billing: Billing, id: string, order: Order, attempt: string) {
  try {
    await billing.upgrade(id, order, attempt);
  } catch (error) {
    if (!(error instanceof PaymentDeclined)) throw error;
    const message = `The card on file was declined: ${error.message} Change it in the billing portal and try again.`;
    throw new Refused("PAYMENT_REQUIRED", message);
  }
}

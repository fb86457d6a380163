import { randomUUID } from "node:crypto";
import type { OrganizationSubscription } from "../../entities/organization-subscription";
import { type BillingInterval, isUpgrade, type Plan } from "../domain/plan";
import { Refused } from "../domain/refusal";
import { type Billing, PaymentDeclined } from "../gateways/billing";
import { keepCustomer } from "../store/subscription";
import { subscriptionsOf } from "../store/views/subscriptions";
import type { Services } from "./scope";

/** What was arranged before a plan changes: nothing, a page to pay on, or the payment itself. */
export type Payment = { kind: "none" } | { kind: "checkout"; url: string } | { kind: "paid" };

/** The organization's id at the payment provider, made when it is first needed. */
export async function customerOf(
  { database }: Services,
  billing: Billing,
  subscription: OrganizationSubscription,
  payer: { name: string; email: string | null },
): Promise<string> {
  const { organizationId, providerCustomerId } = subscription;
  if (providerCustomerId) return providerCustomerId;
  // The key makes two at once one; the address keeps another payer's call from being taken for it.
  const made = await billing.createCustomer({ organizationId, ...payer }, `customer:${organizationId}:${payer.email}`);
  return await keepCustomer(database, organizationId, made);
}

/**
 * Has an upgrade paid, outside any transaction: by the card on file, at once, or on a page of the provider where there
 * is none yet. Without a provider billing is manual and nothing is to be arranged. Refuses PAYMENT_REQUIRED.
 */
export async function arrangePayment(
  services: Services,
  payer: { name: string; email: string | null },
  order: { organizationId: string; plan: Plan; billingInterval: BillingInterval | null },
): Promise<Payment> {
  const { billing, appUrl } = services.outside;
  const [subscription] = await subscriptionsOf(services.database, [order.organizationId]);
  if (!billing || !subscription) return { kind: "none" };
  const billingInterval = order.billingInterval ?? subscription.billingInterval;
  const { plan } = order;
  const isSame = plan.code === subscription.planCode;
  if (isSame && billingInterval === subscription.billingInterval) return { kind: "none" };
  if (!isSame && !isUpgrade(subscription.planCode, plan.code)) return { kind: "none" };
  if (plan.monthlyPriceCents === null) {
    throw new Refused("PAYMENT_REQUIRED", `${plan.name} is by arrangement: write to us to change to it.`);
  }
  if (plan.monthlyPriceCents === 0) return { kind: "none" };
  const { providerSubscriptionId } = subscription;
  if (providerSubscriptionId) {
    await upgrade(billing, providerSubscriptionId, { plan, billingInterval });
    return { kind: "paid" };
  }
  const customerId = await customerOf(services, billing, subscription, payer);
  const page = `${appUrl}/organizations/${order.organizationId}/subscription`;
  return {
    kind: "checkout",
    url: await billing.openCheckout(customerId, { plan, billingInterval }, page, randomUUID()),
  };
}

async function upgrade(billing: Billing, id: string, order: { plan: Plan; billingInterval: BillingInterval }) {
  try {
    await billing.upgrade(id, order, randomUUID());
  } catch (error) {
    if (!(error instanceof PaymentDeclined)) throw error;
    const message = `The card on file was declined: ${error.message} Change it in the billing portal and try again.`;
    throw new Refused("PAYMENT_REQUIRED", message);
  }
}

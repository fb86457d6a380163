import type Stripe from "stripe";
import { knownPlans, type SubscriptionStatus } from "../domain/plan";
import type { Order, ProviderAccount, ProviderSubscription } from "./billing";

const LOOKUP = "cloudthinker";

const STATUSES: Partial<Record<Stripe.Subscription.Status, SubscriptionStatus>> = {
  active: "ACTIVE",
  trialing: "TRIALING",
  past_due: "PAST_DUE",
  unpaid: "PAST_DUE",
};

/** What a price is found by. Its amount belongs to it: a plan that is priced anew gets a new price, old ones stay. */
export function lookupKeyOf({ plan, billingInterval }: Order): string {
  return [LOOKUP, plan.code, billingInterval, amountOf({ plan, billingInterval })].join("_").toLowerCase();
}

/** What an order costs per interval, in US cents. */
export function amountOf({ plan, billingInterval }: Order): number {
  return (plan.monthlyPriceCents ?? 0) * (billingInterval === "ANNUAL" ? 12 : 1);
}

/**
 * Everything that is known of a customer now. What is another customer's, or bills something that is none of our
 * plans, is none of our business.
 */
export async function readAccount(stripe: Stripe, customerId: string): Promise<ProviderAccount> {
  const [customer, { data }] = await Promise.all([
    stripe.customers.retrieve(customerId, { expand: ["invoice_settings.default_payment_method"] }),
    stripe.subscriptions.list({
      customer: customerId,
      status: "all",
      limit: 100,
      expand: ["data.default_payment_method"],
    }),
  ]);
  const ours = data.filter(({ customer: owner }) => (typeof owner === "string" ? owner : owner.id) === customerId);
  const [newest] = ours
    .sort((a, b) => b.created - a.created)
    .flatMap((subscription) => {
      const read = subscriptionOf(subscription);
      return read ? [{ subscription, read }] : [];
    });
  const ofCustomer = "invoice_settings" in customer ? customer.invoice_settings?.default_payment_method : null;
  const paymentMethod = cardOf(newest?.subscription.default_payment_method) ?? cardOf(ofCustomer);
  return { subscription: newest?.read ?? null, paymentMethod };
}

function subscriptionOf(subscription: Stripe.Subscription): ProviderSubscription | null {
  const [item] = subscription.items.data;
  const status = STATUSES[subscription.status];
  const planCode = planCodeOf(item?.price.lookup_key);
  if (!item || !status || !planCode) return null;
  const seconds = (time: number) => new Date(time * 1000);
  return {
    id: subscription.id,
    status,
    planCode,
    billingInterval: item.price.recurring?.interval === "year" ? "ANNUAL" : "MONTHLY",
    anchor: seconds(subscription.billing_cycle_anchor),
    periodStart: seconds(item.current_period_start),
    periodEnd: seconds(item.current_period_end),
    endsWithPeriod: subscription.cancel_at_period_end,
    isScheduled: Boolean(subscription.schedule),
  };
}

function planCodeOf(lookupKey: string | null | undefined): string | null {
  const code = new RegExp(`^${LOOKUP}_(\\w+)_(?:monthly|annual)_\\d+$`).exec(lookupKey ?? "")?.[1];
  return knownPlans().find((plan) => plan.code.toLowerCase() === code)?.code ?? null;
}

function cardOf(method: string | Stripe.PaymentMethod | null | undefined): ProviderAccount["paymentMethod"] {
  const card = typeof method === "object" ? method?.card : null;
  if (!card) return null;
  return { brand: card.brand, last4: card.last4, expiryMonth: card.exp_month, expiryYear: card.exp_year };
}

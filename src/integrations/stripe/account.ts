import type Stripe from "stripe";
import { type BillingInterval, FIRST_PLAN_CODE, type SubscriptionStatus, type Terms } from "../../domain/plan";
import type { ProviderAccount, ProviderSubscription } from "./billing";
import { idOf, itemsOf, planItemOf } from "./items";
import { paymentMethodOf } from "./payment-method";

/**
 * The statuses in which a subscription counts. One that is paused at Stripe (a trial that ended without a payment method)
 * bills nothing and counts as none, like one that has ended or was never paid.
 */
const STATUSES: Partial<Record<Stripe.Subscription.Status, SubscriptionStatus>> = {
  active: "ACTIVE",
  trialing: "TRIALING",
  past_due: "PAST_DUE",
  unpaid: "PAST_DUE",
};

/**
 * Everything that is known of a customer now. What is another customer's, or bills nothing of our plans, is none of our
 * business. A customer that was deleted has nothing any more.
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
  if (customer.deleted) return { subscriptions: [], paymentMethod: null, isGone: true };
  const live: Array<{ read: ProviderSubscription; shown: Stripe.Subscription }> = [];
  for (const shown of data.sort((a, b) => b.created - a.created)) {
    const read = idOf(shown.customer) === customerId ? await subscriptionOf(stripe, shown) : null;
    if (read) live.push({ read, shown });
  }
  const ofCustomer = customer.invoice_settings?.default_payment_method;
  const paymentMethod = paymentMethodOf(live[0]?.shown.default_payment_method) ?? paymentMethodOf(ofCustomer);
  return { subscriptions: live.map(({ read }) => read), paymentMethod, isGone: false };
}

async function subscriptionOf(stripe: Stripe, shown: Stripe.Subscription): Promise<ProviderSubscription | null> {
  const status = STATUSES[shown.status];
  const found = status && planItemOf(await itemsOf(stripe, shown));
  if (!found) return null;
  const { item, planCode } = found;
  const seconds = (time: number) => new Date(time * 1000);
  const isCollectionPaused = Boolean(shown.pause_collection);
  const endsWithPeriod = isCanceled(shown);
  return {
    id: shown.id,
    // Nobody pays while collection is paused, whatever the status says: the plan goes on and does not grow.
    status: isCollectionPaused ? "PAST_DUE" : status,
    isCollectionPaused,
    planCode,
    billingInterval: intervalOf(item.price),
    anchor: seconds(shown.billing_cycle_anchor),
    periodStart: seconds(item.current_period_start),
    periodEnd: seconds(item.current_period_end),
    endsWithPeriod,
    isScheduled: Boolean(shown.schedule),
    scheduled: shown.schedule && !endsWithPeriod ? await nextTermsOf(stripe, idOf(shown.schedule)) : null,
  };
}

/**
 * Whether a subscription was cancelled for later. Classic billing says so by `cancel_at_period_end`; under flexible
 * billing the portal sets `cancel_at` alone; so does a schedule that ends with a cancellation.
 */
export function isCanceled(subscription: Pick<Stripe.Subscription, "cancel_at" | "cancel_at_period_end">): boolean {
  return Boolean(subscription.cancel_at_period_end || subscription.cancel_at);
}

/** The plan that a schedule brings after what it bills now, whoever made it; null where nothing follows. */
async function nextTermsOf(stripe: Stripe, scheduleId: string): Promise<Terms | null> {
  const schedule = await stripe.subscriptionSchedules.retrieve(scheduleId, { expand: ["phases.items.price"] });
  const now = schedule.current_phase?.end_date ?? 0;
  const next = schedule.phases.find(({ start_date: start }) => start >= now);
  if (!next) return null;
  const items = next.items.flatMap(({ price }) => (typeof price === "object" && !price.deleted ? [{ price }] : []));
  const found = planItemOf(items);
  if (!found) return { planCode: FIRST_PLAN_CODE, billingInterval: "MONTHLY" };
  return { planCode: found.planCode, billingInterval: intervalOf(found.item.price) };
}

function intervalOf(price: Stripe.Price): BillingInterval {
  return price.recurring?.interval === "year" ? "ANNUAL" : "MONTHLY";
}

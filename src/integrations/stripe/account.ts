import type Stripe from "stripe";
import { type BillingInterval, FIRST_PLAN_CODE, type SubscriptionStatus, type Terms } from "../../domain/plan";
import type { ProviderAccount, ProviderSubscription } from "./billing";
import { idOf, itemsOf, planItemOf } from "./items";
import { paymentMethodOf } from "./payment-method";

/**
 * The Stripe statuses that count as a subscription. A paused one (its trial ended without a payment method) bills
 * nothing and does not count, nor does one that has ended or was never paid.
 */
const STATUSES: Partial<Record<Stripe.Subscription.Status, SubscriptionStatus>> = {
  active: "ACTIVE",
  trialing: "TRIALING",
  past_due: "PAST_DUE",
  unpaid: "PAST_DUE",
};

/**
 * Reads a customer's subscriptions and payment method. Ignores subscriptions of other customers, and those that bill
 * none of our plans.
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
  const found: Array<{ parsed: ProviderSubscription; subscription: Stripe.Subscription }> = [];
  for (const subscription of data.sort((a, b) => b.created - a.created)) {
    const parsed = idOf(subscription.customer) === customerId ? await parseSubscription(stripe, subscription) : null;
    if (parsed) found.push({ parsed, subscription });
  }
  const ofCustomer = customer.invoice_settings?.default_payment_method;
  const paymentMethod = paymentMethodOf(found[0]?.subscription.default_payment_method) ?? paymentMethodOf(ofCustomer);
  return { subscriptions: found.map(({ parsed }) => parsed), paymentMethod, isGone: false };
}

async function parseSubscription(
  stripe: Stripe,
  subscription: Stripe.Subscription,
): Promise<ProviderSubscription | null> {
  const status = STATUSES[subscription.status];
  const found = status && planItemOf(await itemsOf(stripe, subscription));
  if (!found) return null;
  const { item, planCode } = found;
  const seconds = (time: number) => new Date(time * 1000);
  const isCollectionPaused = Boolean(subscription.pause_collection);
  const endsWithPeriod = isCanceled(subscription);
  return {
    id: subscription.id,
    // While collection is paused nobody pays, even if the status is "active". Past due keeps the plan but stops growth.
    status: isCollectionPaused ? "PAST_DUE" : status,
    isCollectionPaused,
    planCode,
    billingInterval: intervalOf(item.price),
    anchor: seconds(subscription.billing_cycle_anchor),
    periodStart: seconds(item.current_period_start),
    periodEnd: seconds(item.current_period_end),
    endsWithPeriod,
    isScheduled: Boolean(subscription.schedule),
    scheduled: subscription.schedule && !endsWithPeriod ? await nextTermsOf(stripe, idOf(subscription.schedule)) : null,
  };
}

/**
 * Whether a subscription will be cancelled later. Classic billing sets `cancel_at_period_end`; the portal under flexible
 * billing, and a schedule that ends in a cancellation, set only `cancel_at`.
 */
export function isCanceled(subscription: Pick<Stripe.Subscription, "cancel_at" | "cancel_at_period_end">): boolean {
  return Boolean(subscription.cancel_at_period_end || subscription.cancel_at);
}

const UPCOMING: ReadonlySet<Stripe.SubscriptionSchedule.Status> = new Set(["active", "not_started"]);

/**
 * The plan in the schedule's next phase, also for schedules made by hand; null if there is no next phase. A schedule can
 * end after the subscription was read; Stripe then returns it with all its phases.
 */
async function nextTermsOf(stripe: Stripe, scheduleId: string): Promise<Terms | null> {
  const schedule = await stripe.subscriptionSchedules.retrieve(scheduleId, { expand: ["phases.items.price"] });
  if (!UPCOMING.has(schedule.status)) return null;
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

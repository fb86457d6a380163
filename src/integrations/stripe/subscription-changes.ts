import Stripe from "stripe";
import { isCanceled } from "./account";
import { BillingImpossible, type Order } from "./billing";
import { idempotencyKeyOf } from "./idempotency-key";
import { amountOf, idOf, itemsOf, lookupKeyOf, phaseItemOf, planItemOf } from "./items";

/** The price of an order by its lookup key, made where the account has none yet. */
export async function priceOf(stripe: Stripe, order: Order): Promise<string> {
  const lookupKey = lookupKeyOf(order);
  const { data } = await stripe.prices.list({ lookup_keys: [lookupKey], active: true, limit: 1 });
  const [known] = data;
  if (known) return known.id;
  const details = {
    currency: "usd",
    unit_amount: amountOf(order),
    recurring: { interval: intervalOf(order) },
    lookup_key: lookupKey,
    product_data: { name: `CloudThinker ${order.plan.name}` },
  };
  return (await stripe.prices.create(details, { idempotencyKey: idempotencyKeyOf("price", details) })).id;
}

function intervalOf({ billingInterval }: Order) {
  return billingInterval === "ANNUAL" ? ("year" as const) : ("month" as const);
}

/**
 * The difference is billed now, or nothing changes. An order that is billed already is not billed again. Items that are
 * not named stay as they are, so add-ons go on.
 */
export async function upgrade(stripe: Stripe, id: string, order: Order, attempt: string): Promise<void> {
  await assertBillable(stripe, id, order);
  const { subscription } = await withoutSchedule(stripe, id, attempt);
  const price = await priceOf(stripe, order);
  const { item } = planItemOf(await itemsOf(stripe, subscription)) ?? {};
  if (item?.price.id === price) {
    await revoke(stripe, subscription, attempt);
    return;
  }
  const change = {
    items: [{ ...(item && { id: item.id }), price, quantity: item?.quantity ?? 1 }],
    ...revocation(subscription),
    proration_behavior: "always_invoice" as const,
    payment_behavior: "error_if_incomplete" as const,
  };
  await stripe.subscriptions.update(id, change, { idempotencyKey: idempotencyKeyOf("upgrade", attempt, id, change) });
}

/**
 * What is billed from the next period on: it waits in a schedule, with all add-ons in both phases. A price that was
 * exchanged now would be what an upgrade is credited by later, instead of what was paid. No order: the whole
 * subscription ends, add-ons included, because they belong to a plan.
 */
export async function billNext(stripe: Stripe, id: string, order: Order | null, attempt: string): Promise<void> {
  const { subscription, released } = await withoutSchedule(stripe, id, attempt);
  const items = await itemsOf(stripe, subscription);
  const { item } = planItemOf(items) ?? {};
  if (!order || !item) {
    await endWithPeriod(stripe, subscription, items, item, attempt);
    return;
  }
  const price = await priceOf(stripe, order);
  await revoke(stripe, subscription, attempt);
  if (item.price.id === price) return;
  assertIntervals(subscription, items, item, order);
  // The same key would give the schedule of a former attempt again, which was just let go of.
  const options = { idempotencyKey: idempotencyKeyOf("schedule", attempt, id, price, released) };
  const schedule = await stripe.subscriptionSchedules.create({ from_subscription: id }, options);
  const start = schedule.phases[0]?.start_date ?? item.current_period_start;
  const terms = {
    ...(subscription.discounts?.length && {
      discounts: subscription.discounts.map((each) => ({ discount: idOf(each) })),
    }),
    ...(subscription.default_tax_rates?.length && { default_tax_rates: subscription.default_tax_rates.map(idOf) }),
  };
  const phases = [
    {
      items: items.map(phaseItemOf),
      ...terms,
      // A phase without it would end the trial, and bill at once.
      ...(subscription.status === "trialing" && subscription.trial_end && { trial_end: subscription.trial_end }),
      start_date: start,
      end_date: item.current_period_end,
    },
    {
      items: items.map((each) => ({ ...phaseItemOf(each), ...(each.id === item.id && { price }) })),
      ...terms,
      duration: { interval: intervalOf(order), interval_count: 1 } as const,
      proration_behavior: "none" as const,
    },
  ];
  const change = { end_behavior: "release" as const, phases };
  await stripe.subscriptionSchedules.update(schedule.id, change, {
    idempotencyKey: idempotencyKeyOf("phases", attempt, schedule.id, change),
  });
}

/** Throws BillingImpossible where Stripe could not bill an order beside what else the subscription bills. */
export async function assertBillable(stripe: Stripe, id: string, order: Order): Promise<void> {
  const subscription = await stripe.subscriptions.retrieve(id).catch((error: unknown) => {
    // One that is gone has no add-ons; whoever follows the account next will hear of it.
    if (error instanceof Stripe.errors.StripeInvalidRequestError && error.code === "resource_missing") return null;
    throw error;
  });
  if (!subscription) return;
  const items = await itemsOf(stripe, subscription);
  assertIntervals(subscription, items, planItemOf(items)?.item, order);
}

// Under classic billing all items of a subscription have one interval; Stripe refuses another one.
function assertIntervals(
  { billing_mode: mode }: Stripe.Subscription,
  items: readonly Stripe.SubscriptionItem[],
  planItem: Stripe.SubscriptionItem | undefined,
  order: Order,
): void {
  if (mode?.type === "flexible") return;
  const others = items.filter(
    ({ id, price }) => id !== planItem?.id && price.recurring?.interval !== intervalOf(order),
  );
  if (others.length === 0) return;
  throw new BillingImpossible(
    `An add-on of the subscription is not billed by the ${intervalOf(order)}, as the plan would be. ` +
      "Write to us to move the add-on, or keep the interval.",
  );
}

/**
 * Ends a subscription when what was paid for its plan is used up. Items that renew on other days would end it earlier by
 * `cancel_at_period_end`, which takes the earliest: then the day is named.
 */
async function endWithPeriod(
  stripe: Stripe,
  subscription: Stripe.Subscription,
  items: readonly Stripe.SubscriptionItem[],
  planItem: Stripe.SubscriptionItem | undefined,
  attempt: string,
): Promise<void> {
  const { id } = subscription;
  const end = planItem?.current_period_end;
  const isCommon = items.every(({ current_period_end: each }) => each === end);
  if (subscription.cancel_at_period_end || (end && subscription.cancel_at && subscription.cancel_at <= end)) return;
  const change = isCommon || !end ? { cancel_at_period_end: true } : { cancel_at: end };
  await stripe.subscriptions.update(id, change, { idempotencyKey: idempotencyKeyOf("next", attempt, id, change) });
}

/** Takes a cancellation back, in whichever way it was made: Stripe takes one of the two parameters at a time. */
async function revoke(stripe: Stripe, subscription: Stripe.Subscription, attempt: string): Promise<void> {
  if (!isCanceled(subscription)) return;
  const { id } = subscription;
  const change = revocation(subscription);
  await stripe.subscriptions.update(id, change, { idempotencyKey: idempotencyKeyOf("next", attempt, id, change) });
}

function revocation(subscription: Stripe.Subscription) {
  if (subscription.cancel_at_period_end) return { cancel_at_period_end: false };
  return subscription.cancel_at ? { cancel_at: "" as const } : {};
}

/** The subscription, after the schedule that may hold it was let go of: what was to come is decided anew. */
async function withoutSchedule(stripe: Stripe, id: string, attempt: string) {
  const subscription = await stripe.subscriptions.retrieve(id);
  const { schedule } = subscription;
  if (!schedule) return { subscription, released: null };
  const scheduleId = idOf(schedule);
  const options = { idempotencyKey: idempotencyKeyOf("release", attempt, scheduleId) };
  await stripe.subscriptionSchedules.release(scheduleId, {}, options);
  // A schedule that was to end the subscription has set `cancel_at`, which goes with it.
  return { subscription: await stripe.subscriptions.retrieve(id), released: scheduleId };
}

import Stripe from "stripe";
import { isCanceled } from "./account";
import { BillingImpossible, type Order } from "./billing";
import { idempotencyKeyOf } from "./idempotency-key";
import { amountOf, idOf, itemsOf, lookupKeyOf, phaseItemOf, planItemOf } from "./items";

/** Finds an order's price by its lookup key, or creates it. Returns Stripe's price id. */
export async function priceOf(stripe: Stripe, order: Order): Promise<string> {
  const known = await findPrice(stripe, order);
  if (known) return known.id;
  const details = {
    currency: "usd",
    unit_amount: amountOf(order),
    recurring: { interval: intervalOf(order) },
    lookup_key: lookupKeyOf(order),
    product_data: { name: `CloudThinker ${order.plan.name}` },
  };
  return (await stripe.prices.create(details, { idempotencyKey: idempotencyKeyOf("price", details) })).id;
}

/** Finds an order's price by its lookup key; undefined if Stripe does not have it yet. */
export async function findPrice(stripe: Stripe, order: Order): Promise<Stripe.Price | undefined> {
  const { data } = await stripe.prices.list({ lookup_keys: [lookupKeyOf(order)], active: true, limit: 1 });
  return data[0];
}

/** Returns Stripe's name of an order's billing interval. */
export function intervalOf({ billingInterval }: Order) {
  return billingInterval === "ANNUAL" ? ("year" as const) : ("month" as const);
}

/**
 * Changes the plan and bills the difference now; if the payment fails, nothing changes. Does not bill again for a plan
 * that is already billed. Stripe keeps all items that the update does not name, so add-ons continue.
 */
export async function upgrade(stripe: Stripe, id: string, order: Order, attempt: string): Promise<void> {
  await assertBillable(stripe, id, order);
  const { subscription } = await releaseSchedule(stripe, id, attempt);
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
 * Schedules an order for the next period, with all add-ons in both phases. The price is not exchanged now, because a
 * later upgrade would then credit the new price instead of the one that was paid. Without an order the whole
 * subscription ends, add-ons included: they belong to a plan.
 */
export async function billNext(stripe: Stripe, id: string, order: Order | null, attempt: string): Promise<void> {
  const { subscription, released } = await releaseSchedule(stripe, id, attempt);
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
  // Without `released` in the key, Stripe would return the schedule of an earlier attempt, which was just released.
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
      // Without this, the phase would end the trial and bill now.
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

/** Throws BillingImpossible if Stripe cannot bill the order together with the subscription's add-ons. */
export async function assertBillable(stripe: Stripe, id: string, order: Order): Promise<void> {
  const subscription = await findSubscription(stripe, id);
  // A deleted subscription has no add-ons. The next sync of the account will notice that it is gone.
  if (!subscription) return;
  const items = await itemsOf(stripe, subscription);
  assertIntervals(subscription, items, planItemOf(items)?.item, order);
}

/** A subscription; null if Stripe no longer has it. */
export async function findSubscription(stripe: Stripe, id: string): Promise<Stripe.Subscription | null> {
  return await stripe.subscriptions.retrieve(id).catch((error: unknown) => {
    if (error instanceof Stripe.errors.StripeInvalidRequestError && error.code === "resource_missing") return null;
    throw error;
  });
}

// Under classic billing Stripe requires one interval for all items of a subscription.
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
    `The subscription has an add-on that is not billed by the ${intervalOf(order)}, as the plan would be. ` +
      "Contact support to move the add-on, or keep the current interval.",
  );
}

/**
 * Cancels a subscription at the end of its plan's paid period. `cancel_at_period_end` takes the earliest renewal of all
 * items; if an add-on renews earlier, the plan's end is set as `cancel_at`.
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

/** Revokes a cancellation. Stripe accepts only one of its two parameters per call. */
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

/** Releases the subscription's schedule, if any, so that a new one can be set. Returns the subscription. */
async function releaseSchedule(stripe: Stripe, id: string, attempt: string) {
  const subscription = await stripe.subscriptions.retrieve(id);
  const { schedule } = subscription;
  if (!schedule) return { subscription, released: null };
  const scheduleId = idOf(schedule);
  const options = { idempotencyKey: idempotencyKeyOf("release", attempt, scheduleId) };
  await stripe.subscriptionSchedules.release(scheduleId, {}, options);
  // Read it again: releasing a schedule that ends in a cancellation also clears `cancel_at`.
  return { subscription: await stripe.subscriptions.retrieve(id), released: scheduleId };
}

import type { Call, Given } from "./stripe-calls";
import { canceledBefore, declined, missing, StripeRefusal } from "./stripe-refusal";
import {
  type Json,
  list,
  members,
  nested,
  periodEnd,
  type Schedule,
  type Subscription,
  showMethod,
} from "./stripe-shapes";
import type { StripeState } from "./stripe-state";

/** The number of items that a subscription includes. */
const SHOWN_ITEMS = 10;
const MANAGED =
  "The subscription is managed by a schedule, and updating any cancelation behavior directly is not allowed.";

/** Subscriptions and their schedules, with the refusals of the real ones. */
export const subscriptionCalls: Record<string, Call> = {
  "GET /v1/subscriptions": (state, _, given) => {
    if (!state.customers.has(given.customer ?? "")) throw missing("customer", given.customer ?? "", "customer");
    const found = [...state.subscriptions.values()].filter(({ customer }) => customer === given.customer);
    return list(found.map((each) => show(state, each, given)));
  },
  "GET /v1/subscriptions/:id": (state, id, given) => show(state, state.subscriptionOf(id), given),
  "GET /v1/subscription_items": (state, _, given) =>
    list(itemsOf(state, state.subscriptionOf(given.subscription ?? ""))),
  "POST /v1/subscriptions/:id": (state, id, given) => {
    const subscription = running(state, id);
    assertCancellation(subscription, given);
    const items = members(nested(given).items);
    if (items.length > 0 && state.declines && given.payment_behavior === "error_if_incomplete") throw declined();
    for (const item of items) exchange(state, subscription, item, given.proration_behavior);
    if (given.cancel_at_period_end) subscription.cancelAtPeriodEnd = given.cancel_at_period_end === "true";
    if (given.cancel_at !== undefined) subscription.cancelAt = given.cancel_at === "" ? null : Number(given.cancel_at);
    return show(state, subscription, given);
  },
  "DELETE /v1/subscriptions/:id": (state, id, given) => {
    const subscription = state.subscriptionOf(id);
    if (subscription.status === "canceled") throw canceledBefore(id);
    subscription.status = "canceled";
    return show(state, subscription, given);
  },
  "POST /v1/subscription_schedules": (state, _, given) => {
    const subscription = running(state, given.from_subscription ?? "");
    if (subscription.schedule) throw new StripeRefusal("The subscription has a schedule already.");
    if (subscription.cancelAtPeriodEnd || subscription.cancelAt) {
      throw new StripeRefusal("A subscription that is set to cancel cannot be migrated to a schedule.");
    }
    const items = subscription.items.map(({ price, quantity }) => ({ price, quantity }));
    const phases = [{ items, start: subscription.start, end: periodEnd(subscription) }];
    subscription.schedule = state.next("sub_sched");
    state.schedules.set(subscription.schedule, { subscription: subscription.id, phases });
    return showSchedule(state, subscription.schedule);
  },
  "GET /v1/subscription_schedules/:id": (state, id) => showSchedule(state, id),
  "POST /v1/subscription_schedules/:id": (state, id, given) => {
    const schedule = scheduleOf(state, id);
    schedule.phases = phasesOf(state, schedule, nested(given).phases);
    return showSchedule(state, id);
  },
  "POST /v1/subscription_schedules/:id/release": (state, id) => {
    const { subscription } = scheduleOf(state, id);
    Object.assign(state.subscriptionOf(subscription), { schedule: null, cancelAt: null });
    return { id, object: "subscription_schedule", status: "released" };
  },
};

function running(state: StripeState, id: string): Subscription {
  const subscription = state.subscriptionOf(id);
  if (subscription.status !== "canceled") return subscription;
  throw new StripeRefusal("A canceled subscription can only update its cancellation_details and metadata.");
}

function assertCancellation(subscription: Subscription, given: Given): void {
  const both = given.cancel_at !== undefined && given.cancel_at_period_end !== undefined;
  if (both) throw new StripeRefusal("Received both cancel_at and cancel_at_period_end. Please pass in only one.");
  const any = given.cancel_at !== undefined || given.cancel_at_period_end !== undefined;
  if (any && subscription.schedule) throw new StripeRefusal(MANAGED);
}

/** Another interval begins at once and is charged, regardless of the proration. An item without an id is added. */
function exchange(state: StripeState, subscription: Subscription, given: Given, proration: string | undefined): void {
  const { price = "" } = given;
  if (!state.prices.has(price)) throw missing("price", price, "items[0][price]");
  const item = subscription.items.find(({ id }) => id === given.id);
  if (given.id && !item) throw missing("subscription_item", given.id, "items[0][id]");
  if (subscription.items.some((each) => each !== item && each.price === price)) {
    throw new StripeRefusal("Cannot add multiple subscription items with the same price.");
  }
  const before = item ? { ...item } : null;
  if (item) Object.assign(item, { price, quantity: Number(given.quantity ?? 1) });
  else subscription.items.push({ id: state.next("si"), price, quantity: Number(given.quantity ?? 1), shift: 0 });
  assertIntervals(state, subscription);
  if (before?.price === price) return;
  const intervalOf = (id: string | undefined) => state.prices.get(id ?? "")?.recurring.interval;
  const isNewInterval = intervalOf(price) !== intervalOf(before?.price);
  if (isNewInterval) subscription.start = Math.floor(Date.now() / 1000);
  if (!isNewInterval && proration !== "always_invoice") return;
  state.invoices.push({ subscription: subscription.id, price });
  state.invoice(subscription.id, price);
}

function assertIntervals(
  state: StripeState,
  { billingMode, items }: Pick<Subscription, "billingMode" | "items">,
): void {
  const intervals = new Set(items.map(({ price }) => state.prices.get(price)?.recurring.interval));
  if (billingMode === "flexible" || intervals.size <= 1) return;
  throw new StripeRefusal("Currency and interval fields must match across all plans on this subscription.");
}

function scheduleOf(state: StripeState, id: string): Schedule {
  const schedule = state.schedules.get(id);
  if (!schedule || !isActive(state, id, schedule)) throw missing("subscription_schedule", id);
  return schedule;
}

/** Whether the schedule still drives its subscription. */
function isActive(state: StripeState, id: string, { subscription }: Schedule): boolean {
  return state.subscriptionOf(subscription).schedule === id;
}

/** The phases of a schedule: the first keeps its start, and each other phase begins at the end of the previous one. */
function phasesOf(state: StripeState, schedule: Schedule, given: Json[string] | undefined): Schedule["phases"] {
  const { billingMode, status } = state.subscriptionOf(schedule.subscription);
  let at = schedule.phases[0]?.start ?? 0;
  return Object.values((given ?? {}) as Record<string, Json>).map((phase, index) => {
    const start = index === 0 ? Number(phase.start_date) : at;
    if (start !== at) throw new StripeRefusal("You can not modify the start date of the current phase.");
    if (phase.end_date && phase.duration) throw new StripeRefusal("Give either end_date or duration.");
    const items = members(phase.items).map(({ price = "", quantity }) => {
      if (!state.prices.has(price)) throw missing("price", price, "phases[0][items][0][price]");
      return { price, quantity: quantity === undefined ? undefined : Number(quantity) };
    });
    if (index === 0 && status === "trialing" && !phase.trial_end) throw new StripeRefusal("That would end the trial.");
    if (items.length === 0) throw new StripeRefusal("A phase needs items.");
    if (index > 0) assertIntervals(state, { billingMode, items: items.map((each) => ({ ...each, id: "", shift: 0 })) });
    at = phase.end_date ? Number(phase.end_date) : start + 30 * 24 * 3600;
    return { items, start, end: at };
  });
}

function showSchedule(state: StripeState, id: string): Json {
  const schedule = state.schedules.get(id);
  if (!schedule) throw missing("subscription_schedule", id);
  const { subscription, phases } = schedule;
  const [now] = phases;
  const shown = phases.map(({ items, start, end }) => ({
    ...{ start_date: start, end_date: end },
    items: items.map(({ price, quantity }) => ({
      price: state.prices.get(price) ?? price,
      quantity: quantity ?? null,
    })),
  }));
  const base = { id, object: "subscription_schedule", phases: shown };
  if (!isActive(state, id, schedule)) return { ...base, status: "released", subscription: null, current_phase: null };
  const current = now ? { start_date: now.start, end_date: now.end } : null;
  return { ...base, status: "active", subscription, current_phase: current };
}

function itemsOf(state: StripeState, subscription: Subscription): Json[] {
  return subscription.items.map((item) => ({
    ...{ id: item.id, object: "subscription_item", price: state.prices.get(item.price) ?? null },
    ...{ current_period_start: subscription.start, current_period_end: periodEnd(subscription, item) },
    ...(item.quantity !== undefined && { quantity: item.quantity }),
  }));
}

function show(state: StripeState, subscription: Subscription, given: Given): Json {
  const { id, customer, status, created, start, cancelAtPeriodEnd, cancelAt, schedule } = subscription;
  return {
    ...{ id, object: "subscription", customer, status, created, schedule },
    trial_end: status === "trialing" ? periodEnd(subscription) : null,
    billing_mode: { type: subscription.billingMode },
    billing_cycle_anchor: start,
    cancel_at_period_end: cancelAtPeriodEnd,
    cancel_at: cancelAtPeriodEnd ? periodEnd(subscription) : cancelAt,
    pause_collection: subscription.isCollectionPaused ? { behavior: "void", resumes_at: null } : null,
    default_payment_method: showMethod(state.customers.get(customer)?.method ?? null, Boolean(given["expand[0]"])),
    items: {
      ...list(itemsOf(state, subscription).slice(0, SHOWN_ITEMS)),
      has_more: subscription.items.length > SHOWN_ITEMS,
    },
  };
}

import type { Call } from "./stripe-calls";
import { missing, StripeRefusal } from "./stripe-refusal";
import { type Json, nested, type Price, periodEnd, type Subscription } from "./stripe-shapes";
import type { StripeState } from "./stripe-state";

/** Longer than any month, so that a new period differs from a running one. */
const PERIOD = { month: 31 * 24 * 3600, year: 365 * 24 * 3600 };

interface Row {
  id: string | undefined;
  price: Pick<Price, "unit_amount" | "recurring">;
  quantity: number;
}

/** A preview of an invoice: has the charges of the same change, but changes nothing. */
export const previewCalls: Record<string, Call> = {
  "POST /v1/invoices/create_preview": (state, _, given) => {
    if (given.customer && !state.customers.has(given.customer)) throw missing("customer", given.customer, "customer");
    const details = (nested(given).subscription_details ?? {}) as Json;
    const rows = Object.values((details.items ?? {}) as Json).map((item) => rowOf(state, item as Json));
    if (rows.length === 0) throw new StripeRefusal("There is nothing to preview.");
    if (!given.subscription) return show(amountOf(rows), Math.floor(Date.now() / 1000) + lengthOf(rows[0]));
    const subscription = state.subscriptionOf(given.subscription);
    if (given.preview_mode === "recurring") {
      return show(amountOf(merged(state, subscription, rows)), periodEnd(subscription));
    }
    return showChange(state, subscription, rows, String(details.proration_behavior ?? ""));
  },
};

function rowOf(state: StripeState, { id, price, price_data: data, quantity }: Json): Row {
  if (price && data) throw new StripeRefusal("Give either price or price_data.");
  if (price && !state.prices.has(String(price))) throw missing("price", String(price), "price");
  const { unit_amount: amount, recurring } = (data ?? {}) as { unit_amount?: string; recurring?: { interval: string } };
  const described = { unit_amount: Number(amount), recurring: recurring ?? { interval: "" } };
  const known = state.prices.get(String(price)) ?? described;
  return { id: id === undefined ? undefined : String(id), price: known, quantity: Number(quantity ?? 1) };
}

/** All items after the exchange. */
function merged(state: StripeState, subscription: Subscription, rows: readonly Row[]): Row[] {
  const kept = subscription.items.filter(({ id }) => !rows.some((row) => row.id === id));
  for (const { id } of rows) {
    if (id && !subscription.items.some((item) => item.id === id))
      throw missing("subscription_item", id, "items[0][id]");
  }
  const others = kept.flatMap(({ id, price, quantity = 1 }) => {
    const known = state.prices.get(price);
    return known ? [{ id, price: known, quantity }] : [];
  });
  return [...others, ...rows];
}

/** Like the stand-in's update of a subscription: another interval is billed at once, the same interval by proration. */
function showChange(state: StripeState, subscription: Subscription, rows: readonly Row[], proration: string): Json {
  merged(state, subscription, rows);
  const [row] = rows;
  const before = state.prices.get(subscription.items.find(({ id }) => id === row?.id)?.price ?? "");
  const isNewInterval = before?.recurring.interval !== row?.price.recurring.interval;
  const isBilled = isNewInterval || proration === "always_invoice";
  const end = isNewInterval ? Math.floor(Date.now() / 1000) + lengthOf(row) : periodEnd(subscription);
  return show(isBilled ? (row?.price.unit_amount ?? 0) : 0, end);
}

const amountOf = (rows: readonly Row[]) =>
  rows.reduce((sum, { price, quantity }) => sum + price.unit_amount * quantity, 0);
const lengthOf = (row: Row | undefined) => PERIOD[row?.price.recurring.interval === "year" ? "year" : "month"];

function show(amount: number, end: number): Json {
  const line = { id: "il_preview", object: "line_item", amount, period: { start: end - PERIOD.month, end } };
  return {
    ...{ id: "upcoming_in_preview", object: "invoice", currency: "usd", total: amount, amount_due: amount },
    lines: { object: "list", data: [line], has_more: false },
  };
}

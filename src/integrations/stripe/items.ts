import type Stripe from "stripe";
import { annualPriceCents, isUpgrade, knownPlans } from "../../domain/plan";
import type { Order } from "./billing";

const LOOKUP = "cloudthinker";
const KEY = new RegExp(`^${LOOKUP}_(\\w+)_(?:monthly|annual)_\\d+$`);

/** The lookup key of an order's price. It contains the amount: a new amount creates a new price, and old ones stay. */
export function lookupKeyOf({ plan, billingInterval }: Order): string {
  return [LOOKUP, plan.code, billingInterval, amountOf({ plan, billingInterval })].join("_").toLowerCase();
}

/** The price of an order per interval, in US cents. */
export function amountOf({ plan, billingInterval }: Order): number {
  return (billingInterval === "ANNUAL" ? annualPriceCents(plan) : plan.monthlyPriceCents) ?? 0;
}

/** The plan that a price bills, or null for other prices. */
export function planCodeOf(price: Pick<Stripe.Price, "lookup_key"> | null | undefined): string | null {
  const code = KEY.exec(price?.lookup_key ?? "")?.[1];
  return knownPlans().find((plan) => plan.code.toLowerCase() === code)?.code ?? null;
}

/** All items of a subscription. Stripe includes only the first ones in the subscription itself. */
export async function itemsOf(stripe: Stripe, { id, items }: Stripe.Subscription): Promise<Stripe.SubscriptionItem[]> {
  if (!items.has_more) return items.data;
  return await stripe.subscriptionItems.list({ subscription: id, limit: 100 }).autoPagingToArray({ limit: 1000 });
}

/**
 * The item that bills one of our plans; other items are add-ons. If several bill a plan, the largest plan counts,
 * because the customer pays for all of them.
 */
export function planItemOf<Item extends { price: Pick<Stripe.Price, "lookup_key"> }>(
  items: readonly Item[],
): { item: Item; planCode: string } | undefined {
  const ours = items.flatMap((item) => {
    const planCode = planCodeOf(item.price);
    return planCode ? [{ item, planCode }] : [];
  });
  return ours.reduce<(typeof ours)[number] | undefined>(
    (largest, each) => (!largest || isUpgrade(largest.planCode, each.planCode) ? each : largest),
    undefined,
  );
}

/** A subscription item in the form of a schedule's phase, with the same terms. Metered items have no quantity. */
export function phaseItemOf({ price, quantity, discounts, tax_rates, metadata }: Stripe.SubscriptionItem) {
  return {
    price: price.id,
    ...(quantity !== undefined && { quantity }),
    ...(discounts?.length && { discounts: discounts.map((each) => ({ discount: idOf(each) })) }),
    ...(tax_rates?.length && { tax_rates: tax_rates.map(idOf) }),
    ...(metadata && Object.keys(metadata).length > 0 && { metadata }),
  };
}

/** The id of an object that Stripe returns expanded or as an id. */
export function idOf(value: string | { id: string }): string {
  return typeof value === "string" ? value : value.id;
}

import type Stripe from "stripe";
import { isUpgrade, knownPlans } from "../../domain/plan";
import type { Order } from "./billing";

const LOOKUP = "cloudthinker";
const KEY = new RegExp(`^${LOOKUP}_(\\w+)_(?:monthly|annual)_\\d+$`);

/** What a price is found by. Its amount belongs to it: a plan that is priced anew gets a new price, old ones stay. */
export function lookupKeyOf({ plan, billingInterval }: Order): string {
  return [LOOKUP, plan.code, billingInterval, amountOf({ plan, billingInterval })].join("_").toLowerCase();
}

/** What an order costs per interval, in US cents. */
export function amountOf({ plan, billingInterval }: Order): number {
  return (plan.monthlyPriceCents ?? 0) * (billingInterval === "ANNUAL" ? 12 : 1);
}

/** The plan that a price bills; null where it is none of ours. */
export function planCodeOf(price: Pick<Stripe.Price, "lookup_key"> | null | undefined): string | null {
  const code = KEY.exec(price?.lookup_key ?? "")?.[1];
  return knownPlans().find((plan) => plan.code.toLowerCase() === code)?.code ?? null;
}

/** Everything that a subscription bills. A subscription shows its first items only. */
export async function itemsOf(stripe: Stripe, { id, items }: Stripe.Subscription): Promise<Stripe.SubscriptionItem[]> {
  if (!items.has_more) return items.data;
  return await stripe.subscriptionItems.list({ subscription: id, limit: 100 }).autoPagingToArray({ limit: 1000 });
}

/**
 * The item that bills one of our plans, wherever it stands: add-ons are items too, and none of our business. Of several
 * plans the largest counts, because all of them are paid for.
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

/** The same item with the same terms, as a phase of a schedule takes it. Metered items have no quantity. */
export function phaseItemOf({ price, quantity, discounts, tax_rates, metadata }: Stripe.SubscriptionItem) {
  return {
    price: price.id,
    ...(quantity !== undefined && { quantity }),
    ...(discounts?.length && { discounts: discounts.map((each) => ({ discount: idOf(each) })) }),
    ...(tax_rates?.length && { tax_rates: tax_rates.map(idOf) }),
    ...(metadata && Object.keys(metadata).length > 0 && { metadata }),
  };
}

/** The id of what may be expanded. */
export function idOf(value: string | { id: string }): string {
  return typeof value === "string" ? value : value.id;
}

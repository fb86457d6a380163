import type Stripe from "stripe";
import type { ChargePreview, Order } from "./billing";
import { amountOf, idOf, itemsOf, lookupKeyOf, planItemOf } from "./items";
import { assertBillable, findPrice, findSubscription, intervalOf } from "./subscription-changes";

/** The charge of `upgrade`, from Stripe's previews of invoices. Changes nothing. Throws BillingImpossible. */
export async function previewUpgrade(stripe: Stripe, id: string, order: Order): Promise<ChargePreview> {
  await assertBillable(stripe, id, order);
  const { item, exchange } = await exchangeOf(stripe, await stripe.subscriptions.retrieve(id), order);
  const recurring = await previewRecurring(stripe, id, exchange);
  const isBilledAlready = item?.price.lookup_key === lookupKeyOf(order);
  if (isBilledAlready) return { dueNowCents: 0, nextAmountCents: recurring, nextChargeAt: endOf(item) };
  const invoice = await stripe.invoices.createPreview({
    subscription: id,
    subscription_details: { items: [exchange], proration_behavior: "always_invoice" },
  });
  const isSameInterval = item?.price.recurring?.interval === intervalOf(order);
  const nextChargeAt = isSameInterval ? endOf(item) : lastPeriodEnd(invoice);
  return { dueNowCents: Math.max(0, invoice.amount_due), nextAmountCents: recurring, nextChargeAt };
}

/** The charge of the next period after `billNext`. Null if Stripe no longer has the subscription. */
export async function previewNext(stripe: Stripe, id: string, order: Order): Promise<ChargePreview | null> {
  const subscription = await findSubscription(stripe, id);
  if (!subscription) return null;
  const { item, exchange } = await exchangeOf(stripe, subscription, order);
  const nextAmountCents = await previewRecurring(stripe, id, exchange);
  return { dueNowCents: 0, nextAmountCents, nextChargeAt: endOf(item) };
}

/**
 * The charge of a checkout for a first subscription. Null while Stripe does not have the price, which this does not
 * create.
 */
export async function previewCheckout(
  stripe: Stripe,
  customer: string | null,
  order: Order,
): Promise<ChargePreview | null> {
  const price = await findPrice(stripe, order);
  if (!price) return null;
  const invoice = await stripe.invoices.createPreview({
    ...(customer ? { customer } : { currency: "usd" }),
    subscription_details: { items: [{ price: price.id, quantity: 1 }] },
  });
  const { amount_due: due, total } = invoice;
  return { dueNowCents: Math.max(0, due), nextAmountCents: total, nextChargeAt: lastPeriodEnd(invoice) };
}

/** The plan's item, and the change that exchanges its price. A price that Stripe does not have yet is only described. */
async function exchangeOf(stripe: Stripe, subscription: Stripe.Subscription, order: Order) {
  const { item } = planItemOf(await itemsOf(stripe, subscription)) ?? {};
  const price = await findPrice(stripe, order);
  const described = item && {
    price_data: {
      currency: "usd",
      product: idOf(item.price.product),
      recurring: { interval: intervalOf(order) },
      unit_amount: amountOf(order),
    },
  };
  const exchange = { ...(item && { id: item.id }), ...(price ? { price: price.id } : described) };
  return { item, exchange: { ...exchange, quantity: item?.quantity ?? 1 } };
}

type Exchange = Awaited<ReturnType<typeof exchangeOf>>["exchange"];

/** One period's bill with all add-ons, without prorations. */
async function previewRecurring(stripe: Stripe, id: string, exchange: Exchange): Promise<number> {
  const { total } = await stripe.invoices.createPreview({
    subscription: id,
    preview_mode: "recurring",
    subscription_details: { items: [exchange], proration_behavior: "none" },
  });
  return total;
}

function endOf(item: Stripe.SubscriptionItem | undefined): Date | null {
  return item ? new Date(item.current_period_end * 1000) : null;
}

function lastPeriodEnd({ lines }: Stripe.Invoice): Date | null {
  const ends = lines.data.map(({ period }) => period.end);
  return ends.length === 0 ? null : new Date(Math.max(...ends) * 1000);
}

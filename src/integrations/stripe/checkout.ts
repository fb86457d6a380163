import type Stripe from "stripe";
import { idempotencyKeyOf } from "./idempotency-key";

/**
 * The page on which a customer pays for a price. One that is open for the same is used again, others are closed first,
 * so that nobody pays twice on two pages. The key holds the newest page that there was: opened twice at once it is one.
 */
export async function openCheckout(stripe: Stripe, customer: string, price: string, page: string): Promise<string> {
  const { data } = await stripe.checkout.sessions.list({ customer, limit: 20 });
  const open = data.filter(({ status }) => status === "open");
  const same = open.find(({ metadata, url }) => url && metadata?.price === price);
  for (const { id } of open) {
    if (id !== same?.id)
      await stripe.checkout.sessions.expire(id, {}, { idempotencyKey: idempotencyKeyOf("expire", id) });
  }
  if (same?.url) return same.url;
  const session = await stripe.checkout.sessions.create(
    {
      mode: "subscription",
      customer,
      line_items: [{ price, quantity: 1 }],
      metadata: { price },
      success_url: page,
      cancel_url: page,
    },
    { idempotencyKey: idempotencyKeyOf("checkout", customer, price, page, data[0]?.id) },
  );
  if (!session.url) throw new Error("Stripe opened a checkout without a page.");
  return session.url;
}

/** Closes every page on which a customer could still pay. One that is paid or closed in between is left. */
export async function closeCheckouts(stripe: Stripe, customer: string): Promise<void> {
  for await (const { id } of stripe.checkout.sessions.list({ customer, status: "open", limit: 100 })) {
    try {
      await stripe.checkout.sessions.expire(id, {}, { idempotencyKey: idempotencyKeyOf("expire", id) });
    } catch (error) {
      if ((await stripe.checkout.sessions.retrieve(id)).status === "open") throw error;
    }
  }
}

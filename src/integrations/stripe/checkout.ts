import type Stripe from "stripe";
import { idempotencyKeyOf } from "./idempotency-key";

/**
 * Opens the page where a customer pays for a price, and returns its URL. The page leads back to `paidPage` after the
 * payment, and to `page` without one. Reuses an open page for the same price and closes all others, so that nobody pays
 * twice. The idempotency key contains the newest existing page, so two calls at the same time open one page.
 */
export async function openCheckout(
  stripe: Stripe,
  customer: string,
  { price, page, paidPage }: { price: string; page: string; paidPage: string },
): Promise<string> {
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
      success_url: paidPage,
      cancel_url: page,
    },
    { idempotencyKey: idempotencyKeyOf("checkout", customer, price, page, data[0]?.id) },
  );
  if (!session.url) throw new Error("Stripe created a checkout session without a URL.");
  return session.url;
}

/** Closes all open checkout pages of a customer. Skips pages that have been paid or closed since. */
export async function closeCheckouts(stripe: Stripe, customer: string): Promise<void> {
  for await (const { id } of stripe.checkout.sessions.list({ customer, status: "open", limit: 100 })) {
    try {
      await stripe.checkout.sessions.expire(id, {}, { idempotencyKey: idempotencyKeyOf("expire", id) });
    } catch (error) {
      if ((await stripe.checkout.sessions.retrieve(id)).status === "open") throw error;
    }
  }
}

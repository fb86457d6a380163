import { randomUUID } from "node:crypto";
import Stripe from "stripe";
import type { Refund } from "./billing";
import { idempotencyKeyOf } from "./idempotency-key";

const COMMENT = "The organization was deleted before this was paid for.";
/** Stripe's codes for money that is already on its way back: by a manual refund or a bank dispute. */
const REFUNDED_ELSEWHERE = ["charge_already_refunded", "charge_disputed"];

/**
 * Cancels a subscription now and refunds its invoices since `since`, or all for null. Money goes back where it came
 * from: the payment method or the customer's balance. A credit note never exceeds the rest of its invoice, so repeating
 * this refunds nothing twice. Not settled while a payment is being processed (SEPA takes days).
 */
export async function cancelAndRefund(stripe: Stripe, id: string, since: Date | null): Promise<Refund> {
  await cancel(stripe, id);
  let cents = 0;
  let isSettled = true;
  const created = since && { created: { gte: Math.floor(since.getTime() / 1000) } };
  for await (const invoice of stripe.invoices.list({ subscription: id, limit: 100, ...created })) {
    if (invoice.status === "paid") cents += await refundInvoice(stripe, invoice);
    else if (invoice.status === "open") isSettled = (await tryVoid(stripe, invoice)) && isSettled;
    else if (invoice.status === "draft") await stopDraft(stripe, invoice);
  }
  return { cents, isSettled };
}

/** Cancels a subscription unless it has ended. Stripe refuses to cancel one that another job cancels in the meantime. */
async function cancel(stripe: Stripe, id: string): Promise<void> {
  const hasEnded = async () => (await stripe.subscriptions.retrieve(id)).status === "canceled";
  if (await hasEnded()) return;
  const details = { invoice_now: false, prorate: false, cancellation_details: { comment: COMMENT } };
  try {
    await stripe.subscriptions.cancel(id, details, { idempotencyKey: idempotencyKeyOf("end", id) });
  } catch (error) {
    if (!(await hasEnded())) throw error;
  }
}

/** Refunds the rest of a paid invoice. Returns the total refunded so far, in cents. */
async function refundInvoice(stripe: Stripe, invoice: Stripe.Invoice): Promise<number> {
  const {
    id,
    amount_paid: paid,
    post_payment_credit_notes_amount: refunded,
    pre_payment_credit_notes_amount: waived,
  } = invoice;
  const left = invoice.total - waived - refunded;
  if (left <= 0) return refunded;
  const refund = Math.min(paid, left);
  const note = {
    invoice: id,
    amount: left,
    ...(refund > 0 && { refund_amount: refund }),
    ...(left > refund && { credit_amount: left - refund }),
    reason: "order_change" as const,
    memo: COMMENT,
  };
  try {
    await stripe.creditNotes.create(note, { idempotencyKey: idempotencyKeyOf("return", note) });
    return refunded + left;
  } catch (error) {
    if (error instanceof Stripe.errors.StripeInvalidRequestError && REFUNDED_ELSEWHERE.includes(error.code ?? "")) {
      return refunded;
    }
    throw error;
  }
}

/**
 * Voids an open invoice. Returns false if Stripe refuses because its payment is being processed. Each try has its own
 * key, because Stripe would repeat the refusal for the same one.
 */
async function tryVoid(stripe: Stripe, { id }: Stripe.Invoice): Promise<boolean> {
  try {
    await stripe.invoices.voidInvoice(id, {}, { idempotencyKey: idempotencyKeyOf("void", id, randomUUID()) });
    return true;
  } catch (error) {
    if (error instanceof Stripe.errors.StripeInvalidRequestError) return false;
    throw error;
  }
}

/** A subscription's draft cannot be deleted, but it is never sent once automatic advance is off. */
async function stopDraft(stripe: Stripe, { id, auto_advance: advances }: Stripe.Invoice): Promise<void> {
  if (!advances) return;
  const change = { auto_advance: false };
  await stripe.invoices.update(id, change, { idempotencyKey: idempotencyKeyOf("draft", id, change) });
}

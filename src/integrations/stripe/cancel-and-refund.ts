import { randomUUID } from "node:crypto";
import Stripe from "stripe";
import type { Refund } from "./billing";
import { idempotencyKeyOf } from "./idempotency-key";

const ENDED: readonly Stripe.Subscription.Status[] = ["canceled", "incomplete_expired"];
const COMMENT = "The organization was deleted before this was paid for.";
/** The money is on its way back already: by a refund that somebody made by hand, or by the bank. */
const REFUNDED_ELSEWHERE = ["charge_already_refunded", "charge_disputed"];

/**
 * Ends a subscription at once, and gives back what was paid on its invoices since a moment, or on all of them: to the payment method what came from there, to
 * the customer's balance what came from that. A credit note is never larger than what its invoice has left, so nothing is
 * given back twice, however often this is repeated. Not settled while a payment is still on its way (SEPA takes days).
 */
export async function cancelAndRefund(stripe: Stripe, id: string, since: Date | null): Promise<Refund> {
  const { status } = await stripe.subscriptions.retrieve(id);
  if (!ENDED.includes(status)) {
    const details = { invoice_now: false, prorate: false, cancellation_details: { comment: COMMENT } };
    await stripe.subscriptions.cancel(id, details, { idempotencyKey: idempotencyKeyOf("end", id) });
  }
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

/** Gives what is left of a paid invoice, and says how much was given back in all. */
async function refundInvoice(stripe: Stripe, invoice: Stripe.Invoice): Promise<number> {
  const {
    id,
    amount_paid: paid,
    post_payment_credit_notes_amount: given,
    pre_payment_credit_notes_amount: never,
  } = invoice;
  const left = invoice.total - never - given;
  if (left <= 0) return given;
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
    return given + left;
  } catch (error) {
    if (error instanceof Stripe.errors.StripeInvalidRequestError && REFUNDED_ELSEWHERE.includes(error.code ?? "")) {
      return given;
    }
    throw error;
  }
}

/**
 * Nobody is to pay an open invoice any more. Stripe refuses to void one whose payment is on its way, and would repeat that
 * refusal for the same key: each try has its own.
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

/** A draft of a subscription cannot be deleted; it is never sent where it does not advance by itself. */
async function stopDraft(stripe: Stripe, { id, auto_advance: advances }: Stripe.Invoice): Promise<void> {
  if (!advances) return;
  const change = { auto_advance: false };
  await stripe.invoices.update(id, change, { idempotencyKey: idempotencyKeyOf("draft", id, change) });
}

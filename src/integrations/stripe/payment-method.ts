import type Stripe from "stripe";
import type { PaymentMethod } from "../../domain/billing";

/**
 * The parts of a payment method by which the Owner recognizes it: a card's brand, digits and expiry, or the last
 * characters of a SEPA mandate's IBAN. Link has no such part; its e-mail address is left out for privacy.
 */
export function paymentMethodOf(method: string | Stripe.PaymentMethod | null | undefined): PaymentMethod | null {
  if (!method || typeof method === "string") return null;
  const { type, card, sepa_debit: sepa } = method;
  if (card) {
    const { brand, last4, exp_month: expiryMonth, exp_year: expiryYear } = card;
    return { kind: "CARD", brand, last4, expiryMonth, expiryYear };
  }
  if (type === "sepa_debit") return { kind: "SEPA_DEBIT", last4: sepa?.last4 ?? null };
  return { kind: type === "link" ? "LINK" : "OTHER", last4: null };
}

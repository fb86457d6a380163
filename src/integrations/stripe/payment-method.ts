import type Stripe from "stripe";
import type { PaymentMethod } from "../../domain/billing";

/**
 * How a customer pays, as far as the Owner needs to recognize it. Cards have a brand and an end; a SEPA mandate has the
 * last characters of its IBAN; Link says nothing of what stands behind it, and its address is nobody's business.
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

import Stripe from "stripe";

/** Whether a call failed because Stripe cannot be reached, fails itself or limits our calls, after all retries. */
export function isStripeOutage(error: unknown): boolean {
  const { StripeConnectionError, StripeAPIError, StripeRateLimitError } = Stripe.errors;
  return [StripeConnectionError, StripeAPIError, StripeRateLimitError].some((outage) => error instanceof outage);
}

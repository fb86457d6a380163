// By name and not by class, because Stripe's library is loaded only if it is configured.
const OUTAGES: readonly unknown[] = ["StripeConnectionError", "StripeAPIError", "StripeRateLimitError"];

/** Whether a call failed because Stripe cannot be reached, fails itself or limits our calls, after all retries. */
export function isStripeOutage(error: unknown): boolean {
  return error instanceof Error && "type" in error && OUTAGES.includes(error.type);
}

import { BillingUnavailable } from "../../domain/denial";
import { isStripeOutage } from "../../integrations/stripe/outage";

/** Calls the payment provider for a person who waits. Throws BILLING_UNAVAILABLE while it cannot be reached. */
export async function reachProvider<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw isStripeOutage(error) ? new BillingUnavailable(error) : error;
  }
}

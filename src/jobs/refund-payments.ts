import type { Services } from "../commands/runner/unit-of-work";
import type { Billing } from "../integrations/stripe/billing";
import { markRefunded, refusedSubscriptions } from "../store/refused-subscription";
import { subscriptionOf } from "../store/subscription";
import { changeUnlessPurged } from "./change-unless-purged";

/**
 * Ends the subscriptions that were refused for an organization, and gives back what was paid for them. Throws to be tried
 * again; what is not settled yet, because a payment is still on its way, is looked at again with the next event and in
 * the hourly comparison. The log tells of it once.
 */
export async function refundPayments(services: Services, billing: Billing, organizationId: string): Promise<void> {
  for (const { providerSubscriptionId: id, returnsSince, isSettled } of await refusedSubscriptions(
    services.database,
    organizationId,
  )) {
    if (isSettled) continue;
    const returned = await billing.cancelAndRefund(id, returnsSince);
    if (!returned.isSettled) continue;
    await changeUnlessPurged(services, organizationId, async ({ transaction, now, record }) => {
      if (!(await markRefunded(transaction, organizationId, id, now))) return;
      const amount = `$${(returned.cents / 100).toFixed(2)}`;
      record({
        type: "subscription.payment_returned",
        subjectId: (await subscriptionOf(transaction, organizationId)).id,
        summary: `A subscription that was paid for while the organization was deleted was ended; ${amount} were given back.`,
        data: { providerSubscriptionId: id, cents: returned.cents },
      });
    });
  }
}

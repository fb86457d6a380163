import type { Services } from "../commands/runner/unit-of-work";
import type { Billing } from "../integrations/stripe/billing";
import { markRefunded, refusedSubscriptions } from "../store/refused-subscription";
import { subscriptionOf } from "../store/subscription";
import { changeUnlessPurged } from "./change-unless-purged";

/**
 * Cancels an organization's refused subscriptions and refunds their payments; each writes one event. Throws to be
 * retried. A subscription with a payment still in progress is checked again at the next event and every hour.
 */
export async function refundPayments(services: Services, billing: Billing, organizationId: string): Promise<void> {
  for (const { providerSubscriptionId: id, returnsSince, isSettled } of await refusedSubscriptions(
    services.database,
    organizationId,
  )) {
    if (isSettled) continue;
    const refund = await billing.cancelAndRefund(id, returnsSince);
    if (!refund.isSettled) continue;
    await changeUnlessPurged(services, organizationId, async ({ transaction, now, record }) => {
      if (!(await markRefunded(transaction, organizationId, id, now))) return;
      const amount = `$${(refund.cents / 100).toFixed(2)}`;
      record({
        type: "subscription.payment_returned",
        subjectId: (await subscriptionOf(transaction, organizationId)).id,
        summary: `A subscription paid for while the organization was deleted was canceled; ${amount} was refunded.`,
        data: { providerSubscriptionId: id, cents: refund.cents },
      });
    });
  }
}

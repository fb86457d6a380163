import { databaseTime } from "../../store/billing-events";
import { subscriptionOf } from "../../store/subscription";
import { subscriptionsOf } from "../../store/views/subscriptions";
import { changeOrganization } from "../runner/run";
import type { Services } from "../runner/unit-of-work";
import { applyBilling } from "./apply-billing";

/** Reads and applies an organization's state at the payment provider, if it is a customer. Outside transactions. */
export async function readBilling(services: Services, organizationId: string): Promise<void> {
  const { billing } = services.integrations;
  const [subscription] = await subscriptionsOf(services.database, [organizationId]);
  if (!billing || !subscription?.providerCustomerId) return;
  // The time is read before the request: a change made after it is newer than the provider's response.
  const requestedAt = await databaseTime(services.database);
  const { providerCustomerId } = subscription;
  const account = await billing.readAccount(providerCustomerId);
  await changeOrganization(services, organizationId, async (unit) => {
    // The customer may have been replaced during the request.
    const current = await subscriptionOf(unit.transaction, organizationId);
    if (current.providerCustomerId === providerCustomerId) await applyBilling(unit, account, requestedAt);
  });
}

import type { OrganizationSubscription } from "../../../entities/organization-subscription";
import { queueBillingSync } from "../../store/billing-events";
import type { OrganizationUnitOfWork } from "../runner/unit-of-work";

/** Has the payment provider told, by a job, what it is to bill from the next period on; where it bills at all. */
export async function syncBilling(unit: OrganizationUnitOfWork, subscription: OrganizationSubscription): Promise<void> {
  if (!subscription.providerSubscriptionId) return;
  await queueBillingSync(unit.transaction, unit.organization.id);
}

import type { OrganizationSubscription } from "../../../entities/organization-subscription";
import { startBillingSync } from "../../store/billing-events";
import type { OrganizationUnitOfWork } from "../runner/unit-of-work";

/** Queues a job that updates the next bill at the payment provider, if the provider bills this organization. */
export async function syncBilling(unit: OrganizationUnitOfWork, subscription: OrganizationSubscription): Promise<void> {
  if (!subscription.providerSubscriptionId) return;
  unit.enqueue(await startBillingSync(unit.transaction, unit.organization.id));
}

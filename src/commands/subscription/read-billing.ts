import { databaseTime } from "../../store/billing-events";
import { subscriptionOf } from "../../store/subscription";
import { subscriptionsOf } from "../../store/views/subscriptions";
import { changeOrganization } from "../runner/run";
import type { Services } from "../runner/unit-of-work";
import { followBilling } from "./apply-billing";

/** Reads an organization's state at the payment provider, where it has one, and follows it. Outside transactions. */
export async function readBilling(services: Services, organizationId: string): Promise<void> {
  const { billing } = services.outside;
  const [subscription] = await subscriptionsOf(services.database, [organizationId]);
  if (!billing || !subscription?.providerCustomerId) return;
  // Before it is asked: whatever comes up meanwhile is newer than this answer.
  const askedAt = await databaseTime(services.database);
  const { providerCustomerId } = subscription;
  const account = await billing.readAccount(providerCustomerId);
  await changeOrganization(services, organizationId, async (scope) => {
    // Another customer may have taken the place of the one that was asked about.
    const now = await subscriptionOf(scope.transaction, organizationId);
    if (now.providerCustomerId === providerCustomerId) await followBilling(scope, account, askedAt);
  });
}

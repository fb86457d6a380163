import { databaseTime } from "../../store/billing-events";
import { subscriptionOf } from "../../store/subscription";
import { subscriptionsOf } from "../../store/views/subscriptions";
import { changeOrganization } from "../runner/run";
import type { Services } from "../runner/unit-of-work";
import { applyBilling } from "./apply-billing";

/** Reads an organization's state at the payment provider, where it has one, and follows it. Outside transactions. */
export async function readBilling(services: Services, organizationId: string): Promise<void> {
  const { billing } = services.integrations;
  const [subscription] = await subscriptionsOf(services.database, [organizationId]);
  if (!billing || !subscription?.providerCustomerId) return;
  // Before it is asked: whatever comes up meanwhile is newer than this answer.
  const askedAt = await databaseTime(services.database);
  const { providerCustomerId } = subscription;
  const account = await billing.readAccount(providerCustomerId);
  await changeOrganization(services, organizationId, async (unit) => {
    // Another customer may have taken the place of the one that was asked about.
    const now = await subscriptionOf(unit.transaction, organizationId);
    if (now.providerCustomerId === providerCustomerId) await applyBilling(unit, account, askedAt);
  });
}

import type { OrganizationSubscription } from "../../../entities/organization-subscription";
import { oweProviderWord } from "../../store/billing-events";
import type { OrganizationScope } from "../runner/unit-of-work";

/** Has the payment provider told, by a job, what it is to bill from the next period on; where it bills at all. */
export async function tellProvider(scope: OrganizationScope, subscription: OrganizationSubscription): Promise<void> {
  if (!subscription.providerSubscriptionId) return;
  await oweProviderWord(scope.transaction, scope.organization.id);
}

import type { OrganizationSubscription } from "../../../entities/organization-subscription";
import { type Billing, CustomerGone } from "../../integrations/stripe/billing";
import { databaseTime } from "../../store/billing-events";
import { storeCustomer } from "../../store/provider-customer";
import { subscriptionOf, updateSubscription } from "../../store/subscription";
import { changeOrganization } from "../runner/run";
import type { OrganizationUnitOfWork, Services } from "../runner/unit-of-work";
import { applyBilling } from "./apply-billing";

/** The person whose name and address the customer at the payment provider gets. */
export interface Payer {
  name: string;
  email: string | null;
}

/**
 * Runs `work` with the organization's customer at the payment provider, which is created on first use. If the provider
 * no longer has the customer, a new one is created and `work` runs again. Outside transactions.
 */
export async function withCustomer<Result>(
  services: Services,
  billing: Billing,
  subscription: OrganizationSubscription,
  payer: Payer,
  work: (customerId: string) => Promise<Result>,
): Promise<Result> {
  const customerId = await customerOf(services, billing, subscription, payer);
  try {
    return await work(customerId);
  } catch (error) {
    if (!(error instanceof CustomerGone)) throw error;
    return await work(await replaceCustomer(services, billing, subscription, payer, customerId));
  }
}

async function customerOf(
  { database }: Services,
  billing: Billing,
  subscription: OrganizationSubscription,
  payer: Payer,
) {
  const { organizationId, providerCustomerId } = subscription;
  if (providerCustomerId) return providerCustomerId;
  const newId = await billing.createCustomer({ organizationId, ...payer });
  // A mock server may return the same id for all organizations. It is used without being stored.
  return (await storeCustomer(database, organizationId, newId)) ?? newId;
}

/**
 * Replaces a customer that is gone. Its subscriptions are gone too: the organization is on the free plan until it pays
 * again. The log keeps the old id, which finds its invoices.
 */
async function replaceCustomer(
  services: Services,
  billing: Billing,
  { organizationId }: OrganizationSubscription,
  payer: Payer,
  goneId: string,
): Promise<string> {
  const requestedAt = await databaseTime(services.database);
  const newId = await billing.createCustomer({ organizationId, ...payer, replaces: goneId });
  return await changeOrganization(services, organizationId, async (unit) => {
    const { id, providerCustomerId } = await subscriptionOf(unit.transaction, organizationId);
    if (providerCustomerId && providerCustomerId !== goneId) return providerCustomerId;
    await recordReplacement(unit, { id, goneId, newId, requestedAt });
    return newId;
  });
}

/** Ends what the customer that is gone had, and records its replacement. A dry run creates none: `newId` is null. */
export async function recordReplacement(
  unit: OrganizationUnitOfWork,
  { id, goneId, newId, requestedAt }: { id: string; goneId: string; newId: string | null; requestedAt: Date },
): Promise<void> {
  await applyBilling(unit, { subscriptions: [], paymentMethod: null, isGone: true }, requestedAt);
  if (newId === null) {
    await updateSubscription(unit.transaction, unit.organization.id, { providerCustomerId: null });
  } else if ((await storeCustomer(unit.transaction, unit.organization.id, newId, goneId)) !== newId) {
    throw new Error(`The payment provider created customer ${newId}, which is another organization's.`);
  }
  unit.record({
    type: "subscription.customer_replaced",
    subjectId: id,
    summary: "The payment provider no longer had this organization's customer; a new one was created.",
    data: { before: { providerCustomerId: goneId }, after: { providerCustomerId: newId } },
  });
}

import type { Services } from "../commands/runner/unit-of-work";
import { billedSubscription } from "../commands/subscription/arrange-payment";
import { isIdentifier } from "../domain/identifier";
import { type Billing, CustomerGone } from "../integrations/stripe/billing";
import { storeCustomer } from "../store/provider-customer";
import { backedUpAt } from "../store/restore";
import { subscriptionsOf } from "../store/views/subscriptions";

/** The provider creates a customer before the organization is changed, and the clocks differ. */
const CUSTOMER_LEAD_MS = 60 * 60 * 1000;

/** Links the customers that were created after the backup. Returns those of organizations that the backup lacks. */
export async function adoptCustomers(services: Services, billing: Billing): Promise<string[]> {
  const { database } = services;
  const stray: string[] = [];
  for (const [organizationId, found] of await recentCustomers(services, billing)) {
    const [subscription] = await subscriptionsOf(database, [organizationId]);
    if (!subscription) {
      stray.push(...found.map((id) => `${id} of organization ${organizationId}`));
      continue;
    }
    const stored = subscription.providerCustomerId;
    const chosen = await chooseCustomer(
      services,
      billing,
      organizationId,
      new Set(stored ? [stored, ...found] : found),
    );
    if (chosen === null || chosen === stored) continue;
    const kept = await storeCustomer(database, organizationId, chosen, stored);
    if (kept === null) stray.push(`${chosen} of organization ${organizationId}`);
  }
  return stray;
}

/** The customers that were created after the backup, by organization, oldest first. */
async function recentCustomers({ database }: Services, billing: Billing): Promise<Map<string, string[]>> {
  const at = await backedUpAt(database);
  const since = at && new Date(at.getTime() - CUSTOMER_LEAD_MS);
  const found = new Map<string, string[]>();
  // The newest come first.
  for await (const { id, organizationId } of billing.customersSince(since)) {
    if (isIdentifier(organizationId)) found.set(organizationId, [id, ...(found.get(organizationId) ?? [])]);
  }
  return found;
}

/**
 * The customer that pays for a plan, otherwise the first that the provider still has; null if it has none. Several
 * exist after two first purchases at once, of which only one was used, or after a process ended before it stored the
 * new one.
 */
async function chooseCustomer(
  services: Services,
  billing: Billing,
  organizationId: string,
  candidates: ReadonlySet<string>,
): Promise<string | null> {
  const [only = null, ...others] = candidates;
  if (others.length === 0) return only;
  let first: string | null = null;
  for (const id of candidates) {
    const account = await billing.readAccount(id).catch((error: unknown) => {
      if (error instanceof CustomerGone) return null;
      throw error;
    });
    if (!account || account.isGone) continue;
    if (await billedSubscription(services, organizationId, account)) return id;
    first ??= id;
  }
  return first;
}

import { OrganizationSubscription } from "../../entities/organization-subscription";
import type { Reader, Statement } from "./statement";
import type { Transaction } from "./transaction";

/** The subscription of an organization whose lock is held. */
export async function subscriptionOf({ manager }: Transaction, organizationId: string) {
  return await manager.findOneByOrFail(OrganizationSubscription, { organizationId });
}

/** Changes a subscription. */
export async function updateSubscription(
  { manager }: Transaction,
  id: string,
  patch: Partial<Omit<OrganizationSubscription, "id" | "organizationId">>,
): Promise<void> {
  await manager.update(OrganizationSubscription, { id }, patch);
}

const DUE: Statement = {
  name: "due-subscriptions",
  text: `
    SELECT s.organization_id AS "organizationId" FROM organization_subscription s
    JOIN organization o ON o.id = s.organization_id AND o.deleted_at IS NULL
    WHERE s.current_period_end <= $1 AND s.provider_subscription_id IS NULL ORDER BY s.current_period_end LIMIT $2`,
};

/** Organizations whose period has ended, the longest overdue first. Where a provider bills, its period rules. */
export async function dueSubscriptions(reader: Reader, now: Date, limit: number): Promise<string[]> {
  const rows = await reader.rows<{ organizationId: string }>(DUE, [now, limit]);
  return rows.map((row) => row.organizationId);
}

const KEEP_CUSTOMER: Statement = {
  name: "keep-provider-customer",
  text: `
    UPDATE organization_subscription SET provider_customer_id = coalesce(provider_customer_id, $2)
    WHERE organization_id = $1 RETURNING provider_customer_id AS id`,
};

/** Keeps an organization's id at the payment provider, where it has none yet; gives the one that it has. */
export async function keepCustomer(reader: Reader, organizationId: string, customerId: string): Promise<string> {
  const [row] = await reader.rows<{ id: string }>(KEEP_CUSTOMER, [organizationId, customerId]);
  return row?.id ?? customerId;
}

const BILLED: Statement = {
  name: "billed-organizations",
  text: `
    SELECT organization_id AS id FROM organization_subscription
    WHERE provider_customer_id IS NOT NULL AND organization_id > $1 ORDER BY organization_id LIMIT $2`,
};

/** Organizations that the payment provider knows, by id, after one of them. */
export async function billedOrganizations(reader: Reader, after: string, limit: number): Promise<string[]> {
  return (await reader.rows<{ id: string }>(BILLED, [after, limit])).map(({ id }) => id);
}

import { OrganizationSubscription } from "../../entities/organization-subscription";
import type { Reader, Statement } from "./engine/statement";
import type { Transaction } from "./engine/transaction";

/**
 * An organization's subscription. The caller holds the organization's lock; the subscription is locked too, because
 * `queueBillingSync` writes it without that lock.
 */
export async function subscriptionOf({ manager }: Transaction, organizationId: string) {
  return await manager.findOneOrFail(OrganizationSubscription, {
    where: { organizationId },
    lock: { mode: "pessimistic_write" },
  });
}

export async function updateSubscription(
  { manager }: Transaction,
  organizationId: string,
  patch: Partial<Omit<OrganizationSubscription, "id" | "organizationId">>,
): Promise<void> {
  await manager.update(OrganizationSubscription, { organizationId }, patch);
}

const DUE: Statement = {
  name: "due-subscriptions",
  text: `
    SELECT s.organization_id AS "organizationId" FROM organization_subscription s
    JOIN organization o ON o.id = s.organization_id AND o.deleted_at IS NULL
    WHERE s.current_period_end <= $1 AND s.provider_subscription_id IS NULL ORDER BY s.current_period_end LIMIT $2`,
};

/** Organizations whose period has ended, longest overdue first, without those that the provider renews. */
export async function dueSubscriptions(reader: Reader, now: Date, limit: number): Promise<string[]> {
  const rows = await reader.rows<{ organizationId: string }>(DUE, [now, limit]);
  return rows.map((row) => row.organizationId);
}

const BILLED: Statement = {
  name: "billed-organizations",
  text: `
    SELECT s.organization_id AS id, s.provider_is_behind OR o.deleted_at IS NOT NULL AS "needsSync"
    FROM organization_subscription s JOIN organization o ON o.id = s.organization_id
    WHERE s.provider_customer_id IS NOT NULL AND s.organization_id > $1 ORDER BY s.organization_id LIMIT $2`,
};

/** Organizations with a customer at the payment provider, by id, after the id `after`. `needsSync`: the provider is not up to date. */
export function billedOrganizations(reader: Reader, after: string, limit: number) {
  return reader.rows<{ id: string; needsSync: boolean }>(BILLED, [after, limit]);
}

const IS_DELETED: Statement = {
  name: "is-organization-deleted",
  text: "SELECT deleted_at IS NOT NULL AS deleted FROM organization WHERE id = $1",
};

/** Whether an organization is deleted; also true while it can still be restored. */
export async function isOrganizationDeleted(reader: Reader, organizationId: string): Promise<boolean> {
  const [row] = await reader.rows<{ deleted: boolean }>(IS_DELETED, [organizationId]);
  return row?.deleted ?? true;
}

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
    WHERE s.current_period_end <= $1 ORDER BY s.current_period_end LIMIT $2`,
};

/** Organizations whose period has ended, the longest overdue first. */
export async function dueSubscriptions(reader: Reader, now: Date, limit: number): Promise<string[]> {
  const rows = await reader.rows<{ organizationId: string }>(DUE, [now, limit]);
  return rows.map((row) => row.organizationId);
}

import type { Reader, Statement } from "./engine/statement";

/** A paid subscription that is canceled and refunded, because its organization was already deleted. */
export interface RefusedSubscription {
  providerSubscriptionId: string;
  /** Payments since this time are refunded; null: all payments. */
  returnsSince: Date | null;
  isSettled: boolean;
}

const REFUSED: Statement = {
  name: "refused-subscriptions",
  text: `
    SELECT provider_subscription_id AS "providerSubscriptionId",
      returns_since AS "returnsSince", settled_at IS NOT NULL AS "isSettled"
    FROM refused_subscription WHERE organization_id = $1 ORDER BY refused_at, provider_subscription_id`,
};

/** All of an organization's refused subscriptions, settled or not. */
export function refusedSubscriptions(reader: Reader, organizationId: string): Promise<RefusedSubscription[]> {
  return reader.rows<RefusedSubscription>(REFUSED, [organizationId]);
}

const REFUSE: Statement = {
  name: "refuse-subscriptions",
  text: `
    INSERT INTO refused_subscription (organization_id, provider_subscription_id, refused_at, returns_since)
    SELECT $1, id, $3, $4::timestamptz FROM unnest($2::text[]) AS id ON CONFLICT DO NOTHING`,
};

/** Marks subscriptions to cancel and refund. The caller holds the organization's lock, so that no restore interleaves. */
export async function refuseSubscriptions(
  reader: Reader,
  organizationId: string,
  ids: readonly string[],
  { now, returnsSince }: { now: Date; returnsSince: Date | null },
): Promise<void> {
  if (ids.length > 0) await reader.rows(REFUSE, [organizationId, ids, now, returnsSince]);
}

const SETTLE: Statement = {
  name: "settle-refused-subscription",
  text: `
    UPDATE refused_subscription SET settled_at = $3
    WHERE organization_id = $1 AND provider_subscription_id = $2 AND settled_at IS NULL
    RETURNING provider_subscription_id`,
};

/** Marks a refused subscription as canceled and refunded; false if it was marked before. */
export async function markRefunded(reader: Reader, organizationId: string, id: string, now: Date): Promise<boolean> {
  return (await reader.rows(SETTLE, [organizationId, id, now])).length > 0;
}

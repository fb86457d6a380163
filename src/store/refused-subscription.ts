import type { Reader, Statement } from "./engine/statement";

/** A subscription that is not taken, because it was paid for when its organization was deleted already. */
export interface RefusedSubscription {
  providerSubscriptionId: string;
  /** What was paid from here on is given back; null: all of it. */
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

/** All subscriptions that were refused for an organization, settled or not. */
export function refusedSubscriptions(reader: Reader, organizationId: string): Promise<RefusedSubscription[]> {
  return reader.rows<RefusedSubscription>(REFUSED, [organizationId]);
}

const REFUSE: Statement = {
  name: "refuse-subscriptions",
  text: `
    INSERT INTO refused_subscription (organization_id, provider_subscription_id, refused_at, returns_since)
    SELECT $1, id, $3, $4::timestamptz FROM unnest($2::text[]) AS id ON CONFLICT DO NOTHING`,
};

/** Notes subscriptions to be ended and paid back. Under the organization's lock, so that restoring it comes before or after. */
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

/** Notes that nothing is left to end or pay back; gives false where that was noted before. */
export async function markRefunded(reader: Reader, organizationId: string, id: string, now: Date): Promise<boolean> {
  return (await reader.rows(SETTLE, [organizationId, id, now])).length > 0;
}

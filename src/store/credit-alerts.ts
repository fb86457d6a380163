import type { Reader, Statement } from "./engine/statement";

const USING: Statement = {
  name: "organizations-using-credits",
  text: `
    SELECT DISTINCT h.organization_id AS id FROM usage_hour h
    JOIN organization o ON o.id = h.organization_id AND o.deleted_at IS NULL
    WHERE h.hour >= $1 AND h.scope_id = h.organization_id AND h.credits > 0`,
};

/** Organizations that have spent credits since a time. */
export async function organizationsWithSpending(reader: Reader, since: Date): Promise<string[]> {
  return (await reader.rows<{ id: string }>(USING, [since])).map(({ id }) => id);
}

const ALERTS: Statement = {
  name: "credit-alerts-of-organizations",
  text: `
    SELECT organization_id AS "organizationId", period_start AS "periodStart", threshold FROM credit_alert
    WHERE organization_id = ANY ($1::uuid[]) AND period_start > $2`,
};

/** The thresholds for which organizations got alerts, in periods that began after `since`. */
export function creditAlertsOf(reader: Reader, organizationIds: readonly string[], since: Date) {
  return reader.rows<{ organizationId: string; periodStart: Date; threshold: number }>(ALERTS, [
    organizationIds,
    since,
  ]);
}

const CLAIM: Statement = {
  name: "claim-credit-alert",
  text: `
    INSERT INTO credit_alert (organization_id, period_start, threshold)
    SELECT $1, $2, threshold FROM unnest($3::smallint[]) AS threshold
    ON CONFLICT DO NOTHING RETURNING threshold`,
};

/** Records thresholds reached in a period; returns those that were not recorded before. */
export async function claimCreditAlerts(
  reader: Reader,
  organizationId: string,
  periodStart: Date,
  thresholds: readonly number[],
): Promise<number[]> {
  const rows = await reader.rows<{ threshold: number }>(CLAIM, [organizationId, periodStart, thresholds]);
  return rows.map(({ threshold }) => threshold);
}

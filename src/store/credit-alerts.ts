import type { Reader, Statement } from "./statement";

const USING: Statement = {
  name: "organizations-using-credits",
  text: `
    SELECT DISTINCT h.organization_id AS id FROM usage_hour h
    JOIN organization o ON o.id = h.organization_id AND o.deleted_at IS NULL
    WHERE h.hour >= $1 AND h.scope_id = h.organization_id AND h.credits > 0`,
};

/** Organizations that have spent credits since a moment. */
export async function organizationsSpending(reader: Reader, since: Date): Promise<string[]> {
  return (await reader.rows<{ id: string }>(USING, [since])).map(({ id }) => id);
}

const CLAIM: Statement = {
  name: "claim-credit-alert",
  text: `
    INSERT INTO credit_alert (organization_id, period_start, threshold)
    SELECT $1, $2, threshold FROM unnest($3::smallint[]) AS threshold
    ON CONFLICT DO NOTHING RETURNING threshold`,
};

/** Notes that thresholds were reached in a period; gives those that had not been noted. */
export async function claimCreditAlerts(
  reader: Reader,
  organizationId: string,
  periodStart: Date,
  thresholds: readonly number[],
): Promise<number[]> {
  const rows = await reader.rows<{ threshold: number }>(CLAIM, [organizationId, periodStart, thresholds]);
  return rows.map(({ threshold }) => threshold);
}

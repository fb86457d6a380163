import { hash } from "node:crypto";
import { decimalOf, type UsageRecord } from "../domain/usage";

// What both ways of recording usage have in common: in one statement, and organization by organization.

/** Records that are received together. */
export interface UsageBatch {
  records: readonly UsageRecord[];
  now: Date;
}

/** The result of recording a batch. */
export interface RecordedUsage {
  /** The number of new records. */
  recorded: number;
  /** Indexes, in the batch, of records without an existing workspace. */
  unknownWorkspaces: number[];
  /** Organizations that spent credits, by these records or by others that were written with them. */
  spendingOrganizations: string[];
}

/** SQL of the starts of the periods around the time `now`, by the column started_at. */
export const periodStarts = (now: string) => `
  ARRAY(
    SELECT (started_at AT TIME ZONE 'UTC' + make_interval(months => n)) AT TIME ZONE 'UTC'
    FROM (SELECT (extract(year FROM age) * 12 + extract(month FROM age))::int AS months
      FROM (SELECT age(date_trunc('month', ${now}::timestamptz, 'UTC'), date_trunc('month', started_at, 'UTC'))) AS a
    ) AS m, generate_series(months - 3, months + 1) AS n)`;

/**
 * SQL of the time to which a record is charged. The sender's clock may be behind, or count whole seconds. So a call
 * shortly before its organization was founded is charged to the founding hour and the first period, instead of to no
 * period.
 */
export const chargedAt = (tolerance: string) =>
  `CASE WHEN at < founded_at AND at >= founded_at - ${tolerance}::interval THEN founded_at ELSE at END`;

/** SQL of the sums of new records by hour, day and period. */
export const sumsOf = (charged: string) => `
      SELECT organization_id, workspace_id, date_trunc('hour', charged_at, 'UTC') AS hour,
        (charged_at AT TIME ZONE 'UTC')::date AS day, starts[width_bucket(charged_at, starts)] AS period_start,
        coalesce(sum(credits) FILTER (WHERE NOT byok), 0) AS credits,
        count(*) AS calls, count(*) FILTER (WHERE byok) AS byok_calls
      FROM ${charged} GROUP BY 1, 2, 3, 4, 5`;

/** SQL that adds sums to the hours of workspaces and of organizations. */
export const addToHours = (sums: string) => `
      INSERT INTO usage_hour AS h (organization_id, scope_id, hour, credits, calls, byok_calls)
      SELECT organization_id, coalesce(workspace_id, organization_id), hour, sum(credits), sum(calls), sum(byok_calls)
      FROM ${sums} GROUP BY GROUPING SETS ((organization_id, workspace_id, hour), (organization_id, hour))
      ORDER BY 1, 2, 3
      ON CONFLICT (organization_id, scope_id, hour) DO UPDATE SET credits = h.credits + excluded.credits,
        calls = h.calls + excluded.calls, byok_calls = h.byok_calls + excluded.byok_calls`;

/** SQL that adds sums to the days of organizations. */
export const addToDays = (sums: string) => `
      INSERT INTO usage_day AS d (organization_id, day, period_start, credits)
      SELECT organization_id, day, period_start, sum(credits)
      FROM ${sums} WHERE credits > 0 GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
      ON CONFLICT (organization_id, day, period_start) DO UPDATE SET credits = d.credits + excluded.credits`;

/** The ids, workspaces, times, credits and kinds of records, each as an array in PostgreSQL syntax. */
export function columnsOf(records: readonly UsageRecord[]): string[] {
  return [
    arrayOf(records, ({ id }) => ledgerKey(id)),
    arrayOf(records, ({ workspaceId }) => workspaceId),
    arrayOf(records, ({ at }) => at.toISOString()),
    arrayOf(records, ({ credits }) => decimalOf(credits)),
    arrayOf(records, ({ byok }) => (byok ? "t" : "f")),
  ];
}

/** An array in PostgreSQL syntax, of values that need no quotes: ids, instants, numbers and flags. */
function arrayOf(records: readonly UsageRecord[], write: (record: UsageRecord) => string): string {
  return `{${records.map(write).join(",")}}`;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** A UUID for any id: the id itself if it is one, otherwise its hash. */
export function ledgerKey(id: string): string {
  const lower = id.toLowerCase();
  if (UUID.test(lower)) return lower;
  const hex = hash("sha256", id, "hex");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, "$1-$2-$3-$4-$5");
}

import { intervalsOf, type UsageInterval } from "../../domain/usage";
import type { Reader, Statement } from "../engine/statement";

/** One point of a trend. */
export interface UsagePointView {
  at: Date;
  credits: number;
  periodCredits: number;
  byokCalls: number;
  calls: number;
}

/** A span of whole intervals in UTC, from the one that contains `from` to the one that contains `to`. */
export interface UsageSpan {
  from: Date;
  to: Date;
  interval: UsageInterval;
}

/** The values of $1 to $5 in the statements on usage. */
export function spanValues(organizationId: string, { from, to, interval }: UsageSpan): unknown[] {
  const unit = interval.toLowerCase();
  return [organizationId, from, to, unit, `1 ${unit}`];
}

const SPAN_START = "date_trunc($4, $2::timestamptz, 'UTC')";
const SPAN_END = "(date_trunc($4, $3::timestamptz AT TIME ZONE 'UTC') + $5::interval) AT TIME ZONE 'UTC'";

/** SQL for the hours of all whole intervals that overlap $2 to $3, in UTC. All usage fields cover the same span. */
export const IN_SPAN = `hour >= ${SPAN_START} AND hour < ${SPAN_END}`;

/** The same from the start of its first day on: what a day spent before an hour decides which pool paid for the hour. */
export const IN_DAYS = `hour >= date_trunc('day', ${SPAN_START}, 'UTC') AND hour < ${SPAN_END}`;

/**
 * SQL for the part of `credits` that the period's pool paid after `before` were spent on the same day: the rule of
 * `periodPart` in src/domain/credits.ts.
 */
export function periodPart(before: string, credits: string, dailyCredits: string): string {
  return `greatest(${credits} - greatest(${dailyCredits} - (${before}), 0), 0)`;
}

/** SQL of the credits spent earlier on the day of each row, by a window in this order. */
export function spentBefore(credits: string, order: string): string {
  return `sum(${credits}) OVER (PARTITION BY date_trunc('day', hour, 'UTC') ORDER BY ${order}) - ${credits}`;
}

/** SQL for the columns of a point. */
export const POINT = `at, sum(credits)::float8 AS credits, sum(period_credits)::float8 AS "periodCredits",
      sum(calls)::int AS calls, sum(byok_calls)::int AS "byokCalls"`;

// These statements have no joins of large parts: their sizes depend on the span, which a prepared plan does not know. One
// range of the primary key, of at most one row per hour.
const ORGANIZATION: Statement = {
  name: "usage-trend",
  onStandby: "everything",
  text: `
    WITH hours AS (
      SELECT hour, credits, calls, byok_calls, ${spentBefore("credits", "hour")} AS before FROM usage_hour
      WHERE organization_id = $1 AND scope_id = $1 AND ${IN_DAYS}
    ), used AS (
      SELECT date_trunc($4, hour, 'UTC') AS at, credits, calls, byok_calls,
        ${periodPart("before", "credits", "$6::numeric")} AS period_credits
      FROM hours WHERE ${IN_SPAN}
    )
    SELECT ${POINT} FROM used GROUP BY at ORDER BY at`,
};

// Only in the hour that uses up the day's credits does the order of calls matter, which hourly sums do not have. In
// that hour, workspaces spend in the order of their ids, so that the parts add up to the whole without rounding. Those
// before this one are read for that hour alone.
const WORKSPACE: Statement = {
  name: "usage-trend-of-workspace",
  onStandby: "everything",
  text: `
    WITH hours AS (
      SELECT hour, sum(credits) FILTER (WHERE scope_id = $1) AS whole, sum(credits) FILTER (WHERE scope_id = $7) AS credits,
        sum(calls) FILTER (WHERE scope_id = $7) AS calls, sum(byok_calls) FILTER (WHERE scope_id = $7) AS byok_calls
      FROM usage_hour WHERE organization_id = $1 AND scope_id IN ($1, $7) AND ${IN_DAYS} GROUP BY hour
    ), days AS (
      SELECT *, ${spentBefore("whole", "hour")} AS before FROM hours
    ), used AS (
      SELECT date_trunc($4, hour, 'UTC') AS at, credits, calls, byok_calls, ${periodPart(
        `before + CASE WHEN before < $6::numeric AND before + whole > $6::numeric THEN (
          SELECT coalesce(sum(e.credits), 0) FROM workspace w CROSS JOIN LATERAL (
            SELECT credits FROM usage_hour WHERE organization_id = $1 AND scope_id = w.id AND hour = days.hour OFFSET 0
          ) e WHERE w.organization_id = $1 AND w.id < $7
        ) ELSE 0 END`,
        "credits",
        "$6::numeric",
      )} AS period_credits
      FROM days WHERE calls IS NOT NULL AND ${IN_SPAN}
    )
    SELECT ${POINT} FROM used GROUP BY at ORDER BY at`,
};

/** Whose usage a trend shows, over which span, and how many credits a day has on the plan. */
export interface TrendRequest extends UsageSpan {
  /** Null: the whole organization. */
  workspaceId: string | null;
  dailyCredits: number;
}

/** Usage by interval without gaps, of the organization or of one of its workspaces. */
export async function usageTrend(
  reader: Reader,
  organizationId: string,
  { workspaceId, dailyCredits, ...span }: TrendRequest,
): Promise<UsagePointView[]> {
  const values = [...spanValues(organizationId, span), dailyCredits];
  const used =
    workspaceId === null
      ? await reader.rows<UsagePointView>(ORGANIZATION, values)
      : await reader.rows<UsagePointView>(WORKSPACE, [...values, workspaceId]);
  return withoutGaps(used, span);
}

/** The points of a span, with zeros for intervals without usage. */
export function withoutGaps(used: readonly UsagePointView[], { from, to, interval }: UsageSpan): UsagePointView[] {
  const byTime = new Map(used.map((point) => [point.at.getTime(), point]));
  const zeros = { credits: 0, periodCredits: 0, byokCalls: 0, calls: 0 };
  return intervalsOf(from, to, interval).map((at) => byTime.get(at.getTime()) ?? { at, ...zeros });
}

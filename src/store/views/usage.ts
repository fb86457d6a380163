import type { DaySpent, UsageInterval } from "../../domain/usage";
import type { Reader, Statement } from "../engine/statement";

const DAYS: Statement = {
  name: "usage-days",
  isShortRead: true,
  text: `
    SELECT d.organization_id AS "organizationId", d.day::timestamp AT TIME ZONE 'UTC' AS day,
      coalesce(sum(d.credits) FILTER (WHERE d.period_start >= p.start), 0)::float8 AS "inPeriod",
      coalesce(sum(d.credits) FILTER (WHERE d.period_start < p.start), 0)::float8 AS before
    FROM unnest($1::uuid[], $2::timestamptz[]) AS p (id, start)
    JOIN usage_day d ON d.organization_id = p.id
      AND d.day >= (least(p.start, $3::timestamptz) AT TIME ZONE 'UTC')::date
    GROUP BY d.organization_id, d.day ORDER BY d.day`,
};

/**
 * Credits spent by day, since the start of each organization's period or since `since`, whichever is earlier. Each day is
 * split into spending in the period and before it.
 */
export function spentByDay(
  reader: Reader,
  periods: ReadonlyArray<{ organizationId: string; start: Date }>,
  since: Date,
) {
  const ids = periods.map(({ organizationId }) => organizationId);
  const starts = periods.map(({ start }) => start);
  return reader.rows<DaySpent & { organizationId: string }>(DAYS, [ids, starts, since]);
}

/** One point of a trend. */
export interface UsagePointView {
  at: Date;
  credits: number;
  byokCalls: number;
  calls: number;
}

// The hours of all whole intervals that overlap $2 to $3, in UTC. Trend and breakdown cover the same span.
const IN_SPAN = `hour >= date_trunc($4, $2::timestamptz, 'UTC')
        AND hour < (date_trunc($4, $3::timestamptz AT TIME ZONE 'UTC') + $5::interval) AT TIME ZONE 'UTC'`;

/** A span of whole intervals in UTC, from the one that contains `from` to the one that contains `to`. */
export interface UsageSpan {
  from: Date;
  to: Date;
  interval: UsageInterval;
}

function spanValues(organizationId: string, { from, to, interval }: UsageSpan): unknown[] {
  const unit = interval.toLowerCase();
  return [organizationId, from, to, unit, `1 ${unit}`];
}

// Reads one range of the primary key, of at most one row per hour. The series has no gaps.
const TREND: Statement = {
  name: "usage-trend",
  text: `
    WITH used AS (
      SELECT date_trunc($4, hour, 'UTC') AS at, sum(credits) AS credits, sum(calls) AS calls, sum(byok_calls) AS byok_calls
      FROM usage_hour
      WHERE organization_id = $1 AND scope_id = $6 AND ${IN_SPAN}
      GROUP BY 1
    )
    SELECT p.at AT TIME ZONE 'UTC' AS at, coalesce(u.credits, 0)::float8 AS credits, coalesce(u.calls, 0)::int AS calls,
      coalesce(u.byok_calls, 0)::int AS "byokCalls"
    FROM generate_series(date_trunc($4, $2::timestamptz AT TIME ZONE 'UTC'),
      date_trunc($4, $3::timestamptz AT TIME ZONE 'UTC'), $5::interval) AS p (at)
    LEFT JOIN used u ON u.at = p.at AT TIME ZONE 'UTC'
    ORDER BY p.at`,
};

/** Usage by interval, of the organization or of one workspace, by its id in `scopeId`. */
export function usageTrend(
  reader: Reader,
  organizationId: string,
  { scopeId, ...span }: UsageSpan & { scopeId: string },
): Promise<UsagePointView[]> {
  return reader.rows<UsagePointView>(TREND, [...spanValues(organizationId, span), scopeId]);
}

const BY_WORKSPACE: Statement = {
  name: "usage-by-workspace",
  text: `
    SELECT w.id AS "workspaceId", coalesce(u.credits, 0)::float8 AS credits, coalesce(u.calls, 0)::int AS calls,
      coalesce(u.byok_calls, 0)::int AS "byokCalls"
    FROM workspace w CROSS JOIN LATERAL (
      SELECT sum(h.credits) AS credits, sum(h.calls) AS calls, sum(h.byok_calls) AS byok_calls FROM usage_hour h
      WHERE h.organization_id = $1 AND h.scope_id = w.id AND ${IN_SPAN}
    ) u
    WHERE w.organization_id = $1 AND w.deleted_at IS NULL ORDER BY credits DESC, calls DESC, w.id`,
};

/** Usage of each existing workspace, by descending credits, over the same span as a trend. */
export function usageByWorkspace(reader: Reader, organizationId: string, span: UsageSpan) {
  const values = spanValues(organizationId, span);
  return reader.rows<Omit<UsagePointView, "at"> & { workspaceId: string }>(BY_WORKSPACE, values);
}

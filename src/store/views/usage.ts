import type { DaySpent } from "../../domain/credits";
import type { Reader, Statement } from "../engine/statement";

const DAYS: Statement = {
  name: "usage-days",
  isShortRead: true,
  onStandby: "everything",
  text: `
    SELECT d.organization_id AS "organizationId", d.day::timestamp AT TIME ZONE 'UTC' AS day,
      coalesce(sum(d.credits) FILTER (WHERE d.period_start >= p.start), 0)::float8 AS "inPeriod",
      coalesce(sum(d.credits) FILTER (WHERE d.period_start < p.start), 0)::float8 AS before
    FROM unnest($1::uuid[], $2::timestamptz[]) AS p (id, start)
    JOIN usage_day d ON d.organization_id = p.id AND d.organization_id = ANY ($1)
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

import { groupBy } from "../engine/group-by";
import type { Reader, Statement } from "../engine/statement";
import {
  IN_DAYS,
  IN_SPAN,
  POINT,
  periodPart,
  spanValues,
  spentBefore,
  type UsagePointView,
  type UsageSpan,
  withoutGaps,
} from "./usage-trend";

const SUMS = "sum(credits) AS credits, sum(calls) AS calls, sum(byok_calls) AS byok_calls";

const TOTALS: Statement = {
  name: "usage-by-workspace",
  onStandby: "everything",
  text: `
    SELECT w.id AS "workspaceId", coalesce(u.credits, 0)::float8 AS credits, coalesce(u.calls, 0)::int AS calls,
      coalesce(u.byok_calls, 0)::int AS "byokCalls"
    FROM workspace w CROSS JOIN LATERAL (
      SELECT ${SUMS} FROM usage_hour WHERE organization_id = $1 AND scope_id = w.id AND ${IN_SPAN}
    ) u
    WHERE w.organization_id = $1 AND w.deleted_at IS NULL ORDER BY credits DESC, calls DESC, w.id`,
};

/** Usage of each existing workspace, by descending credits, over the same span as a trend. */
export function usageByWorkspace(reader: Reader, organizationId: string, span: UsageSpan) {
  const values = spanValues(organizationId, span);
  return reader.rows<Pick<UsagePointView, "credits" | "calls" | "byokCalls"> & { workspaceId: string }>(TOTALS, values);
}

// Reads one range of the primary key per workspace, deleted ones included. Within an hour, workspaces spend in the
// order of their ids, as in the trend of one workspace. Only existing workspaces are ranked and named. It uses windows
// instead of joins, because a prepared plan does not know the length of the span.
const TRENDS: Statement = {
  name: "usage-trend-by-workspace",
  onStandby: "everything",
  text: `
    WITH hours AS (
      SELECT w.id, w.deleted_at IS NOT NULL AS is_deleted, hour, credits, calls, byok_calls,
        ${spentBefore("credits", "hour, w.id")} AS before
      FROM workspace w CROSS JOIN LATERAL (
        SELECT hour, credits, calls, byok_calls FROM usage_hour
        WHERE organization_id = $1 AND scope_id = w.id AND ${IN_DAYS} OFFSET 0
      ) h
      WHERE w.organization_id = $1
    ), intervals AS (
      SELECT id, is_deleted, date_trunc($4, hour, 'UTC') AS at, ${SUMS},
        sum(${periodPart("before", "credits", "$6::numeric")}) AS period_credits
      FROM hours WHERE ${IN_SPAN} GROUP BY 1, 2, 3
    ), totals AS (
      SELECT *, sum(credits) OVER one AS total, sum(calls) OVER one AS total_calls
      FROM intervals WINDOW one AS (PARTITION BY id)
    ), ranked AS (
      SELECT *, dense_rank() OVER (PARTITION BY is_deleted ORDER BY total DESC, total_calls DESC, id) AS rank FROM totals
    ), used AS (
      SELECT CASE WHEN is_deleted THEN 'DELETED' WHEN rank > $7::int THEN 'OTHERS' ELSE 'WORKSPACE' END AS kind,
        CASE WHEN is_deleted THEN NULL WHEN rank <= $7::int THEN rank END AS rank,
        CASE WHEN is_deleted THEN NULL WHEN rank <= $7::int THEN id END AS "workspaceId",
        at, credits, period_credits, calls, byok_calls
      FROM ranked
    )
    SELECT kind, "workspaceId", ${POINT} FROM used GROUP BY kind, rank, "workspaceId", at
    ORDER BY kind = 'DELETED', kind = 'OTHERS', rank, at`,
};

/** A workspace's series of a trend, or that of all other or of all deleted workspaces. */
export interface WorkspaceTrendView {
  kind: "WORKSPACE" | "OTHERS" | "DELETED";
  /** Null for the sums. */
  workspaceId: string | null;
  points: UsagePointView[];
}

interface Row extends UsagePointView {
  kind: WorkspaceTrendView["kind"];
  workspaceId: string | null;
}

/**
 * Usage by interval: a series for each of the `top` most used existing workspaces, one for all others and one for the
 * deleted ones. Series without usage are left out. Together they are the organization's trend.
 */
export async function usageTrendByWorkspace(
  reader: Reader,
  organizationId: string,
  { top, dailyCredits, ...span }: UsageSpan & { top: number; dailyCredits: number },
): Promise<WorkspaceTrendView[]> {
  const rows = await reader.rows<Row>(TRENDS, [...spanValues(organizationId, span), dailyCredits, top]);
  const series = groupBy(rows, ({ kind, workspaceId }) => workspaceId ?? kind);
  return [...series.values()].flatMap((points) => {
    const [first] = points;
    if (!first) return [];
    return { kind: first.kind, workspaceId: first.workspaceId, points: withoutGaps(points, span) };
  });
}

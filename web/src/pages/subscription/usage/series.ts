import type { SubscriptionUsageQuery } from "../../../graph/generated/graphql";

type Organization = NonNullable<SubscriptionUsageQuery["organization"]>;
export type Usage = NonNullable<Organization["subscription"]>["usage"];
type Trend = Usage["trendByWorkspace"][number];

/** A workspace, or several together, with their usage in the whole period. */
export interface UsageSeries {
  key: string;
  name: string;
  total: number;
}

/** One interval: the credits of each series, and their sum. */
export interface UsageRow {
  at: string;
  values: Record<string, number>;
  total: number;
  calls: number;
  ownKeyCalls: number;
}

export interface UsageTable {
  series: UsageSeries[];
  rows: UsageRow[];
  total: number;
  calls: number;
  ownKeyCalls: number;
}

/** Turns the trends of workspaces into one row per interval. */
export function tableOf(trends: readonly Trend[], names: { others: string; deleted: string }): UsageTable {
  const series = trends.map((trend) => ({
    key: keyOf(trend),
    name: trend.workspace?.name ?? (trend.kind === "DELETED" ? names.deleted : names.others),
    total: sum(trend.points.map(({ credits }) => credits)),
  }));
  const rows = (trends[0]?.points ?? []).map(({ at }, index) => rowOf(at, trends, index));
  return {
    series,
    rows,
    total: sum(rows.map(({ total }) => total)),
    calls: sum(rows.map(({ calls }) => calls)),
    ownKeyCalls: sum(rows.map(({ ownKeyCalls }) => ownKeyCalls)),
  };
}

function rowOf(at: string, trends: readonly Trend[], index: number): UsageRow {
  const points = trends.map((trend) => trend.points[index]);
  return {
    at,
    values: Object.fromEntries(trends.map((trend, each) => [keyOf(trend), points[each]?.credits ?? 0])),
    total: sum(points.map((point) => point?.credits ?? 0)),
    calls: sum(points.map((point) => point?.calls ?? 0)),
    ownKeyCalls: sum(points.map((point) => point?.byokCalls ?? 0)),
  };
}

function keyOf({ kind, workspace }: Trend): string {
  return workspace?.id ?? kind;
}

/** Sums decimals without the rounding errors of binary fractions. Credits have nine decimals. */
export function sum(values: readonly number[]): number {
  return Number(values.reduce((before, value) => before + value, 0).toFixed(9));
}

import type { UsageInterval } from "../../../graph/generated/graphql";
import type { SubscriptionSearch } from "../search";

export type Grouping = NonNullable<SubscriptionSearch["by"]>;

/** The days of the shown usage (UTC), both included, and their grouping. */
export interface Period {
  from: string;
  to: string;
  by: Grouping;
}

export const DAY_MS = 24 * 60 * 60 * 1000;
const DEFAULT_DAYS = 30;
/** The service returns at most ten years. */
const MAX_DAYS = 3_650;
/** More bars than this are unreadable, so days are then grouped more coarsely. */
const MAX_BARS = 100;
const DAYS_OF: Record<Grouping, number> = { day: 1, week: 7, month: 30 };
const INTERVAL_OF: Record<Grouping, UsageInterval> = { day: "DAY", week: "WEEK", month: "MONTH" };

/** The day of a moment, in UTC. */
export function dayOf(moment: Date): string {
  return moment.toISOString().slice(0, 10);
}

/** The day that is a number of days after another. */
export function daysAfter(day: string, days: number): string {
  return dayOf(new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS));
}

/** How many days a period has. */
export function lengthOf({ from, to }: Pick<Period, "from" | "to">): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS) + 1;
}

/** The period in an address: the last 30 days by default, and never more than the service returns. */
export function periodOf({ from, to, by }: SubscriptionSearch, today: string): Period {
  const last = to ?? (from && from > today ? from : today);
  const first = from ?? daysAfter(last, 1 - DEFAULT_DAYS);
  const [start, end] = first <= last ? [first, last] : [last, first];
  const days = Math.min(MAX_DAYS, lengthOf({ from: start, to: end }));
  const span = { from: daysAfter(end, 1 - days), to: end };
  return { ...span, by: groupingOf(by ?? "day", days) };
}

function groupingOf(wanted: Grouping, days: number): Grouping {
  const groupings: readonly Grouping[] = ["day", "week", "month"];
  const possible = groupings.slice(groupings.indexOf(wanted));
  return possible.find((each) => days / DAYS_OF[each] <= MAX_BARS) ?? "month";
}

/** The period as arguments of the graph's fields. */
export function argumentsOf({ from, to, by }: Period): { from: string; to: string; interval: UsageInterval } {
  return { from: `${from}T00:00:00.000Z`, to: `${to}T00:00:00.000Z`, interval: INTERVAL_OF[by] };
}

import { Denied } from "../src/domain/denial";
import { isIdentifier } from "../src/domain/identifier";
import type { Plan } from "../src/domain/plan";
import {
  type CreditBalance,
  type DaySpent,
  forecastExhaustion,
  MAX_USAGE_POINTS,
  type UsageInterval,
} from "../src/domain/usage";

const HOUR_MS = 60 * 60 * 1000;
const DAY_MS = 24 * HOUR_MS;
const LENGTHS: Record<UsageInterval, number> = { HOUR: HOUR_MS, DAY: DAY_MS, WEEK: 7 * DAY_MS, MONTH: 28 * DAY_MS };
const LONGEST_SPAN_MS = 10 * 366 * DAY_MS;

/** Throws BAD_USER_INPUT for a span that runs backwards, or has more points than anybody looks at. */
export function assertSpan(from: Date, to: Date, interval: UsageInterval | null): void {
  const span = to.getTime() - from.getTime();
  if (span < 0) throw new Denied("BAD_USER_INPUT", "'from' lies after 'to'.");
  const points = interval ? span / LENGTHS[interval] + 1 : 0;
  if (points > MAX_USAGE_POINTS || span > LONGEST_SPAN_MS) {
    throw new Denied(
      "BAD_USER_INPUT",
      `This span is too long: at most ${MAX_USAGE_POINTS} points and ten years. Ask for less, or a longer interval.`,
    );
  }
}

/** When credits run out at the pace of the last seven days. */
export function exhaustionOf(plan: Plan, balance: CreditBalance, days: readonly DaySpent[], now: Date): Date | null {
  const since = now.getTime() - 7 * DAY_MS;
  const lately = days.filter(({ day }) => day.getTime() > since).map(({ inPeriod, before }) => inPeriod + before);
  return forecastExhaustion(plan, balance, lately, now);
}

const NOWHERE = "00000000-0000-0000-0000-000000000000";

/** Whose use is asked for: the organization's, or a workspace's. What names no workspace used nothing. */
export function usageScope(organizationId: string, workspaceId: string | null): string {
  if (workspaceId === null) return organizationId;
  const isWorkspace = isIdentifier(workspaceId) && workspaceId.toLowerCase() !== organizationId;
  return isWorkspace ? workspaceId : NOWHERE;
}

import { creditPeriod } from "../../domain/credits";
import type { Plan } from "../../domain/plan";
import type { UsageRecord } from "../../domain/usage";

const HOUR_MS = 60 * 60 * 1000;
const DAY_MS = 24 * HOUR_MS;
/** How many whole days of use there are before today. */
const DAYS = 34;
/** How many days ago the organization used its own key. */
const OWN_KEY_DAYS = { from: 14, to: 8 };
/** The share of the period's credits that is used. */
const USED = 0.79;
const CALLS = { weekday: 6, weekend: 1 };
/** The relative use of the workspaces. */
const SHARES = [5, 3, 1];

interface Call extends UsageRecord {
  weight: number;
}

/**
 * Calls in the working hours of 34 days and of today, with quiet weekends. The result is the same for the same moment.
 */
function callsOf(workspaceIds: readonly string[], now: Date): Call[] {
  const today = Math.floor(now.getTime() / DAY_MS) * DAY_MS;
  const calls: Call[] = [];
  for (let ago = DAYS; ago >= 0; ago--) {
    const day = new Date(today - ago * DAY_MS);
    const isWeekend = day.getUTCDay() % 6 === 0;
    for (const [index, workspaceId] of workspaceIds.entries()) {
      for (let call = 0; call < (isWeekend ? CALLS.weekend : CALLS.weekday); call++) {
        const at = new Date(day.getTime() + (8 + 1.5 * call) * HOUR_MS + index * 11 * 60_000);
        const variation = 0.6 + ((ago * 31 + index * 17 + call * 7) % 10) / 12.5;
        const byok = ago <= OWN_KEY_DAYS.from && ago >= OWN_KEY_DAYS.to;
        const weight = (SHARES[index] ?? 1) * variation;
        calls.push({ id: `demo-${ago}-${index}-${call}`, workspaceId, at, credits: 0, byok, weight });
      }
    }
  }
  return calls.filter(({ at }) => at <= now);
}

/** A month of use, which takes nearly 80 % of the current period's credits. */
export function demoUsage(workspaceIds: readonly string[], plan: Plan, startedAt: Date, now: Date): UsageRecord[] {
  const { start } = creditPeriod(startedAt, now);
  const calls = callsOf(workspaceIds, now);
  const paid = calls.filter(({ at, byok }) => !byok && at >= start);
  const days = new Set(paid.map(({ at }) => at.toISOString().slice(0, 10))).size;
  const total = USED * (plan.monthlyCredits ?? 0) + days * plan.dailyCredits;
  const perWeight = total / paid.reduce((sum, { weight }) => sum + weight, 0);
  return calls.map(({ weight, ...call }) => ({ ...call, credits: Math.round(weight * perWeight * 100) / 100 }));
}

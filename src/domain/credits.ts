import type { Plan } from "./plan";
import { CREDIT_DECIMALS } from "./usage";

/**
 * The month of credits that `now` falls into: from one day of the month of the first subscription to the next, whatever
 * the billing interval. Annual plans are granted their credits monthly (the product's guide, "Subscription").
 */
export function creditPeriod(anchor: Date, now: Date): { start: Date; end: Date } {
  const months = (now.getUTCFullYear() - anchor.getUTCFullYear()) * 12 + now.getUTCMonth() - anchor.getUTCMonth();
  const started = monthsOn(anchor, months) <= now ? months : months - 1;
  return { start: monthsOn(anchor, started), end: monthsOn(anchor, started + 1) };
}

function monthsOn(anchor: Date, months: number): Date {
  const first = new Date(Date.UTC(anchor.getUTCFullYear(), anchor.getUTCMonth() + months, 1));
  const lastDay = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0)).getUTCDate();
  const timeOfDay = anchor.getTime() - Date.UTC(anchor.getUTCFullYear(), anchor.getUTCMonth(), anchor.getUTCDate());
  return new Date(
    Date.UTC(first.getUTCFullYear(), first.getUTCMonth(), Math.min(anchor.getUTCDate(), lastDay)) + timeOfDay,
  );
}

/** Credits spent on one day (UTC): in this period, and before it if the period begins on that day. */
export interface DaySpent {
  /** The day's first moment. */
  day: Date;
  inPeriod: number;
  before: number;
}

/** An organization's credits, spent and left. Null: unlimited. */
export interface CreditBalance {
  used: number;
  monthlyLimit: number | null;
  monthlyRemaining: number | null;
  dailyLimit: number;
  dailyRemaining: number;
  resetsAt: Date;
}

/** A call spends the day's credits first, then the period's (the product's guide, "Credits"). */
export function creditBalance(plan: Plan, days: readonly DaySpent[], resetsAt: Date, now: Date): CreditBalance {
  const today = now.toISOString().slice(0, 10);
  const spentToday = days
    .filter(({ day }) => day.toISOString().startsWith(today))
    .reduce((sum, { inPeriod, before }) => sum + inPeriod + before, 0);
  const fromPeriod = days.reduce((sum, day) => sum + periodPart(day.before, day.inPeriod, plan.dailyCredits), 0);
  return {
    used: exact(days.reduce((sum, { inPeriod }) => sum + inPeriod, 0)),
    monthlyLimit: plan.monthlyCredits,
    monthlyRemaining: plan.monthlyCredits === null ? null : exact(Math.max(0, plan.monthlyCredits - fromPeriod)),
    dailyLimit: plan.dailyCredits,
    dailyRemaining: exact(Math.max(0, plan.dailyCredits - spentToday)),
    resetsAt,
  };
}

/** The credits left for the next call, in both pools together; null: unlimited. */
export function creditsRemaining({ monthlyRemaining, dailyRemaining }: CreditBalance): number | null {
  return monthlyRemaining === null ? null : exact(monthlyRemaining + dailyRemaining);
}

/**
 * The part of `credits` that the period's pool paid, after `before` were spent on the same day. The statements in
 * src/store/views/usage-trend.ts apply the same rule to the hours of a day.
 */
export function periodPart(before: number, credits: number, dailyCredits: number): number {
  return Math.max(0, credits - Math.max(0, dailyCredits - before));
}

/** The Owners get a mail when these percentages of the credits are used, once each per period. */
export const ALERT_THRESHOLDS = [100, 80] as const;

/** The highest threshold, in percent, that the use of the period's own credits has reached; null below all. */
export function reachedThreshold({ monthlyLimit, monthlyRemaining }: CreditBalance): number | null {
  if (monthlyLimit === null || monthlyRemaining === null || monthlyLimit === 0) return null;
  const percent = ((monthlyLimit - monthlyRemaining) / monthlyLimit) * 100;
  return ALERT_THRESHOLDS.find((threshold) => percent >= threshold) ?? null;
}

const DAY_MS = 24 * 60 * 60 * 1000;
const PACE_DAYS = 7;

/** The credits spent on each of the last seven days, today included. Days without usage are left out. */
function lastDays(days: readonly DaySpent[], now: Date): number[] {
  const since = now.getTime() - PACE_DAYS * DAY_MS;
  return days
    .filter(({ day }) => day.getTime() > since)
    .map(({ inPeriod, before }) => inPeriod + before)
    .filter((spent) => spent > 0);
}

/** The credits per day that the last seven days took from the period's pool. */
function paceOf({ dailyCredits }: Plan, spentByDay: readonly number[]): number {
  return spentByDay.reduce((sum, spent) => sum + periodPart(0, spent, dailyCredits), 0) / PACE_DAYS;
}

/**
 * The day, in UTC, on which the credits run out at the pace of the last seven days, today included; null if they last
 * until the next period.
 */
export function forecastExhaustion(
  plan: Plan,
  balance: CreditBalance,
  days: readonly DaySpent[],
  now: Date,
): Date | null {
  if (balance.monthlyRemaining === null) return null;
  const pace = paceOf(plan, lastDays(days, now));
  const today = new Date(now.toISOString().slice(0, 10));
  if (balance.monthlyRemaining === 0 && balance.dailyRemaining === 0) return today;
  if (pace === 0) return null;
  const day = new Date(today.getTime() + Math.floor(balance.monthlyRemaining / pace) * DAY_MS);
  return day < balance.resetsAt ? day : null;
}

/**
 * The credits that the period's pool will have paid when the period ends, at the pace of the last seven days, today
 * included. The result may exceed the pool. Null if nothing was spent in these days, because then there is no pace.
 */
export function projectPeriodCredits(
  plan: Plan,
  { resetsAt }: Pick<CreditBalance, "resetsAt">,
  days: readonly DaySpent[],
  now: Date,
): number | null {
  const spentByDay = lastDays(days, now);
  if (spentByDay.length === 0) return null;
  const spent = days.reduce((sum, day) => sum + periodPart(day.before, day.inPeriod, plan.dailyCredits), 0);
  return exact(spent + (paceOf(plan, spentByDay) * (resetsAt.getTime() - now.getTime())) / DAY_MS);
}

/** Removes the rounding errors of binary fractions from a sum of decimals. */
function exact(value: number): number {
  return Number(value.toFixed(CREDIT_DECIMALS));
}

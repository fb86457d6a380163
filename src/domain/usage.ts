import { isIdentifier } from "./identifier";
import type { Plan } from "./plan";

export const UsageInterval = { HOUR: "HOUR", DAY: "DAY", WEEK: "WEEK", MONTH: "MONTH" } as const;
export type UsageInterval = keyof typeof UsageInterval;

/** How many records one request may bring. */
export const MAX_USAGE_RECORDS = 1_000;
/** How late a record may come, and how long its id is remembered at least once it has come, so that it counts once. */
export const MAX_RECORD_AGE_MS = 35 * 24 * 60 * 60 * 1000;
/** How far ahead a sender's clock may be. */
export const CLOCK_TOLERANCE_MS = 5 * 60 * 1000;
/**
 * How far a sender's clock may be behind: a call that seems so much older than its organization counts in the first
 * period. One that seems older still is shown where its time is, and belongs to no period of the organization.
 */
export const FOUNDING_TOLERANCE_MS = CLOCK_TOLERANCE_MS;
/** Far above what one call costs; more is a sender's mistake. */
const MAX_CREDITS_PER_CALL = 1_000_000;
/** Credits have this many decimals. Anything beyond is rounded. */
export const CREDIT_DECIMALS = 9;
const ID = /^[^\0\p{Cs}]{1,255}$/u;
/** Gap-free series have an end: a hundred days by the hour. */
export const MAX_USAGE_POINTS = 2_400;

/** One call, as a metering service tells of it. */
export interface UsageRecord {
  id: string;
  workspaceId: string;
  at: Date;
  credits: number;
  byok: boolean;
}

/** How far clocks of processes may be apart, and how long a request may take: so near to a month's turn it is both's. */
const MONTH_TURN_MS = 10 * 60 * 1000;

/** The month of a moment, by its first day, in UTC. */
export function monthOf(moment: Date): string {
  return `${moment.toISOString().slice(0, 7)}-01`;
}

/** The months in which a record that comes now is remembered, the older one first: mostly the same one twice. */
export function monthsOfReceipt(now: Date): [older: string, newer: string] {
  return [monthOf(new Date(now.getTime() - MONTH_TURN_MS)), monthOf(new Date(now.getTime() + MONTH_TURN_MS))];
}

/** Why a record cannot be taken, whatever is stored; null where it can. */
export function faultOf({ id, workspaceId, at, credits }: UsageRecord, now: Date): string | null {
  if (!ID.test(id)) return "An id has 1 to 255 characters, none of them NUL or half a surrogate pair.";
  if (!isIdentifier(workspaceId)) return NO_SUCH_WORKSPACE;
  if (!Number.isFinite(credits) || credits < 0) return "Credits are zero or more.";
  if (credits > MAX_CREDITS_PER_CALL) return `A call costs at most ${MAX_CREDITS_PER_CALL} credits.`;
  if (at.getTime() < now.getTime() - MAX_RECORD_AGE_MS) return "The call is more than 35 days ago.";
  if (at.getTime() > now.getTime() + CLOCK_TOLERANCE_MS) return "The call is more than 5 minutes in the future.";
  return null;
}

export const NO_SUCH_WORKSPACE = "There is no such workspace.";

/** Credits as an exact decimal, as the database keeps them. */
export function decimalOf(credits: number): string {
  return credits.toFixed(CREDIT_DECIMALS);
}

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

/** What was spent on one day, in UTC: in this period, and before it where the period begins within the day. */
export interface DaySpent {
  /** The day's first moment. */
  day: Date;
  inPeriod: number;
  before: number;
}

/** What there is of an organization's credits. Null: unlimited. */
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
  const fromPeriod = days.reduce((sum, day) => sum + spentFromPeriod(plan, day), 0);
  return {
    used: exact(days.reduce((sum, { inPeriod }) => sum + inPeriod, 0)),
    monthlyLimit: plan.monthlyCredits,
    monthlyRemaining: plan.monthlyCredits === null ? null : exact(Math.max(0, plan.monthlyCredits - fromPeriod)),
    dailyLimit: plan.dailyCredits,
    dailyRemaining: exact(Math.max(0, plan.dailyCredits - spentToday)),
    resetsAt,
  };
}

/** What remains for the next call, over both pools; null where there is no limit. */
export function creditsRemaining({ monthlyRemaining, dailyRemaining }: CreditBalance): number | null {
  return monthlyRemaining === null ? null : exact(monthlyRemaining + dailyRemaining);
}

function spentFromPeriod({ dailyCredits }: Plan, { inPeriod, before }: DaySpent): number {
  return Math.max(0, inPeriod - Math.max(0, dailyCredits - before));
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

/**
 * The day, in UTC, on which the credits run out at the pace of the last seven days, this one included; null where they
 * last until they are granted anew.
 */
export function forecastExhaustion(
  plan: Plan,
  balance: CreditBalance,
  lastDays: readonly number[],
  now: Date,
): Date | null {
  if (balance.monthlyRemaining === null) return null;
  const pace = lastDays.reduce((sum, spent) => sum + Math.max(0, spent - plan.dailyCredits), 0) / PACE_DAYS;
  const today = new Date(now.toISOString().slice(0, 10));
  if (balance.monthlyRemaining === 0 && balance.dailyRemaining === 0) return today;
  if (pace === 0) return null;
  const day = new Date(today.getTime() + Math.floor(balance.monthlyRemaining / pace) * DAY_MS);
  return day < balance.resetsAt ? day : null;
}

/** Sums of decimals, without the noise of binary fractions. */
function exact(value: number): number {
  return Number(value.toFixed(CREDIT_DECIMALS));
}

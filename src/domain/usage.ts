import { isIdentifier } from "./identifier";

const HOUR_MS = 60 * 60 * 1000;

export const UsageInterval = { HOUR: "HOUR", DAY: "DAY", WEEK: "WEEK", MONTH: "MONTH" } as const;
export type UsageInterval = keyof typeof UsageInterval;

/** The start (UTC) of the interval that contains a moment, or of the interval that is `later` intervals after it. */
function startOfInterval(moment: Date, interval: UsageInterval, later = 0): Date {
  const [year, month, day] = [moment.getUTCFullYear(), moment.getUTCMonth(), moment.getUTCDate()];
  const start = new Date(0);
  if (interval === "MONTH") start.setUTCFullYear(year, month + later, 1);
  else if (interval === "WEEK") start.setUTCFullYear(year, month, day - ((moment.getUTCDay() + 6) % 7) + 7 * later);
  else if (interval === "DAY") start.setUTCFullYear(year, month, day + later);
  else start.setTime(Math.floor(moment.getTime() / HOUR_MS + later) * HOUR_MS);
  return start;
}

/** The starts of all intervals from the one that contains `from` to the one that contains `to`, in UTC. Weeks start on Monday. */
export function intervalsOf(from: Date, to: Date, interval: UsageInterval): Date[] {
  const starts: Date[] = [];
  for (let start = startOfInterval(from, interval); start <= to; start = startOfInterval(start, interval, 1))
    starts.push(start);
  return starts;
}

/** How many records one request may have. */
export const MAX_USAGE_RECORDS = 1_000;
/**
 * The oldest call that a record may report. Record ids are stored for at least as long, so that each record counts
 * once.
 */
export const MAX_RECORD_AGE_MS = 35 * 24 * 60 * 60 * 1000;
/** How far ahead a sender's clock may be. */
export const CLOCK_TOLERANCE_MS = 5 * 60 * 1000;
/**
 * How far a sender's clock may be behind. A call up to this much older than its organization counts in the first
 * period. An even older call shows up at its own time and belongs to no period of the organization.
 */
export const FOUNDING_TOLERANCE_MS = CLOCK_TOLERANCE_MS;
/** Far above what one call costs; more is a sender's mistake. */
const MAX_CREDITS_PER_CALL = 1_000_000;
/** Credits have this many decimals. Anything beyond is rounded. */
export const CREDIT_DECIMALS = 9;
const ID = /^[^\0\p{Cs}]{1,255}$/u;
/** The longest series without gaps: a hundred days by the hour. */
export const MAX_USAGE_POINTS = 2_400;
/** How many workspaces a trend names. All others are one series. */
export const MAX_TREND_WORKSPACES = 20;

/** The series of a trend: a workspace, the other workspaces together, or the deleted ones together. */
export const WorkspaceTrendKind = { WORKSPACE: "WORKSPACE", OTHERS: "OTHERS", DELETED: "DELETED" } as const;
export type WorkspaceTrendKind = keyof typeof WorkspaceTrendKind;

/** One call, as a metering service reports it. */
export interface UsageRecord {
  id: string;
  workspaceId: string;
  at: Date;
  credits: number;
  byok: boolean;
}

/**
 * The largest difference between clocks plus the longest request. A record that arrives this close to the turn of a
 * month may belong to either month.
 */
const MONTH_TURN_MS = 10 * 60 * 1000;

/** The month of a moment (UTC), as its first day. */
export function monthOf(moment: Date): string {
  return `${moment.toISOString().slice(0, 7)}-01`;
}

/**
 * The months in which the id of a record that arrives now may be stored, the older one first. Usually both are the
 * same.
 */
export function monthsOfReceipt(now: Date): [older: string, newer: string] {
  return [monthOf(new Date(now.getTime() - MONTH_TURN_MS)), monthOf(new Date(now.getTime() + MONTH_TURN_MS))];
}

/** Why a record is invalid by itself; null if it is valid. */
export function faultOf({ id, workspaceId, at, credits }: UsageRecord, now: Date): string | null {
  if (!ID.test(id)) return "An id must have 1 to 255 characters, without NUL and unpaired surrogates.";
  if (!isIdentifier(workspaceId)) return NO_SUCH_WORKSPACE;
  if (!Number.isFinite(credits) || credits < 0) return "Credits must be zero or more.";
  if (credits > MAX_CREDITS_PER_CALL) return `A call costs at most ${MAX_CREDITS_PER_CALL} credits.`;
  if (at.getTime() < now.getTime() - MAX_RECORD_AGE_MS) return "The call is more than 35 days old.";
  if (at.getTime() > now.getTime() + CLOCK_TOLERANCE_MS) return "The call is more than 5 minutes in the future.";
  return null;
}

export const NO_SUCH_WORKSPACE = "There is no such workspace.";

/** Credits as an exact decimal, as the database stores them. */
export function decimalOf(credits: number): string {
  return credits.toFixed(CREDIT_DECIMALS);
}

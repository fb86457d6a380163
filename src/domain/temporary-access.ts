import { invalidInput, Refused } from "./refusal";

const DAY_MS = 24 * 60 * 60 * 1000;
/** The longest temporary access (product rule, temporary access). Longer access should have no end. */
const LONGEST_YEARS = 5;

/** Refuses INVALID_INPUT for an end that is not in the future or more than five years away; null means no end. */
export function assertAccessEnd(expiresAt: Date | null, now: Date, ...path: string[]): void {
  if (expiresAt === null) return;
  if (expiresAt <= now) throw invalidInput("Access must end in the future.", ...path);
  const latest = new Date(now);
  latest.setUTCFullYear(latest.getUTCFullYear() + LONGEST_YEARS);
  if (expiresAt <= latest) return;
  throw invalidInput(`Access can end in at most ${LONGEST_YEARS} years. Omit the end for access that stays.`, ...path);
}

/**
 * Refuses OWN_ACCESS if somebody extends their own access (product rule, temporary access). Otherwise a workspace's
 * Admin whose access ends could keep it for ever. A null end means that the access does not end.
 */
export function assertNotExtendingOwn(before: Date | null, after: Date | null): void {
  if (before === null || (after !== null && after <= before)) return;
  throw new Refused("OWN_ACCESS", "You cannot extend your own access. Ask another Admin of the workspace.");
}

/**
 * When to warn a member that their access ends: a day before. Null for access without an end, and for access given for
 * less than a day.
 */
export function warningTime(expiresAt: Date | null, now: Date): Date | null {
  if (expiresAt === null) return null;
  const time = new Date(expiresAt.getTime() - DAY_MS);
  return time < now ? null : time;
}

/** The end of an access for sentences, in UTC; empty if there is none. */
export function untilWhen(expiresAt: Date | null): string {
  return expiresAt === null ? "" : ` until ${expiresAt.toISOString()}`;
}

import { Denied } from "./denial";
import { knownPlans, limitUse } from "./plan";
import { Refused } from "./refusal";

/** How many organizations one person may create within a day (product rule). Deleted ones count too. */
export const MAX_FOUNDED_PER_DAY = 20;
export const FOUNDING_WINDOW_MS = 24 * 60 * 60 * 1000;

/**
 * How many organizations created by one person may be on a free plan at a time, because each has free credits. They
 * count for the founder even after a transfer, but not while deleted. Personal organizations do not count.
 */
export const MAX_FREE_ORGANIZATIONS = 25;

export const FREE_PLAN_CODES: readonly string[] = knownPlans()
  .filter(({ monthlyPriceCents }) => monthlyPriceCents === 0)
  .map(({ code }) => code);

/** A person's counts of created organizations, read under the lock on that person. */
export interface Founded {
  /** Created within the last day, deleted ones included. */
  lately: number;
  /** When the oldest of those was created, or null if there is none. */
  oldestOfLately: Date | null;
  /** On a free plan now. */
  free: number;
}

/** Throws RATE_LIMITED at the daily limit and refuses ORGANIZATION_LIMIT_REACHED at the limit of free organizations. */
export function assertMayFound({ lately, oldestOfLately, free }: Founded, now: Date): void {
  if (lately >= MAX_FOUNDED_PER_DAY) {
    const oldest = oldestOfLately ?? now;
    const seconds = Math.ceil((oldest.getTime() + FOUNDING_WINDOW_MS - now.getTime()) / 1000);
    const message = `You can create at most ${MAX_FOUNDED_PER_DAY} organizations a day. Try again later.`;
    throw new Denied("RATE_LIMITED", message, Math.max(1, seconds));
  }
  if (free >= MAX_FREE_ORGANIZATIONS) {
    const message =
      `You can have at most ${MAX_FREE_ORGANIZATIONS} organizations on a free plan, and you have created ${free}. ` +
      "Upgrade or delete one of them first.";
    throw new Refused("ORGANIZATION_LIMIT_REACHED", message, { limit: limitUse(free, MAX_FREE_ORGANIZATIONS) });
  }
}

/** Applies the limit of free organizations to a restore. Only the founder learns their count. */
export function assertMayRestore({ free }: Pick<Founded, "free">, planCode: string, isFounder: boolean): void {
  if (free < MAX_FREE_ORGANIZATIONS || !FREE_PLAN_CODES.includes(planCode)) return;
  const message =
    `One person can have at most ${MAX_FREE_ORGANIZATIONS} organizations on a free plan, and this one's founder has reached that. ` +
    "Upgrade or delete one of theirs first.";
  const detail = isFounder ? { limit: limitUse(free, MAX_FREE_ORGANIZATIONS) } : {};
  throw new Refused("ORGANIZATION_LIMIT_REACHED", message, detail);
}

import { Denied } from "./denial";
import { knownPlans, limitUse } from "./plan";
import { Refused } from "./refusal";

/** How many organizations one person may found within a day. Deleted ones count: they are no way around it. */
export const MAX_FOUNDED_PER_DAY = 20;
export const FOUNDING_WINDOW_MS = 24 * 60 * 60 * 1000;

/**
 * How many of the organizations that one person has founded may be on a free plan at a time. Each comes with free
 * credits. They count for the founder even after a transfer. Deleted ones do not count until they are restored. The
 * personal organization, which everybody gets, is not one of them.
 */
export const MAX_FREE_ORGANIZATIONS = 25;

/** The plans that cost nothing. */
export const FREE_PLAN_CODES: readonly string[] = knownPlans()
  .filter(({ monthlyPriceCents }) => monthlyPriceCents === 0)
  .map(({ code }) => code);

/** What somebody has founded, read under their lock. */
export interface Founded {
  /** Within the last day, deleted ones included. */
  lately: number;
  /** When the oldest of those was founded; null where there is none. */
  oldestOfLately: Date | null;
  /** On a free plan now. */
  free: number;
}

/** Throws RATE_LIMITED where somebody has founded enough for a day; refuses ORGANIZATION_LIMIT_REACHED. */
export function assertMayFound({ lately, oldestOfLately, free }: Founded, now: Date): void {
  if (lately >= MAX_FOUNDED_PER_DAY) {
    const oldest = oldestOfLately ?? now;
    const seconds = Math.ceil((oldest.getTime() + FOUNDING_WINDOW_MS - now.getTime()) / 1000);
    const message = `One person creates at most ${MAX_FOUNDED_PER_DAY} organizations a day. Try again later.`;
    throw new Denied("RATE_LIMITED", message, Math.max(1, seconds));
  }
  if (free >= MAX_FREE_ORGANIZATIONS) {
    const message =
      `One person has at most ${MAX_FREE_ORGANIZATIONS} organizations on a free plan, and you have created ${free}. ` +
      "Upgrade or delete one of them first.";
    throw new Refused("ORGANIZATION_LIMIT_REACHED", message, { limit: limitUse(free, MAX_FREE_ORGANIZATIONS) });
  }
}

/** The same limit when an organization is restored. Only the founder sees how many they have. */
export function assertMayRestore({ free }: Pick<Founded, "free">, planCode: string, isFounder: boolean): void {
  if (free < MAX_FREE_ORGANIZATIONS || !FREE_PLAN_CODES.includes(planCode)) return;
  const message =
    `One person has at most ${MAX_FREE_ORGANIZATIONS} organizations on a free plan, and the founder of this one has them. ` +
    "One of those has to be upgraded or deleted first.";
  const detail = isFounder ? { limit: limitUse(free, MAX_FREE_ORGANIZATIONS) } : {};
  throw new Refused("ORGANIZATION_LIMIT_REACHED", message, detail);
}

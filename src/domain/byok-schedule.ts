import { type ByokState, byokStatusOf, isInUse } from "./byok";

/** When the keys in use are verified every day, in UTC. */
export const DAILY_VERIFICATION = { hour: 4, minute: 23 } as const;

const DAY_MS = 24 * 60 * 60 * 1000;

/** When the daily job verifies a key next. Null if the key is not in use, or expires before that. */
export function nextVerificationAt(config: ByokState, planHasByok: boolean, now: Date): Date | null {
  const next = nextDaily(now);
  const isInUseNowAndThen = [now, next].every((at) => isInUse(byokStatusOf(config, planHasByok, at)));
  return isInUseNowAndThen ? next : null;
}

function nextDaily(now: Date): Date {
  const { hour, minute } = DAILY_VERIFICATION;
  const today = Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate(), hour, minute);
  return new Date(today > now.getTime() ? today : today + DAY_MS);
}

import { DAY_MS, dayOf, daysAfter, lengthOf } from "./period";
import { sum, type Usage } from "./series";

/** A day of the credit period: the credits that the pool has paid by then, or will have paid at the present pace. */
export interface PoolDay {
  at: string;
  used: number | null;
  forecast: number | null;
}

export interface Pool {
  days: PoolDay[];
  used: number;
  /** Null: unlimited. */
  limit: number | null;
  /** The day on which the credits run out. Null if they last. */
  runsOut: string | null;
  /** The credits that will be used when the period ends, at the present pace. Null without a pace. */
  projected: number | null;
}

/**
 * The current period's pool, day by day. The graph has the exact use of today; earlier days follow from the credits
 * that each day took.
 */
export function poolOf({ credits, forecast, projectedPeriodCredits: projected, pool }: Usage, today: string): Pool {
  const { monthlyLimit, monthlyRemaining, resetsAt } = credits;
  const last = dayOf(new Date(resetsAt));
  const taken = new Map(pool.map(({ at, periodCredits }) => [at.slice(0, 10), periodCredits]));
  const first = monthBefore(new Date(resetsAt));
  const limit = monthlyLimit ?? null;
  const used = limit === null ? takenSince(taken, first) : sum([limit, -(monthlyRemaining ?? 0)]);
  const runsOut = forecast ? forecast.slice(0, 10) : null;
  const usedOn = usedByDay(taken, used, first, today);
  const forecastOn = forecastByDay({ used, limit, runsOut, projected: projected ?? null }, today, last);
  const days = Array.from({ length: lengthOf({ from: first, to: last }) }, (_, index) => daysAfter(first, index));
  return {
    days: days.map((at) => ({ at, used: usedOn.get(at) ?? null, forecast: forecastOn.get(at) ?? null })),
    used,
    limit,
    runsOut,
    projected: projected ?? null,
  };
}

/** The first day of the pool's trend. No period is longer than a month. */
export function poolStart(today: string): string {
  return daysAfter(today, -31);
}

function takenSince(taken: ReadonlyMap<string, number>, first: string): number {
  return sum([...taken].filter(([day]) => day >= first).map(([, credits]) => credits));
}

/** Goes backwards from today, because only today's sum is known. */
function usedByDay(taken: ReadonlyMap<string, number>, used: number, first: string, today: string) {
  const usedOn = new Map<string, number>();
  let sumSoFar = used;
  for (let day = today; day >= first; day = daysAfter(day, -1)) {
    usedOn.set(day, sumSoFar);
    sumSoFar = Math.max(0, sum([sumSoFar, -(taken.get(day) ?? 0)]));
  }
  return usedOn;
}

/**
 * A straight line from today's use to the limit on the day on which it is reached, or to the use at the end of the
 * period.
 */
function forecastByDay({ used, limit, runsOut, projected }: Omit<Pool, "days">, today: string, last: string) {
  const forecastOn = new Map<string, number>();
  const end = runsOut && limit !== null ? { day: runsOut, value: limit } : { day: last, value: projected };
  if (end.value === null || end.day < today) return forecastOn;
  const steps = lengthOf({ from: today, to: end.day }) - 1;
  for (let step = 0; step < steps; step++) {
    const value = used + ((end.value - used) * step) / steps;
    forecastOn.set(daysAfter(today, step), Number(value.toFixed(2)));
  }
  forecastOn.set(end.day, end.value);
  return forecastOn;
}

/** The same day of the month before, or that month's last day. */
function monthBefore(moment: Date): string {
  const [year, month] = [moment.getUTCFullYear(), moment.getUTCMonth()];
  const lastDay = new Date(Date.UTC(year, month, 1) - DAY_MS).getUTCDate();
  return dayOf(new Date(Date.UTC(year, month - 1, Math.min(moment.getUTCDate(), lastDay))));
}

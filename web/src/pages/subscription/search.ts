const DAY = /^\d{4}-\d{2}-\d{2}$/;
const INTERVALS = ["day", "week", "month"] as const;

/** What the address of the subscription page says: the days that the usage is shown for, and how they are grouped. */
export interface SubscriptionSearch {
  from?: string;
  to?: string;
  by?: (typeof INTERVALS)[number];
  /** The plan, and how it is billed, that somebody comes back from paying for. */
  paid?: string;
  cycle?: "MONTHLY" | "ANNUAL";
}

/** Reads the period from an address. Drops what it does not know. */
export function subscriptionSearch({ from, to, by, paid, cycle }: Record<string, unknown>): SubscriptionSearch {
  const interval = INTERVALS.find((each) => each === by);
  return {
    ...(isDay(from) && { from }),
    ...(isDay(to) && { to }),
    ...(interval && { by: interval }),
    ...(typeof paid === "string" && /^[A-Z_]{1,40}$/.test(paid) && { paid }),
    ...((cycle === "MONTHLY" || cycle === "ANNUAL") && { cycle }),
  };
}

function isDay(text: unknown): text is string {
  if (typeof text !== "string" || !DAY.test(text)) return false;
  const day = new Date(`${text}T00:00:00Z`);
  // Only days that exist: the 31st of February would read as a day of March.
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
}

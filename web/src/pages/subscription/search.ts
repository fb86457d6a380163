const DAY = /^\d{4}-\d{2}-\d{2}$/;
const INTERVALS = ["day", "week", "month"] as const;

/** The parameters in the address of the subscription page: the days of the usage, and their grouping. */
export interface SubscriptionSearch {
  from?: string;
  to?: string;
  by?: (typeof INTERVALS)[number];
  /** The plan and its billing interval, after a return from the checkout page. */
  paid?: string;
  cycle?: "MONTHLY" | "ANNUAL";
}

/** Reads the period from an address. Ignores unknown parameters. */
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

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const INTERVALS = ["day", "week", "month"] as const;

/** What the address of the subscription page says: the days that the usage is shown for, and how they are grouped. */
export interface SubscriptionSearch {
  from?: string;
  to?: string;
  by?: (typeof INTERVALS)[number];
}

/** Reads the period from an address. Drops what it does not know. */
export function subscriptionSearch({ from, to, by }: Record<string, unknown>): SubscriptionSearch {
  const interval = INTERVALS.find((each) => each === by);
  return {
    ...(typeof from === "string" && DAY.test(from) && { from }),
    ...(typeof to === "string" && DAY.test(to) && { to }),
    ...(interval && { by: interval }),
  };
}

const DAY_MS = 24 * 60 * 60 * 1000;

/** How long each kind of data is kept, in days; null: as long as its organization. */
export interface Retention {
  /**
   * Counted from the end of a membership. Longer than the 30 days for a reinstatement, so that the refusal can say that
   * it is too late.
   */
  formerMembers: number;
  /** Counted from the end of an invitation. */
  invitations: number | null;
  /** Counted from the end of the day of the usage (UTC). */
  usage: number | null;
  /** Counted from the completion of an access review, or from the start of a canceled one. */
  accessReviews: number | null;
  /** Counted from the event. */
  events: number | null;
}

/** The retention without configuration. */
export const DEFAULT_RETENTION: Retention = {
  formerMembers: 90,
  invitations: null,
  usage: null,
  accessReviews: null,
  events: null,
};

/**
 * The smallest allowed number of days for each kind: former members until nobody can reinstate them, invitations until
 * their links have ended anyway, usage for the longest hourly series, events until every client has resumed or started
 * again.
 */
export const LEAST_DAYS: Readonly<Record<keyof Retention, number>> = {
  formerMembers: 30,
  invitations: 30,
  usage: 100,
  accessReviews: 90,
  events: 90,
};

/** Data from this instant or before is removed; null: no data is removed. */
export function removableUntil(now: Date, days: number): Date;
export function removableUntil(now: Date, days: number | null): Date | null;
export function removableUntil(now: Date, days: number | null): Date | null {
  return days === null ? null : new Date(now.getTime() - days * DAY_MS);
}

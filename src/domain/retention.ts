const DAY_MS = 24 * 60 * 60 * 1000;

/** How long each kind of data is kept, in days; null: as long as its organization. */
export interface Retention {
  /** From the end of a membership: beyond the 30 days of a reinstatement, so that the answer says why it is too late. */
  formerMembers: number;
  /** From the end of an invitation. */
  invitations: number | null;
  /** From the end of the day of the use, in UTC. */
  usage: number | null;
  /** From the completion of an access review; of a canceled one, from its start. */
  accessReviews: number | null;
  /** From the event. */
  events: number | null;
}

/** Without configuration. */
export const DEFAULT_RETENTION: Retention = {
  formerMembers: 90,
  invitations: null,
  usage: null,
  accessReviews: null,
  events: null,
};

/**
 * The fewest days of each kind: former members until nobody can reinstate them, invitations until their links would have
 * ended anyway, usage for the longest hourly series, events until every client has resumed or started again.
 */
export const LEAST_DAYS: Readonly<Record<keyof Retention, number>> = {
  formerMembers: 30,
  invitations: 30,
  usage: 100,
  accessReviews: 90,
  events: 90,
};

/** Data from this instant or before is removed; null: none. */
export function removableUntil(now: Date, days: number): Date;
export function removableUntil(now: Date, days: number | null): Date | null;
export function removableUntil(now: Date, days: number | null): Date | null {
  return days === null ? null : new Date(now.getTime() - days * DAY_MS);
}

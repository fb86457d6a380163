const DAY_MS = 24 * 60 * 60 * 1000;

/** Midnight, in UTC, of an instant's day. Only the day on which a member used the platform is stored. */
export function dayOf(instant: Date): Date {
  return new Date(Math.floor(instant.getTime() / DAY_MS) * DAY_MS);
}

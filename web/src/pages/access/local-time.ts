const MINUTE_MS = 60_000;

/** An instant as the value of an input for date and time, such as "2026-03-01T09:30", in the person's time zone. */
export function localTime(instant: string): string {
  const date = new Date(instant);
  return new Date(date.getTime() - date.getTimezoneOffset() * MINUTE_MS).toISOString().slice(0, 16);
}

/** The instant of such an input's value. Null if it is empty. */
export function toInstant(local: string): string | null {
  return local === "" ? null : new Date(local).toISOString();
}

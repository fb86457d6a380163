const SHORT = new Intl.DateTimeFormat("en", { day: "numeric", month: "short", timeZone: "UTC" });

/** A day on an axis, such as "3 Mar". */
export function dayLabel(at: string): string {
  const day = new Date(at);
  return Number.isNaN(day.getTime()) ? "" : SHORT.format(day);
}

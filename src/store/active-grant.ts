/**
 * SQL that is true while the workspace grant in row `alias` counts: it has no end, or ends after `now`. Every statement
 * that reads grants needs this condition, because a job deletes ended grants later. `now` is a parameter with the time
 * of the service's clock, so that all statements of an operation agree.
 */
export function isActiveGrant(alias: "a" | "g", now: string): string {
  return `(${alias}.expires_at IS NULL OR ${alias}.expires_at > ${now})`;
}

/**
 * SQL that is true for frozen access `item` with at least one finding, as of the start of its review. The rule is
 * `findingsOf` in the domain. SQL repeats it, because the order of a list needs it in an index.
 */
export function hasFindings(item: string, startedAt: string): string {
  return `(
    coalesce(${item}.last_seen_at, ${item}.joined_at) <= ${startedAt}::timestamptz - interval '2160 hours'
    OR coalesce(${item}.owner_rank, 0) > 2
    OR ${item}.role IN ('DEVELOPER', 'VIEWER') AND (
      ${item}.grants = '[]'
      OR EXISTS (
        SELECT FROM jsonb_to_recordset(${item}.grants) AS g ("roleOverride" text, "expiresAt" text)
        WHERE g."roleOverride" IS NOT NULL AND (
          g."expiresAt" IS NULL OR g."roleOverride" = 'ADMIN'
          OR g."roleOverride" = 'DEVELOPER' AND ${item}.role = 'VIEWER'))))`;
}

import { located, type Within } from "./engine/directories";
import type { Reader, Statement } from "./engine/statement";

/** The day, as midnight in UTC, on which a person used the platform. */
export interface Seen {
  userId: string;
  day: Date;
}

// Uses member_user_id_joined_at_id_index. Skips rows that another transaction has locked, instead of waiting: a command
// that locks several members could otherwise wait for this statement while this statement waits for it. A later day, or
// the same day from another replica, stays.
const ON_ONE_SERVER = `
    WITH due AS (
      SELECT m.id, m.organization_id, m.user_id, seen.day
      FROM unnest($1::text[], $2::timestamptz[]) AS seen (user_id, day)
      JOIN member m ON m.user_id = seen.user_id AND (m.last_seen_at IS NULL OR m.last_seen_at < seen.day)
    ), free AS (
      SELECT m.id, m.organization_id, due.user_id, due.day FROM due
      JOIN member m ON m.id = due.id AND m.organization_id = due.organization_id
        AND (m.last_seen_at IS NULL OR m.last_seen_at < due.day)
      FOR NO KEY UPDATE OF m SKIP LOCKED
    ), written AS (
      UPDATE member m SET last_seen_at = free.day FROM free
      WHERE m.id = free.id AND m.organization_id = free.organization_id
    )
    SELECT DISTINCT user_id AS "userId" FROM due WHERE id NOT IN (SELECT id FROM free)`;
// A distributed database skips no locked rows on several nodes. It waits for them until the caller's time limit, and
// breaks up deadlocks.
const onSeveral = (within: Within) => `
    UPDATE member m SET last_seen_at = seen.day FROM unnest($1::text[], $2::timestamptz[]) AS seen (user_id, day)
    WHERE m.user_id = seen.user_id AND (m.last_seen_at IS NULL OR m.last_seen_at < seen.day) ${within("m.organization_id")}`;
const WRITE: Statement = {
  ...located({ name: "write-last-seen" }, { directory: "person", parameter: 1 }, onSeveral),
  text: ON_ONE_SERVER,
  distributed: onSeveral(() => ""),
};

/**
 * Stores on which day people were last seen, in all their memberships. Returns the people for whom the caller must try
 * again later.
 */
export async function writeLastSeen(reader: Reader, seen: readonly Seen[]): Promise<Set<string>> {
  const values = [seen.map(({ userId }) => userId), seen.map(({ day }) => day)];
  const locked = await reader.rows<{ userId: string }>(WRITE, values);
  return new Set(locked.map(({ userId }) => userId));
}

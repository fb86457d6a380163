import { FOUNDING_WINDOW_MS, type Founded, FREE_PLAN_CODES } from "../domain/founding";
import { located } from "./engine/directories";
import type { Reader, Statement } from "./engine/statement";

// The lock is a separate statement before the count, because a snapshot taken while waiting for the lock would be
// outdated.
const LOCK: Statement = {
  name: "lock-founder",
  text: "SELECT id FROM user_account WHERE id = $1 FOR NO KEY UPDATE",
};

const FOUNDED = located(
  { name: "organizations-founded" },
  { directory: "person", parameter: 1 },
  (within) => `
    SELECT count(*) FILTER (WHERE o.created_at > $2)::int AS lately,
      min(o.created_at) FILTER (WHERE o.created_at > $2) AS "oldestOfLately",
      count(*) FILTER (WHERE o.deleted_at IS NULL AND s.plan_code = ANY ($3::text[]))::int AS free
    FROM organization o JOIN organization_subscription s ON s.organization_id = o.id ${within("s.organization_id")}
    WHERE o.founded_by_id = $1 ${within("o.id")}`,
);

/**
 * Counts the organizations that a person founded. Locks the person until the transaction ends, so that concurrent
 * requests to create or restore organizations, on any replica, count each other.
 */
export async function lockFounded(reader: Reader, userId: string, now: Date): Promise<Founded> {
  await reader.rows(LOCK, [userId]);
  const since = new Date(now.getTime() - FOUNDING_WINDOW_MS);
  const [founded] = await reader.rows<Founded>(FOUNDED, [userId, since, FREE_PLAN_CODES]);
  return founded ?? { lately: 0, oldestOfLately: null, free: 0 };
}

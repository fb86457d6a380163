import { located, onNodes } from "../engine/directories";
import type { Reader } from "../engine/statement";

/** The newest sequence of an organization's event log. */
export interface EventHead {
  id: string;
  head: number;
}

const OF_PERSON = located(
  { name: "event-heads-of-person", isShortRead: true },
  { directory: "person", parameter: 1 },
  (within) => `
    SELECT o.id, o.event_sequence AS head FROM member m JOIN organization o ON o.id = m.organization_id ${within("o.id")}
    WHERE m.user_id = $1 ${within("m.organization_id")}`,
);

/**
 * The heads of the logs of a person's organizations, including deleted ones, because one may be restored before the
 * answer is complete.
 */
export function eventHeadsOfPerson(reader: Reader, userId: string): Promise<EventHead[]> {
  return reader.rows<EventHead>(OF_PERSON, [userId]);
}

// The sequence at which a person joined is one entry of organization_event_person_index.
const SAFE = onNodes(
  { name: "safe-event-heads", isShortRead: true },
  2,
  (within) => `
    SELECT o.id, CASE WHEN $1::text IS NULL THEN o.event_sequence ELSE coalesce((
      SELECT max(e.sequence) FROM organization_event e
      WHERE e.organization_id = o.id ${within("e.organization_id")} AND e.data ->> 'userId' = $1 AND e.type = 'member.joined'), 0) END AS head
    FROM organization o WHERE o.id = ANY ($2::uuid[])`,
);

/**
 * Positions for organizations that a person has just joined: the sequence at which they joined, because before that
 * they could see nothing. For a service (`userId` null), which cannot subscribe, the heads.
 */
export function safeEventHeads(reader: Reader, userId: string | null, ids: readonly string[]): Promise<EventHead[]> {
  return reader.rows<EventHead>(SAFE, [userId, ids]);
}

import type { Reader, Statement } from "../engine/statement";
import type { LoggedEvent } from "./event-log";

/** An event with its hash and the hash before it, hexadecimal: enough to compute the one from the other. */
export interface HashedEvent extends LoggedEvent {
  /** Null for the first event of a log. */
  previousHash: string | null;
  hash: string;
}

// Uses organization_event_review_completed_index, then the primary key for the event before.
const COMPLETION: Statement = {
  name: "completion-of-access-review",
  text: `
    SELECT e.organization_id AS "organizationId", e.sequence, e.type, e.occurred_at AS "occurredAt",
      e.actor_id AS "actorId", e.actor_label AS "actorLabel", e.subject_id AS "subjectId",
      e.workspace_id AS "workspaceId", e.summary, e.data, encode(coalesce(p.hash, r.last_hash), 'hex') AS "previousHash",
      encode(e.hash, 'hex') AS hash
    FROM organization_event e
    LEFT JOIN organization_event p ON p.organization_id = e.organization_id AND p.sequence = e.sequence - 1
    LEFT JOIN removed_event_range r ON r.organization_id = e.organization_id AND r.last_sequence = e.sequence - 1
    WHERE e.organization_id = $1 AND e.type = 'access_review.completed' AND e.subject_id = $2`,
};

/** The event that completed a review; null until then. The caller has checked that the viewer may see the review. */
export async function completionEvent(
  reader: Reader,
  { organizationId, id }: { organizationId: string; id: string },
): Promise<HashedEvent | null> {
  const [event] = await reader.rows<HashedEvent>(COMPLETION, [organizationId, id]);
  return event ?? null;
}

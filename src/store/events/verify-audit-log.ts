import type { Reader, Statement } from "../engine/statement";
import { hashOf, type LoggedEvent } from "./event-log";

/** `events`: how many events from the start are intact. */
export type Verification = { ok: true; events: number } | { ok: false; events: number; problem: string };

const BATCH_SIZE = 1000;

const EVENTS: Statement = {
  name: "events-to-verify",
  text: `
    SELECT organization_id AS "organizationId", sequence, type, occurred_at AS "occurredAt", actor_id AS "actorId",
      actor_label AS "actorLabel", subject_id AS "subjectId", workspace_id AS "workspaceId", summary, data, hash
    FROM organization_event WHERE organization_id = $1 AND sequence > $2 AND sequence <= $3 ORDER BY sequence LIMIT $4`,
};

const HEAD: Statement = {
  name: "log-head",
  text: `SELECT event_sequence AS "eventSequence", event_hash AS "eventHash" FROM organization WHERE id = $1`,
};

const EVENTS_BEYOND_HEAD: Statement = {
  name: "events-beyond-head",
  text: `
    SELECT 1 FROM organization_event e JOIN organization o ON o.id = e.organization_id
    WHERE o.id = $1 AND e.sequence > o.event_sequence LIMIT 1`,
};

/**
 * Recomputes every hash of an organization's log, from the first event to the head stored with the organization. Events
 * that are written during the verification come after that head. The next verification covers them.
 */
export async function verifyAuditLog(reader: Reader, organizationId: string): Promise<Verification> {
  const [head] = await reader.rows<{ eventSequence: number; eventHash: Buffer | null }>(HEAD, [organizationId]);
  if (!head) return broken(0, "there is no such organization");
  let sequence = 0;
  let previous: Buffer | null = null;
  for (;;) {
    const events: Array<LoggedEvent & { hash: Buffer }> = await reader.rows(EVENTS, [
      organizationId,
      sequence,
      head.eventSequence,
      BATCH_SIZE,
    ]);
    for (const event of events) {
      const problem = problemOf(event, sequence + 1, previous);
      if (problem) return broken(sequence, problem);
      sequence = event.sequence;
      previous = event.hash;
    }
    if (events.length < BATCH_SIZE) break;
  }
  if (head.eventSequence > sequence) return broken(sequence, `the last ${head.eventSequence - sequence} are missing`);
  const isHead = head.eventHash?.equals(previous ?? Buffer.alloc(0)) ?? previous === null;
  const isEnd = isHead && (await reader.rows(EVENTS_BEYOND_HEAD, [organizationId])).length === 0;
  return isEnd
    ? { ok: true, events: sequence }
    : broken(sequence, "the log does not end at the head that the organization stores");
}

/** The problem of an event that should be the next one in the chain; null if it is. */
function problemOf(event: LoggedEvent & { hash: Buffer }, next: number, previous: Buffer | null): string | null {
  if (event.sequence !== next) return `event ${next} is missing`;
  return hashOf(event, previous).equals(event.hash) ? null : `event ${event.sequence} was changed`;
}

function broken(events: number, problem: string): Verification {
  return { ok: false, events, problem };
}

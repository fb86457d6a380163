import { hashOf, type LoggedEvent } from "./event-log";
import type { Reader, Statement } from "./statement";

/** What verifying a log found: how far it holds, and what is wrong where it does not. */
export type Verification = { ok: true; events: number } | { ok: false; events: number; problem: string };

const BATCH = 1000;

const EVENTS: Statement = {
  name: "events-to-verify",
  text: `
    SELECT organization_id AS "organizationId", sequence, type, occurred_at AS "occurredAt", actor_id AS "actorId",
      actor_label AS "actorLabel", subject_id AS "subjectId", workspace_id AS "workspaceId", summary, data, hash
    FROM organization_event WHERE organization_id = $1 AND sequence > $2 ORDER BY sequence LIMIT $3`,
};

const HEAD: Statement = {
  name: "log-head",
  text: `SELECT event_sequence AS "eventSequence", event_hash AS "eventHash" FROM organization WHERE id = $1`,
};

/** Recomputes every hash of an organization's log, from the first event to the head that the organization keeps. */
export async function verifyAuditLog(reader: Reader, organizationId: string): Promise<Verification> {
  let sequence = 0;
  let previous: Buffer | null = null;
  for (;;) {
    const events: Array<LoggedEvent & { hash: Buffer }> = await reader.rows(EVENTS, [organizationId, sequence, BATCH]);
    for (const event of events) {
      if (event.sequence !== sequence + 1) return broken(sequence, `event ${sequence + 1} is missing`);
      if (!hashOf(event, previous).equals(event.hash)) return broken(sequence, `event ${event.sequence} was changed`);
      sequence = event.sequence;
      previous = event.hash;
    }
    if (events.length < BATCH) break;
  }
  const [head] = await reader.rows<{ eventSequence: number; eventHash: Buffer | null }>(HEAD, [organizationId]);
  if (!head) return broken(sequence, "there is no such organization");
  if (head.eventSequence > sequence) return broken(sequence, `the last ${head.eventSequence - sequence} are missing`);
  const isHead =
    head.eventSequence === sequence && (head.eventHash?.equals(previous ?? Buffer.alloc(0)) ?? previous === null);
  return isHead ? { ok: true, events: sequence } : broken(sequence, "the log does not end where the organization says");
}

function broken(events: number, problem: string): Verification {
  return { ok: false, events, problem };
}

import type { RemovedRange } from "../../domain/removed-events";
import type { Reader, Statement } from "../engine/statement";
import { hashOf, type LoggedEvent } from "./event-log";

/** `events`: the number of intact events from the start; `removed`: the number of removed old events. */
export type Verification = { events: number; removed: number } & ({ ok: true } | { ok: false; problem: string });

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

// Read after a batch of events, so that every removal before the batch is known.
const REMOVED: Statement = {
  name: "removed-ranges-to-verify",
  text: `
    SELECT first_sequence AS "firstSequence", last_sequence AS "lastSequence", last_hash AS "lastHash"
    FROM removed_event_range
    WHERE organization_id = $1 AND last_sequence > $2 AND first_sequence <= $3 ORDER BY first_sequence`,
};

type StoredEvent = LoggedEvent & { hash: Buffer };

/** The progress of the verification of a log. */
interface Verified {
  sequence: number;
  hash: Buffer | null;
  events: number;
  removed: number;
}

/**
 * Recomputes every hash of an organization's log, from the first event to the head stored with the organization. Where events
 * were removed, it continues from the stored hash of the last of them. Events that are written during the verification come
 * after that head. The next verification covers them.
 */
export async function verifyAuditLog(reader: Reader, organizationId: string): Promise<Verification> {
  const verified: Verified = { sequence: 0, hash: null, events: 0, removed: 0 };
  const [head] = await reader.rows<{ eventSequence: number; eventHash: Buffer | null }>(HEAD, [organizationId]);
  if (!head) return broken(verified, "there is no such organization");
  for (let isFull = true; isFull; ) {
    const after = [organizationId, verified.sequence];
    const events = await reader.rows<StoredEvent>(EVENTS, [...after, head.eventSequence, BATCH_SIZE]);
    const removed = await reader.rows<RemovedRange>(REMOVED, [...after, events.at(-1)?.sequence ?? 0]);
    const problem = continueWith(verified, events, removed);
    if (problem) return broken(verified, problem);
    isFull = events.length === BATCH_SIZE;
  }
  const { sequence, hash } = verified;
  if (head.eventSequence > sequence) return broken(verified, `the last ${head.eventSequence - sequence} are missing`);
  const isHead = head.eventHash?.equals(hash ?? Buffer.alloc(0)) ?? hash === null;
  const isEnd = isHead && (await reader.rows(EVENTS_BEYOND_HEAD, [organizationId])).length === 0;
  return isEnd
    ? { ok: true, ...countsOf(verified) }
    : broken(verified, "the log does not end at the head that the organization stores");
}

/** Verifies a batch of events; returns the first problem. */
function continueWith(
  verified: Verified,
  events: readonly StoredEvent[],
  removed: readonly RemovedRange[],
): string | null {
  const ranges = [...removed];
  for (const event of events) {
    while (ranges[0] && ranges[0].lastSequence <= verified.sequence) ranges.shift();
    const [range] = ranges;
    if (range && range.firstSequence <= verified.sequence + 1) {
      verified.removed += range.lastSequence - verified.sequence;
      verified.sequence = range.lastSequence;
      verified.hash = range.lastHash;
    }
    // The event was removed after it was read.
    if (event.sequence <= verified.sequence) continue;
    const problem = problemOf(event, verified.sequence + 1, verified.hash);
    if (problem) return problem;
    verified.sequence = event.sequence;
    verified.hash = event.hash;
    verified.events += 1;
  }
  return null;
}

/** The problem of an event that should be the next one in the chain; null if it is. */
function problemOf(event: StoredEvent, next: number, previous: Buffer | null): string | null {
  if (event.sequence !== next) return `event ${next} is missing`;
  return hashOf(event, previous).equals(event.hash) ? null : `event ${event.sequence} was changed`;
}

function countsOf({ events, removed }: Verified): { events: number; removed: number } {
  return { events, removed };
}

function broken(verified: Verified, problem: string): Verification {
  return { ok: false, ...countsOf(verified), problem };
}

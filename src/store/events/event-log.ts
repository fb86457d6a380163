import { createHash } from "node:crypto";
import type { Change, EventType } from "../../domain/events";
import { type Actor, actorLabel } from "../../domain/viewer";
import type { Reader, Statement } from "../engine/statement";
import type { Job } from "../jobs";

/** The head of an organization's log: sequence and hash of its newest event. */
export interface LogHead {
  id: string;
  eventSequence: number;
  eventHash: Buffer | null;
}

/** The fields of an event that its hash covers. */
export interface LoggedEvent {
  organizationId: string;
  sequence: number;
  type: EventType;
  occurredAt: Date;
  actorId: string | null;
  actorLabel: string;
  subjectId: string | null;
  workspaceId: string | null;
  summary: string;
  data: Readonly<Record<string, unknown>>;
}

/**
 * SHA-256 over the previous hash and the event. It covers the organization's id, so that events of one log cannot be
 * moved to another; keys are sorted, because jsonb reorders them.
 */
export function hashOf(event: LoggedEvent, previous: Buffer | null): Buffer {
  const { organizationId, sequence, type, occurredAt, actorId, subjectId, workspaceId, summary, data } = event;
  const header = [organizationId, sequence, type, occurredAt.toISOString(), actorId, event.actorLabel];
  const text = JSON.stringify([...header, subjectId, workspaceId, summary, canonical(data)]);
  return createHash("sha256")
    .update(previous ?? Buffer.alloc(0))
    .update(text)
    .digest();
}

// One round trip for the events, the log's new head and the jobs.
const RECORD: Statement = {
  name: "record-changes",
  text: `
    WITH head AS (
      UPDATE organization SET event_sequence = $2, event_hash = $3 WHERE id = $1
    ), events AS (
      INSERT INTO organization_event
        (organization_id, sequence, type, occurred_at, actor_id, actor_label, subject_id, workspace_id, summary, data, hash)
      SELECT $1, e.sequence, e.type, $4, $5, $6, e.subject_id, e.workspace_id, e.summary, e.data, decode(e.hash, 'hex')
      FROM jsonb_to_recordset($7::jsonb)
        AS e (sequence int, type text, subject_id uuid, workspace_id uuid, summary text, data jsonb, hash text)
    )
    SELECT count(*) FROM graphile_worker.add_jobs(ARRAY(
      SELECT (j.task, j.payload, NULL, NULL, j.attempts, NULL, NULL, NULL)::graphile_worker.job_spec
      FROM jsonb_to_recordset($8::jsonb) AS j (task text, payload json, attempts smallint)
    ))`,
};

/**
 * Appends changes to the organization's log and queues jobs, in the caller's transaction, which must hold the lock on
 * the organization. Advances `head`, so that the next call continues from it.
 */
export async function recordChanges(
  reader: Reader,
  head: LogHead,
  { actor, at }: { actor: Actor; at: Date },
  changes: readonly Change[],
  jobs: readonly Job[],
): Promise<void> {
  if (changes.length === 0 && jobs.length === 0) return;
  const label = actorLabel(actor);
  const actorId = actor.kind === "person" ? actor.id : null;
  const rows = changes.map((change) => {
    head.eventSequence += 1;
    const event = {
      organizationId: head.id,
      sequence: head.eventSequence,
      type: change.type,
      occurredAt: at,
      actorId,
      actorLabel: label,
      subjectId: change.subjectId,
      workspaceId: change.workspaceId ?? null,
      summary: change.summary,
      data: change.data ?? {},
    };
    head.eventHash = hashOf(event, head.eventHash);
    const { sequence, type, subjectId, workspaceId, summary, data } = event;
    const hash = head.eventHash.toString("hex");
    return { sequence, type, subject_id: subjectId, workspace_id: workspaceId, summary, data, hash };
  });
  const values = [head.id, head.eventSequence, head.eventHash, at, actorId, label];
  await reader.rows(RECORD, [...values, JSON.stringify(rows), JSON.stringify(jobs)]);
}

function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (value instanceof Date) return value.toISOString();
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).filter(([, part]) => part !== undefined);
  return entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, part]) => [key, canonical(part)]);
}

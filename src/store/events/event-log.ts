import { hash } from "node:crypto";
import type { Change, EventType } from "../../domain/events";
import type { OrganizationRole } from "../../domain/role";
import { type Actor, actorLabel } from "../../domain/viewer";
import { MEMBERS, pendingAt } from "../counts";
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
  return hash("sha256", previous ? Buffer.concat([previous, Buffer.from(text)]) : text, "buffer");
}

// All events of a statement have the same position in the feed. It is computed once, here: OFFSET 0 prevents that it is
// computed for each row. The trigger that does so for older replicas looks up the previous event for each row, which takes
// seconds for the thousands of events of an access review. It is no CTE, because Citus sends the rows of a CTE to all nodes,
// and no change could be made while one of them is down.
const APPEND = `
    WITH head AS (
      UPDATE organization SET event_sequence = $2, event_hash = $3 WHERE id = $1
    ), events AS (
      INSERT INTO organization_event
        (organization_id, sequence, type, occurred_at, actor_id, actor_label, subject_id, workspace_id, summary, data, hash,
          feed_position, feed_transaction)
      SELECT $1, e.sequence, e.type, $4, $5, $6, e.subject_id, e.workspace_id, e.summary, e.data, decode(e.hash, 'hex'),
        greatest(feed.own, feed.previous), CASE WHEN feed.previous > feed.own THEN feed.own END
      FROM (
        SELECT pg_current_xact_id()::text::bigint + (SELECT transaction_offset FROM event_feed) AS own, (
          SELECT feed_position FROM organization_event
          WHERE organization_id = $1 AND sequence = $2 - jsonb_array_length($7::jsonb)) AS previous
        OFFSET 0
      ) AS feed, jsonb_to_recordset($7::jsonb)
        AS e (sequence int, type text, subject_id uuid, workspace_id uuid, summary text, data jsonb, hash text)
    )`;

// One round trip for the events, the log's new head and the jobs.
const RECORD: Statement = {
  name: "record-changes",
  text: `${APPEND}
    SELECT count(*) FROM graphile_worker.add_jobs(ARRAY(
      SELECT (j.task, j.payload, j.queue, NULL, j.attempts, j.key, NULL, NULL)::graphile_worker.job_spec
      FROM jsonb_to_recordset($8::jsonb) AS j (task text, payload json, queue text, attempts smallint, key text)
    ))`,
};

// A dry run queues no job, because a job's number comes from a sequence and a rollback does not return it.
const RECORD_DRY: Statement = { name: "record-changes-of-dry-run", text: `${APPEND} SELECT` };

// The limits are counted only on request.
const RECORD_DRY_AND_COUNT: Statement = {
  name: "record-changes-of-dry-run-and-count",
  text: `${APPEND}
    SELECT m.role, s.plan_code AS "planCode", s.scheduled_plan_code AS "scheduledPlanCode",
      ${MEMBERS} + ${pendingAt("$4", "$1")} AS seats, c.workspaces
    FROM organization o
    JOIN organization_subscription s ON s.organization_id = o.id
    JOIN member m ON m.organization_id = o.id AND m.user_id = $5
    JOIN organization_count c ON c.organization_id = o.id
    WHERE o.id = $1 AND o.deleted_at IS NULL`,
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
  await reader.rows(RECORD, [...append(head, { actor, at }, changes), JSON.stringify(lastOfEachKey(jobs))]);
}

/** The counts that the actor of a dry run could read afterwards. */
export interface UseAfterwards {
  role: OrganizationRole;
  planCode: string;
  scheduledPlanCode: string | null;
  /** Members and pending invitations. */
  seats: number;
  workspaces: number;
}

/**
 * Appends the changes of a dry run, whose transaction is rolled back. With `counts`, returns the use of the limits
 * after them; undefined if the actor is no longer a member, or the organization is deleted.
 */
export async function recordDryChanges(
  reader: Reader,
  head: LogHead,
  by: { actor: Actor; at: Date },
  changes: readonly Change[],
  { counts }: { counts: boolean },
): Promise<UseAfterwards | undefined> {
  if (changes.length === 0 && !counts) return undefined;
  const values = append(head, by, changes);
  const [use] = await reader.rows<UseAfterwards>(counts ? RECORD_DRY_AND_COUNT : RECORD_DRY, values);
  return counts ? use : undefined;
}

/** Advances the head over the changes. Returns the values of APPEND. */
function append(head: LogHead, { actor, at }: { actor: Actor; at: Date }, changes: readonly Change[]): unknown[] {
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
  return [head.id, head.eventSequence, head.eventHash, at, actorId, label, JSON.stringify(rows)];
}

/** One statement cannot queue two jobs with the same key. */
function lastOfEachKey(jobs: readonly Job[]): Job[] {
  const last = new Map(jobs.map(({ key }, index) => [key, index]));
  return jobs.filter(({ key }, index) => !key || last.get(key) === index);
}

/** Objects as lists of pairs, sorted by key. An access review hashes tens of thousands of them under the lock. */
function canonical(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(canonical);
  if (value instanceof Date) return value.toISOString();
  const pairs: Array<[string, unknown]> = [];
  for (const key of Object.keys(value).sort()) {
    const part = (value as Record<string, unknown>)[key];
    if (part !== undefined) pairs.push([key, canonical(part)]);
  }
  return pairs;
}

import type { Reader, Statement } from "../engine/statement";
import type { LoggedEvent } from "../events/event-log";
import { cursorValues, isAfter, orderOf } from "../lists";
import type { PageRequest } from "../page";

/** Narrows the audit log. Null: no restriction. */
export interface AuditFilter {
  types: readonly string[] | null;
  actorId: string | null;
  workspaceId: string | null;
  since: Date | null;
  until: Date | null;
}

/** An event of the audit log: the data that its hash covers, and the hash. */
export interface AuditEventView extends LoggedEvent {
  hash: Buffer;
}

const MATCHES = `
  e.organization_id = $1 AND ($2::text[] IS NULL OR e.type = ANY ($2)) AND ($3::text IS NULL OR e.actor_id = $3)
  AND ($4::uuid IS NULL OR e.workspace_id = $4) AND ($5::timestamptz IS NULL OR e.occurred_at >= $5)
  AND ($6::timestamptz IS NULL OR e.occurred_at < $6)`;

// Newest first: a backward scan of the primary key.
const PAGE: Statement = {
  name: "audit-page",
  onStandby: { logsIn: 0 },
  text: `
    SELECT e.organization_id AS "organizationId", e.sequence, e.type, e.occurred_at AS "occurredAt",
      e.actor_id AS "actorId", e.actor_label AS "actorLabel", e.subject_id AS "subjectId",
      e.workspace_id AS "workspaceId", e.summary, e.data, e.hash
    FROM organization_event e WHERE ${MATCHES} AND ${isAfter("auditLog", 7)}
    ORDER BY ${orderOf("auditLog")} LIMIT $8`,
};

/** A page of an organization's audit log. The caller has checked that the viewer may read it. */
export function auditPage(reader: Reader, organizationId: string, filter: AuditFilter, { limit, after }: PageRequest) {
  const values = [...valuesOf(organizationId, filter), ...cursorValues("auditLog", after), limit + 1];
  return reader.rows<AuditEventView>(PAGE, values);
}

const TOTAL: Statement = {
  name: "audit-total",
  onStandby: { logsIn: 0 },
  text: `SELECT count(*)::int AS total FROM organization_event e WHERE ${MATCHES}`,
};

// Sequences have no gaps, except for removed events.
const WHOLE_TOTAL: Statement = {
  name: "audit-whole-total",
  isShortRead: true,
  onStandby: { logsIn: 0 },
  text: `
    SELECT coalesce((SELECT max(e.sequence) FROM organization_event e WHERE e.organization_id = $1), 0)
      - coalesce((SELECT sum(r.last_sequence - r.first_sequence + 1)::int FROM removed_event_range r
        WHERE r.organization_id = $1), 0) AS total`,
};

/** Counts the events that a filter matches. */
export async function auditTotal(reader: Reader, organizationId: string, filter: AuditFilter): Promise<number> {
  const isWhole = Object.values(filter).every((restriction) => restriction === null);
  const [row] = isWhole
    ? await reader.rows<{ total: number }>(WHOLE_TOTAL, [organizationId])
    : await reader.rows<{ total: number }>(TOTAL, valuesOf(organizationId, filter));
  return row?.total ?? 0;
}

function valuesOf(organizationId: string, { types, actorId, workspaceId, since, until }: AuditFilter) {
  return [organizationId, types, actorId, workspaceId, since, until];
}

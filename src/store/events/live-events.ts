import { ORGANIZATION_EVENT_NOUNS } from "../../domain/audience";
import type { EventType } from "../../domain/events";
import type { EventData } from "../../domain/live";
import type { OrganizationRole } from "../../domain/role";
import { isActiveGrant } from "../active-grant";
import type { Reader, Statement } from "../engine/statement";
import { type InvitationView, invitationAsJson, invitationFromJson } from "../views/invitations";
import { memberAsJson, memberFromJson } from "../views/members";
import type { MemberView } from "../views/people";

/** An event for subscribers, with its invitation or member as of the time of reading, not of the event. */
export interface LiveEvent extends EventData {
  sequence: number;
  type: EventType;
  occurredAt: Date;
  subjectId: string | null;
  invitation: InvitationView | null;
  member: MemberView | null;
  organization: OrganizationChange | null;
}

/** The part of an event for subscribers of the organization. */
export interface OrganizationChange {
  summary: string;
  workspaceId: string | null;
}

/** The events after a position in a log, and the roles of subscribers, from one snapshot. */
export interface EventBatch {
  events: LiveEvent[];
  isDeleted: boolean;
  /** The roles of members, by user id. Empty if the organization is deleted. */
  roles: Map<string, OrganizationRole>;
}

/** A batch as PostgreSQL returns it in JSON. */
interface Row {
  isDeleted: boolean;
  roles: Record<string, OrganizationRole> | null;
  events: Array<
    Omit<LiveEvent, "occurredAt" | EventKind> & {
      occurredAt: string;
      invitation?: InvitationView | null;
      member?: unknown;
      organization?: OrganizationChange | null;
    }
  >;
}

/** The kind of an event's subject, which is loaded with the event. */
export type EventKind = "invitation" | "member" | "organization";

const KIND_COLUMNS: Readonly<Record<EventKind, string>> = {
  invitation: `CASE WHEN e.type LIKE 'invitation.%' THEN ${invitationAsJson("e.subject_id")} END`,
  member: `CASE WHEN e.type NOT LIKE 'invitation.%' THEN ${memberAsJson("$2", "e.subject_id")} END`,
  // The summaries of other events can contain addresses.
  organization: `CASE WHEN split_part(e.type, '.', 1) IN ('${ORGANIZATION_EVENT_NOUNS.join("', '")}')
    THEN json_build_object('summary', e.summary, 'workspaceId', e.workspace_id) END`,
};

/**
 * One round trip, one snapshot, and one JSON value, because clients wait for it and a row of many columns takes longer
 * to parse. PostgreSQL spends time even on parts of a statement that are never executed, so unused kinds are left out.
 */
function batchStatement(name: string, kinds: readonly EventKind[]): Statement {
  return {
    name,
    isShortRead: true,
    text: `
      SELECT json_build_object('isDeleted', o.deleted_at IS NOT NULL,
        'roles', (SELECT json_object_agg(m.user_id, m.role) FROM member m
          WHERE m.organization_id = $2 AND m.user_id = ANY ($5::text[])),
        'events', ARRAY(
          SELECT json_build_object('sequence', e.sequence, 'type', e.type, 'occurredAt', e.occurred_at,
            ${kinds.map((kind) => `'${kind}', ${KIND_COLUMNS[kind]},`).join(" ")}
            'subjectId', e.subject_id, 'data', e.data)
          FROM organization_event e WHERE e.organization_id = $2 AND e.sequence > $3 ORDER BY e.sequence LIMIT $4
        )) AS batch
      FROM organization o WHERE o.id = $2 AND $1::timestamptz IS NOT NULL -- every statement must use all parameters
      `,
  };
}

const ALL_KINDS = batchStatement("live-events", ["invitation", "member", "organization"]);
const BATCH_OF_KIND: Readonly<Record<EventKind, Statement>> = {
  invitation: batchStatement("live-events-of-invitations", ["invitation"]),
  member: batchStatement("live-events-of-members", ["member"]),
  organization: batchStatement("live-events-of-organizations", ["organization"]),
};

export interface BatchRequest {
  organizationId: string;
  /** The sequence of the last event that is already known. */
  position: number;
  limit: number;
  /** The people whose roles to return. */
  userIds: readonly string[];
  /** The kinds of subjects to load with the events; null in events of other kinds. */
  kinds: ReadonlySet<EventKind>;
}

/** Returns up to `limit` events after a position, and roles. Null if the organization was purged. */
export async function readEventBatch(
  reader: Reader,
  now: Date,
  { organizationId, position, limit, userIds, kinds }: BatchRequest,
): Promise<EventBatch | null> {
  const [kind] = kinds;
  const statement = kinds.size === 1 && kind ? BATCH_OF_KIND[kind] : ALL_KINDS;
  const values = [now.toISOString(), organizationId, position, limit, userIds];
  const [row] = await reader.rows<{ batch: Row }>(statement, values);
  if (!row) return null;
  const { isDeleted, roles, events } = row.batch;
  return {
    events: events.map(({ sequence, type, occurredAt, subjectId, data, ...loaded }) => ({
      sequence,
      type,
      occurredAt: new Date(occurredAt),
      subjectId,
      data,
      invitation: loaded.invitation ? invitationFromJson(loaded.invitation) : null,
      member: loaded.member ? memberFromJson(loaded.member) : null,
      organization: loaded.organization ?? null,
    })),
    isDeleted,
    roles: new Map(isDeleted ? [] : Object.entries(roles ?? {})),
  };
}

const MEMBER_STATE: Statement = {
  name: "live-member-state",
  isShortRead: true,
  text: `
    SELECT o.event_sequence AS head, m.role FROM organization o
    LEFT JOIN member m ON m.organization_id = o.id AND m.user_id = $2
    WHERE o.id = $1 AND o.deleted_at IS NULL`,
};

/** Returns the role of a person and the head of the log, from one snapshot; undefined for a deleted organization. */
export async function readMemberState(reader: Reader, organizationId: string, userId: string) {
  const [row] = await reader.rows<{ head: number; role: OrganizationRole | null }>(MEMBER_STATE, [
    organizationId,
    userId,
  ]);
  return row;
}

// One range of workspace_assignment's primary key per workspace.
const ASSIGNEES: Statement = {
  name: "live-assignees",
  isShortRead: true,
  text: `
    SELECT a.workspace_id AS "workspaceId", m.user_id AS "userId", a.expires_at AS "expiresAt"
    FROM workspace_assignment a
    JOIN workspace w ON w.organization_id = a.organization_id AND w.id = a.workspace_id AND w.deleted_at IS NULL
    JOIN member m ON m.id = a.member_id AND m.organization_id = a.organization_id
    WHERE a.organization_id = $1 AND a.workspace_id = ANY ($2::uuid[]) AND m.user_id = ANY ($3::text[])
      AND ${isActiveGrant("a", "$4")}`,
};

/** The people assigned to a workspace, by user id, with the end; null: it does not end by itself. */
export type Assignees = ReadonlyMap<string, Date | null>;

/** Returns which of these people are assigned to each of an organization's workspaces, by workspace id. */
export async function readAssignees(
  reader: Reader,
  now: Date,
  organizationId: string,
  workspaceIds: readonly string[],
  userIds: readonly string[],
): Promise<Map<string, Assignees>> {
  const assignees = new Map(workspaceIds.map((id) => [id, new Map<string, Date | null>()]));
  if (workspaceIds.length === 0) return assignees;
  type Assignee = { workspaceId: string; userId: string; expiresAt: Date | null };
  const rows = await reader.rows<Assignee>(ASSIGNEES, [organizationId, workspaceIds, userIds, now]);
  for (const { workspaceId, userId, expiresAt } of rows) assignees.get(workspaceId)?.set(userId, expiresAt);
  return assignees;
}

const HEADS: Statement = {
  name: "live-heads",
  isShortRead: true,
  text: `SELECT id, event_sequence AS head FROM organization WHERE id = ANY ($1::uuid[])`,
};

/** Returns the head of each log. */
export function readHeads(reader: Reader, organizationIds: readonly string[]) {
  return reader.rows<{ id: string; head: number }>(HEADS, [organizationIds]);
}

import type { EventType } from "../../domain/events";
import type { EventData } from "../../domain/live";
import type { OrganizationRole } from "../../domain/role";
import type { Reader, Statement } from "../engine/statement";
import { type InvitationView, invitationAsJson, invitationFromJson } from "../views/invitations";
import { memberAsJson, memberFromJson } from "../views/members";
import type { MemberView } from "../views/people";

/** An event as watchers are told of it, with the invitation or member as it was when the event was read. */
export interface LiveEvent extends EventData {
  sequence: number;
  type: EventType;
  occurredAt: Date;
  subjectId: string | null;
  invitation: InvitationView | null;
  member: MemberView | null;
}

/** What followed a position in an organization's log, and how people stand in it, of one moment. */
export interface EventBatch {
  events: LiveEvent[];
  isDeleted: boolean;
  /** Of those who are members. */
  roles: Map<string, OrganizationRole>;
}

/** An excerpt as PostgreSQL writes it. */
interface Row {
  isDeleted: boolean;
  roles: Record<string, OrganizationRole> | null;
  events: Array<
    Omit<LiveEvent, "occurredAt" | "invitation" | "member"> & {
      occurredAt: string;
      invitation?: InvitationView | null;
      member?: unknown;
    }
  >;
}

/** What events are about, and are read with. */
export type EventKind = "invitation" | "member";

const KIND_COLUMNS: Readonly<Record<EventKind, string>> = {
  invitation: `CASE WHEN e.type LIKE 'invitation.%' THEN ${invitationAsJson("e.subject_id")} END`,
  member: `CASE WHEN e.type NOT LIKE 'invitation.%' THEN ${memberAsJson("o.id", "e.subject_id")} END`,
};

/**
 * All of it is of one snapshot, one journey to the database away, and one value: somebody waits for events, and a row of
 * many columns takes longer to read. So does every part of a statement, even one that is never reached: what nobody
 * wants is left out.
 */
function batchStatement(name: string, subjects: readonly EventKind[]): Statement {
  return {
    name,
    isShortRead: true,
    text: `
      SELECT json_build_object('isDeleted', o.deleted_at IS NOT NULL,
        'roles', (SELECT json_object_agg(m.user_id, m.role) FROM member m
          WHERE m.organization_id = o.id AND m.user_id = ANY ($5::text[])),
        'events', ARRAY(
          SELECT json_build_object('sequence', e.sequence, 'type', e.type, 'occurredAt', e.occurred_at,
            ${subjects.map((subject) => `'${subject}', ${KIND_COLUMNS[subject]},`).join(" ")}
            'subjectId', e.subject_id, 'data', e.data)
          FROM organization_event e WHERE e.organization_id = o.id AND e.sequence > $3 ORDER BY e.sequence LIMIT $4
        )) AS excerpt
      FROM organization o WHERE o.id = $2 AND $1::timestamptz IS NOT NULL -- no parameter may be left unused
      `,
  };
}

const ALL_KINDS = batchStatement("live-events", ["invitation", "member"]);
const BATCH_OF_KIND: Readonly<Record<EventKind, Statement>> = {
  invitation: batchStatement("live-events-of-invitations", ["invitation"]),
  member: batchStatement("live-events-of-members", ["member"]),
};

/** Which part of an organization's log is wanted. */
export interface BatchRequest {
  organizationId: string;
  /** What it follows. */
  position: number;
  limit: number;
  /** Whose roles are wanted too. */
  userIds: readonly string[];
  /** What the events are wanted with; the others are null. */
  kinds: ReadonlySet<EventKind>;
}

/** Up to `limit` events that follow a position, and the roles of people. Null where the organization was purged. */
export async function readEventBatch(
  reader: Reader,
  now: Date,
  { organizationId, position, limit, userIds, kinds: subjects }: BatchRequest,
): Promise<EventBatch | null> {
  const [subject] = subjects;
  const statement = subjects.size === 1 && subject ? BATCH_OF_KIND[subject] : ALL_KINDS;
  const values = [now.toISOString(), organizationId, position, limit, userIds];
  const [row] = await reader.rows<{ excerpt: Row }>(statement, values);
  if (!row) return null;
  const { isDeleted, roles, events } = row.excerpt;
  return {
    events: events.map(({ sequence, type, occurredAt, subjectId, data, invitation, member }) => ({
      sequence,
      type,
      occurredAt: new Date(occurredAt),
      subjectId,
      data,
      invitation: invitation ? invitationFromJson(invitation) : null,
      member: member ? memberFromJson(member) : null,
    })),
    isDeleted,
    roles: new Map(isDeleted ? [] : Object.entries(roles ?? {})),
  };
}

const MEMBER_STATE: Statement = {
  name: "live-standing",
  isShortRead: true,
  text: `
    SELECT o.event_sequence AS head, m.role FROM organization o
    LEFT JOIN member m ON m.organization_id = o.id AND m.user_id = $2
    WHERE o.id = $1 AND o.deleted_at IS NULL`,
};

/** Somebody's role in an organization, and where its log ends, at one moment. */
export async function readMemberState(reader: Reader, organizationId: string, userId: string) {
  const [row] = await reader.rows<{ head: number; role: OrganizationRole | null }>(MEMBER_STATE, [
    organizationId,
    userId,
  ]);
  return row;
}

const HEADS: Statement = {
  name: "live-heads",
  isShortRead: true,
  text: `SELECT id, event_sequence AS head FROM organization WHERE id = ANY ($1::uuid[])`,
};

/** Where the logs of organizations end. */
export function readHeads(reader: Reader, organizationIds: readonly string[]) {
  return reader.rows<{ id: string; head: number }>(HEADS, [organizationIds]);
}

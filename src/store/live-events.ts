import type { EventType } from "../domain/events";
import type { Happening } from "../domain/live";
import type { OrganizationRole } from "../domain/role";
import type { Reader, Statement } from "./statement";
import { type InvitationView, invitationAsJson, invitationOfJson } from "./views/invitations";
import { memberAsJson, memberOfJson } from "./views/members";
import type { MemberView } from "./views/people";

/** An event as watchers are told of it, with the invitation or member as it was when the event was read. */
export interface LiveEvent extends Happening {
  sequence: number;
  type: EventType;
  occurredAt: Date;
  subjectId: string | null;
  invitation: InvitationView | null;
  member: MemberView | null;
}

/** What followed a position in an organization's log, and how people stand in it, of one moment. */
export interface LogExcerpt {
  events: LiveEvent[];
  isDeleted: boolean;
  /** Of those who are members. */
  roles: Map<string, OrganizationRole>;
}

interface Row extends Omit<LiveEvent, "sequence"> {
  sequence: number | null;
  isDeleted: boolean;
  roles: Record<string, OrganizationRole> | null;
}

// All of it is of one snapshot, and one journey to the database away. Events are read from the primary key.
const EXCERPT: Statement = {
  name: "live-events",
  isShortRead: true,
  text: `
    SELECT o.deleted_at IS NOT NULL AS "isDeleted", e.*,
      CASE WHEN e.type LIKE 'invitation.%' THEN ${invitationAsJson("o.id", 'e."subjectId"')} END AS invitation,
      CASE WHEN e.type NOT LIKE 'invitation.%' THEN ${memberAsJson("o.id", 'e."subjectId"')} END AS member,
      CASE WHEN e.sequence IS NULL OR e.sequence = $3 + 1 THEN (
        SELECT json_object_agg(m.user_id, m.role) FROM member m
        WHERE m.organization_id = o.id AND m.user_id = ANY ($5::text[])) END AS roles
    FROM organization o LEFT JOIN LATERAL (
      SELECT sequence, type, occurred_at AS "occurredAt", subject_id AS "subjectId", data
      FROM organization_event WHERE organization_id = o.id AND sequence > $3 ORDER BY sequence LIMIT $4
    ) e ON true
    WHERE o.id = $2 ORDER BY e.sequence`,
};

/** Up to `limit` events that follow a position, and the roles of people. Null where the organization was purged. */
export async function readLogAfter(
  reader: Reader,
  now: Date,
  {
    organizationId,
    position,
    limit,
    userIds,
  }: {
    organizationId: string;
    position: number;
    limit: number;
    userIds: readonly string[];
  },
): Promise<LogExcerpt | null> {
  const rows = await reader.rows<Row>(EXCERPT, [now, organizationId, position, limit, userIds]);
  const [first] = rows;
  if (!first) return null;
  const found = rows.filter((row): row is Row & { sequence: number } => row.sequence !== null);
  return {
    events: found.map(({ isDeleted, roles, invitation, member, ...event }) => ({
      ...event,
      invitation: invitation && invitationOfJson(invitation),
      member: member && memberOfJson(member),
    })),
    isDeleted: first.isDeleted,
    roles: new Map(first.isDeleted ? [] : Object.entries(first.roles ?? {})),
  };
}

const STANDING: Statement = {
  name: "live-standing",
  isShortRead: true,
  text: `
    SELECT o.event_sequence AS head, m.role FROM organization o
    LEFT JOIN member m ON m.organization_id = o.id AND m.user_id = $2
    WHERE o.id = $1 AND o.deleted_at IS NULL`,
};

/** Somebody's role in an organization, and where its log ends, at one moment. */
export async function readLiveStanding(reader: Reader, organizationId: string, userId: string) {
  const [row] = await reader.rows<{ head: number; role: OrganizationRole | null }>(STANDING, [organizationId, userId]);
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

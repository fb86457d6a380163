import type { EventType } from "../domain/events";
import { type Happening, invitationChangeOf, membershipChangeOf } from "../domain/live";
import type { OrganizationRole } from "../domain/role";
import type { Reader, Statement } from "./statement";
import { type InvitationView, invitationsOf } from "./views/invitations";
import { membersOf } from "./views/members";
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

/** Where an organization's log ends, and what followed a position in it. */
export interface LogExcerpt {
  head: number;
  events: LiveEvent[];
}

type Row = { head: number; sequence: number | null } & Omit<LiveEvent, "sequence" | "invitation" | "member">;

// The head and the events are of one snapshot. Read from the primary key.
const EXCERPT: Statement = {
  name: "live-events",
  isShortRead: true,
  text: `
    SELECT o.event_sequence AS head, e.* FROM organization o LEFT JOIN LATERAL (
      SELECT sequence, type, occurred_at AS "occurredAt", subject_id AS "subjectId", data
      FROM organization_event WHERE organization_id = o.id AND sequence > $2 ORDER BY sequence LIMIT $3
    ) e ON true
    WHERE o.id = $1 ORDER BY e.sequence`,
};

/** Up to `limit` events that follow a position. Null where the organization was purged. */
export async function readLogAfter(
  reader: Reader,
  now: Date,
  organizationId: string,
  position: number,
  limit: number,
): Promise<LogExcerpt | null> {
  const rows = await reader.rows<Row>(EXCERPT, [organizationId, position, limit]);
  const [first] = rows;
  if (!first) return null;
  const found = rows.filter((row): row is Row & { sequence: number } => row.sequence !== null);
  return { head: first.head, events: await withSubjects(reader, now, organizationId, found) };
}

async function withSubjects(
  reader: Reader,
  now: Date,
  organizationId: string,
  rows: ReadonlyArray<Row & { sequence: number }>,
): Promise<LiveEvent[]> {
  const idsOf = (kind: (type: EventType) => unknown) =>
    rows.flatMap(({ type, subjectId }) => (kind(type) && subjectId ? [subjectId] : []));
  const [invitations, members] = await Promise.all([
    invitationsOf(reader, now, organizationId, idsOf(invitationChangeOf)),
    membersOf(reader, organizationId, idsOf(membershipChangeOf)),
  ]);
  const byId = <View extends { id: string }>(views: readonly View[]) => new Map(views.map((view) => [view.id, view]));
  const invitationById = byId(invitations);
  const memberById = byId(members);
  return rows.map(({ sequence, type, occurredAt, subjectId, data }) => ({
    sequence,
    type,
    occurredAt,
    subjectId,
    data,
    invitation: invitationById.get(subjectId ?? "") ?? null,
    member: memberById.get(subjectId ?? "") ?? null,
  }));
}

/** Whether an organization is deleted, and the roles that people have in it when it is not. */
export interface Standings {
  isDeleted: boolean;
  roles: Map<string, OrganizationRole>;
}

const STANDINGS: Statement = {
  name: "live-standings",
  isShortRead: true,
  text: `
    SELECT m.user_id AS "userId", m.role FROM organization o
    LEFT JOIN member m ON m.organization_id = o.id AND m.user_id = ANY ($2::text[])
    WHERE o.id = $1 AND o.deleted_at IS NULL`,
};

/** How people stand in an organization now. */
export async function readStandings(
  reader: Reader,
  organizationId: string,
  userIds: readonly string[],
): Promise<Standings> {
  type Row = { userId: string | null; role: OrganizationRole };
  const rows = await reader.rows<Row>(STANDINGS, [organizationId, userIds]);
  const roles = rows.flatMap(({ userId, role }) => (userId === null ? [] : [[userId, role] as const]));
  return { isDeleted: rows.length === 0, roles: new Map(roles) };
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

import type { Member } from "../../../entities/member";
import type { OrganizationRole } from "../../domain/role";
import { storable } from "../../domain/text";
import type { PageRequest } from "../page";
import type { Reader, Statement } from "../statement";
import { type MemberView, withoutAddress } from "./people";
import { type Sight, sightValues } from "./scope";

/** What narrows a list of members. */
export interface MemberFilter {
  search: string | null;
  roles: readonly OrganizationRole[] | null;
}

interface Row extends Member {
  userName: string;
  userEmail: string | null;
}

const COLUMNS = `
  m.id, m.organization_id AS "organizationId", m.user_id AS "userId", m.role, m.joined_at AS "joinedAt",
  m.invited_by_id AS "invitedById", u.name AS "userName", u.email AS "userEmail"`;

const MATCHES = `
  ($2::text IS NULL OR u.name ILIKE $2 OR u.email ILIKE $2) AND ($3::text[] IS NULL OR m.role = ANY ($3))`;

// One page of each organization in one statement; every page is read from member_organization_id_joined_at_id_index.
const PAGE: Statement = {
  name: "member-pages",
  isShortRead: true,
  text: `
    SELECT page.* FROM unnest($1::uuid[]) AS parent (id) CROSS JOIN LATERAL (
      SELECT ${COLUMNS} FROM member m JOIN user_account u ON u.id = m.user_id
      WHERE m.organization_id = parent.id AND ${MATCHES}
        AND ($4::timestamptz IS NULL OR (m.joined_at, m.id) > ($4, $5::uuid))
      ORDER BY m.joined_at, m.id LIMIT $6
    ) AS page`,
};

/** Pages of several organizations' members, oldest first; only of organizations known to be in sight. */
export async function memberPages(
  reader: Reader,
  organizationIds: readonly string[],
  filter: MemberFilter,
  { limit, after }: PageRequest,
): Promise<MemberView[]> {
  const from = after ? [new Date(Number(after[0])), after[1]] : [null, null];
  const values = [organizationIds, pattern(filter.search), filter.roles, ...from, limit + 1];
  return (await reader.rows<Row>(PAGE, values)).map(viewOf);
}

const TOTAL: Statement = {
  name: "member-totals",
  isShortRead: true,
  text: `
    SELECT m.organization_id AS "parentId", count(*)::int AS total
    FROM member m JOIN user_account u ON u.id = m.user_id
    WHERE m.organization_id = ANY ($1::uuid[]) AND ${MATCHES} GROUP BY m.organization_id`,
};

/** How many members a filter matches, by organization. */
export function memberTotals(reader: Reader, organizationIds: readonly string[], filter: MemberFilter) {
  const values = [organizationIds, pattern(filter.search), filter.roles];
  return reader.rows<{ parentId: string; total: number }>(TOTAL, values);
}

const BY_ID: Statement = {
  name: "members-in-sight",
  isShortRead: true,
  text: `
    SELECT ${COLUMNS} FROM member m
    JOIN user_account u ON u.id = m.user_id
    JOIN organization o ON o.id = m.organization_id AND o.deleted_at IS NULL
    WHERE m.id = ANY ($3::uuid[]) AND ($2 OR EXISTS (
      SELECT FROM member v WHERE v.organization_id = m.organization_id AND v.user_id = $1))`,
};

/** Members by id, of organizations in sight. A service sees no addresses. */
export async function membersInSight(reader: Reader, sight: Sight, ids: readonly string[]): Promise<MemberView[]> {
  const rows = await reader.rows<Row>(BY_ID, [...sightValues(sight), ids]);
  return rows.map((row) => (sight.all ? withoutAddress(viewOf(row)) : viewOf(row)));
}

/** SQL of one member of an organization as JSON, for its members. */
export function memberAsJson(organizationId: string, id: string): string {
  return `(SELECT to_json(m) FROM (
    SELECT ${COLUMNS} FROM member m JOIN user_account u ON u.id = m.user_id
    WHERE m.id = ${id} AND m.organization_id = ${organizationId}) m)`;
}

/** A member who was read as JSON. */
export function memberOfJson(json: unknown): MemberView {
  const row = json as Row;
  return viewOf({ ...row, joinedAt: new Date(row.joinedAt) });
}

/** A pattern for ILIKE that matches `search` anywhere, literally; composed (NFC), as names are stored. */
export function pattern(search: string | null): string | null {
  if (search === null || search.trim() === "") return null;
  const literal = storable(search.normalize("NFC").trim()).replace(/[\\%_]/g, "\\$&");
  return `%${literal}%`;
}

/** Where a member stands in lists of members. */
export function memberKey(member: { joinedAt: Date; id: string }): [number, string] {
  return [member.joinedAt.getTime(), member.id];
}

function viewOf({ userName, userEmail, ...member }: Row): MemberView {
  return { ...member, user: { id: member.userId, name: userName, email: userEmail } };
}

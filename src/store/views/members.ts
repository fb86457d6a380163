import type { Member } from "../../../entities/member";
import type { OrganizationRole } from "../../domain/role";
import { searchText } from "../../domain/text";
import type { Reader, Statement } from "../engine/statement";
import type { PageRequest } from "../page";
import { type MemberView, withoutAddress } from "./people";
import { type Visibility, visibilityValues } from "./visibility";

/** What narrows a list of members. */
export interface MemberFilter {
  search: string | null;
  roles: readonly OrganizationRole[] | null;
}

interface Row extends Member {
  userName: string;
  userEmail: string | null;
}

/** Nobody but the person sees an address that is unverified; `viewer` is the SQL of who asks. */
const columnsFor = (viewer: string) => `
  m.id, m.organization_id AS "organizationId", m.user_id AS "userId", m.role, m.joined_at AS "joinedAt",
  m.invited_by_id AS "invitedById", u.name AS "userName",
  ${visibleAddress(viewer)} AS "userEmail"`;

/** SQL of the address of `user_account u`, as far as a viewer may see it who shares an organization with them. */
export function visibleAddress(viewer: string): string {
  return `CASE WHEN u.email_verified OR u.id = ${viewer} THEN u.email END`;
}

// A search is planned with its pattern each time: what is rare is found by the trigrams of user_account_search_text_index,
// what many match among the members of the organization. One plan for all patterns would scan either for the other.
const MATCHES = {
  all: "$2::text IS NULL AND ($3::text[] IS NULL OR m.role = ANY ($3))",
  search: "u.search_text LIKE $2 AND ($3::text[] IS NULL OR m.role = ANY ($3))",
} as const;

// One page of each organization in one statement; every page is read from member_organization_id_joined_at_id_index.
const pageOf = (matches: string) => `
    SELECT page.* FROM unnest($1::uuid[]) AS parent (id) CROSS JOIN LATERAL (
      SELECT ${columnsFor("$7")} FROM member m JOIN user_account u ON u.id = m.user_id
      WHERE m.organization_id = parent.id AND ${matches}
        AND ($4::timestamptz IS NULL OR (m.joined_at, m.id) > ($4, $5::uuid))
      ORDER BY m.joined_at, m.id LIMIT $6
    ) AS page`;
const PAGE: Statement = { name: "member-pages", isShortRead: true, text: pageOf(MATCHES.all) };
const FOUND: Statement = { name: "members-found", isPlannedAnew: true, text: pageOf(MATCHES.search) };

/** Pages of several organizations' members, oldest first; only of organizations known to be in sight. */
export async function memberPages(
  reader: Reader,
  viewerId: string | null,
  organizationIds: readonly string[],
  filter: MemberFilter,
  { limit, after }: PageRequest,
): Promise<MemberView[]> {
  const from = after ? [new Date(Number(after[0])), after[1]] : [null, null];
  const search = likePattern(filter.search);
  const values = [organizationIds, search, filter.roles, ...from, limit + 1, viewerId];
  return (await reader.rows<Row>(search === null ? PAGE : FOUND, values)).map(viewOf);
}

const totalOf = (matches: string) => `
    SELECT m.organization_id AS "parentId", count(*)::int AS total
    FROM member m JOIN user_account u ON u.id = m.user_id
    WHERE m.organization_id = ANY ($1::uuid[]) AND ${matches} GROUP BY m.organization_id`;
const TOTAL: Statement = { name: "member-totals", isShortRead: true, text: totalOf(MATCHES.all) };
const FOUND_TOTAL: Statement = { name: "members-found-total", isPlannedAnew: true, text: totalOf(MATCHES.search) };

/** How many members a filter matches, by organization. */
export function memberTotals(reader: Reader, organizationIds: readonly string[], filter: MemberFilter) {
  const search = likePattern(filter.search);
  const statement = search === null ? TOTAL : FOUND_TOTAL;
  return reader.rows<{ parentId: string; total: number }>(statement, [organizationIds, search, filter.roles]);
}

const BY_ID: Statement = {
  name: "members-in-sight",
  isShortRead: true,
  text: `
    SELECT ${columnsFor("$1")} FROM member m
    JOIN user_account u ON u.id = m.user_id
    JOIN organization o ON o.id = m.organization_id AND o.deleted_at IS NULL
    WHERE m.id = ANY ($3::uuid[]) AND ($2 OR EXISTS (
      SELECT FROM member v WHERE v.organization_id = m.organization_id AND v.user_id = $1))`,
};

/** Members by id, of organizations in sight. A service sees no addresses. */
export async function visibleMembers(
  reader: Reader,
  visibility: Visibility,
  ids: readonly string[],
): Promise<MemberView[]> {
  const rows = await reader.rows<Row>(BY_ID, [...visibilityValues(visibility), ids]);
  return rows.map((row) => (visibility.all ? withoutAddress(viewOf(row)) : viewOf(row)));
}

/** SQL of one member of an organization as JSON, the same for all its members. */
export function memberAsJson(organizationId: string, id: string): string {
  return `(SELECT to_json(m) FROM (
    SELECT ${columnsFor("NULL")} FROM member m JOIN user_account u ON u.id = m.user_id
    WHERE m.id = ${id} AND m.organization_id = ${organizationId}) m)`;
}

/** A member who was read as JSON. */
export function memberFromJson(json: unknown): MemberView {
  const row = json as Row;
  return viewOf({ ...row, joinedAt: new Date(row.joinedAt) });
}

/** A pattern for LIKE that matches `search` anywhere in folded text, literally; null where it asks for nothing. */
export function likePattern(search: string | null): string | null {
  const text = searchText(search);
  return text === null ? null : `%${text.replace(/[\\%_]/g, "\\$&")}%`;
}

/** Where a member stands in lists of members. */
export function memberKey(member: { joinedAt: Date; id: string }): [number, string] {
  return [member.joinedAt.getTime(), member.id];
}

function viewOf({ userName, userEmail, ...member }: Row): MemberView {
  return { ...member, user: { id: member.userId, name: userName, email: userEmail } };
}

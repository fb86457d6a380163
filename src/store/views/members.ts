import type { Member } from "../../../entities/member";
import type { OrganizationRole } from "../../domain/role";
import { searchText } from "../../domain/text";
import type { Reader, Statement } from "../engine/statement";
import { cursorValues, isAfter, orderOf } from "../lists";
import type { PageRequest } from "../page";
import type { MemberView } from "./people";
import { type Visibility, visibilityValues } from "./visibility";

/** Narrows a list of members. Null: no restriction. */
export interface MemberFilter {
  search: string | null;
  roles: readonly OrganizationRole[] | null;
}

interface Row extends Omit<Member, "lastSeenAt"> {
  userName: string;
  userEmail: string | null;
}

/** `viewer` and `isService` are SQL. */
const columnsFor = (viewer: string, isService: string) => `
  m.id, m.organization_id AS "organizationId", m.user_id AS "userId", m.role, m.joined_at AS "joinedAt",
  m.invited_by_id AS "invitedById", u.name AS "userName",
  ${visibleAddress(viewer, isService)} AS "userEmail"`;

/**
 * SQL of the e-mail address of `user_account u`, for a viewer of the same organization. Only the person sees an address
 * that is unverified; services see none. Null where it is hidden.
 */
export function visibleAddress(viewer: string, isService: string): string {
  return `CASE WHEN NOT ${isService} AND (u.email_verified OR u.id = ${viewer}) THEN u.email END`;
}

// A search is planned anew with each pattern. A rare pattern uses the trigrams of user_account_search_text_index, a common
// one scans the organization's members. A plan shared by all patterns would be slow for one of the two.
const MATCHES = {
  all: "$2::text IS NULL AND ($3::text[] IS NULL OR m.role = ANY ($3))",
  search: "u.search_text LIKE $2 AND ($3::text[] IS NULL OR m.role = ANY ($3))",
} as const;

// One page per organization in one statement. Each page is a range of member_organization_id_joined_at_id_index.
const pageOf = (matches: string) => `
    SELECT page.* FROM unnest($1::uuid[]) AS parent (id) CROSS JOIN LATERAL (
      SELECT ${columnsFor("$7", "$8::bool")} FROM member m JOIN user_account u ON u.id = m.user_id
      WHERE m.organization_id = parent.id AND ${matches}
        AND ${isAfter("members", 4)}
      ORDER BY ${orderOf("members")} LIMIT $6
    ) AS page`;
const PAGE: Statement = { name: "member-pages", isShortRead: true, text: pageOf(MATCHES.all) };
const FOUND: Statement = { name: "members-found", isPlannedAnew: true, text: pageOf(MATCHES.search) };

/** Pages of several organizations' members, oldest first. The caller has checked that the organizations are visible. */
export async function memberPages(
  reader: Reader,
  visibility: Visibility,
  organizationIds: readonly string[],
  filter: MemberFilter,
  { limit, after }: PageRequest,
): Promise<MemberView[]> {
  const search = likePattern(filter.search);
  const from = cursorValues("members", after);
  const values = [organizationIds, search, filter.roles, ...from, limit + 1, ...visibilityValues(visibility)];
  return (await reader.rows<Row>(search === null ? PAGE : FOUND, values)).map(viewOf);
}

const totalOf = (matches: string) => `
    SELECT m.organization_id AS "parentId", count(*)::int AS total
    FROM member m JOIN user_account u ON u.id = m.user_id
    WHERE m.organization_id = ANY ($1::uuid[]) AND ${matches} GROUP BY m.organization_id`;
const TOTAL: Statement = { name: "member-totals", isShortRead: true, text: totalOf(MATCHES.all) };
const FOUND_TOTAL: Statement = { name: "members-found-total", isPlannedAnew: true, text: totalOf(MATCHES.search) };

/** Counts the members that a filter matches, by organization. */
export function memberTotals(reader: Reader, organizationIds: readonly string[], filter: MemberFilter) {
  const search = likePattern(filter.search);
  const statement = search === null ? TOTAL : FOUND_TOTAL;
  return reader.rows<{ parentId: string; total: number }>(statement, [organizationIds, search, filter.roles]);
}

const BY_ID: Statement = {
  name: "visible-members",
  isShortRead: true,
  text: `
    SELECT ${columnsFor("$1", "$2")} FROM member m
    JOIN user_account u ON u.id = m.user_id
    JOIN organization o ON o.id = m.organization_id AND o.deleted_at IS NULL
    WHERE m.id = ANY ($3::uuid[]) AND ($2 OR EXISTS (
      SELECT FROM member v WHERE v.organization_id = m.organization_id AND v.user_id = $1))`,
};

/** Members by id, of visible organizations. */
export async function visibleMembers(
  reader: Reader,
  visibility: Visibility,
  ids: readonly string[],
): Promise<MemberView[]> {
  const rows = await reader.rows<Row>(BY_ID, [...visibilityValues(visibility), ids]);
  return rows.map(viewOf);
}

/** SQL of one member as JSON, as all members of the organization may see them. */
export function memberAsJson(organizationId: string, id: string): string {
  return `(SELECT to_json(m) FROM (
    SELECT ${columnsFor("NULL", "false")} FROM member m JOIN user_account u ON u.id = m.user_id
    WHERE m.id = ${id} AND m.organization_id = ${organizationId}) m)`;
}

/** Revives a member from JSON. */
export function memberFromJson(json: unknown): MemberView {
  const row = json as Row;
  return viewOf({ ...row, joinedAt: new Date(row.joinedAt) });
}

/** The LIKE pattern that finds `search` literally anywhere in folded text; null for an empty search. */
export function likePattern(search: string | null): string | null {
  const text = searchText(search);
  return text === null ? null : `%${text.replace(/[\\%_]/g, "\\$&")}%`;
}

// Copied field by field: see viewOf in workspaces.ts.
function viewOf({ id, organizationId, userId, role, joinedAt, invitedById, userName, userEmail }: Row): MemberView {
  const user = { id: userId, name: userName, email: userEmail };
  return { id, organizationId, userId, role, joinedAt, invitedById, user };
}

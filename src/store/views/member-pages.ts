import type { MemberOrder } from "../../domain/member-order";
import type { OrganizationRole } from "../../domain/role";
import { searchText } from "../../domain/text";
import { ROLE_COUNTERS } from "../counts";
import type { Reader, Statement } from "../engine/statement";
import { cursorValues, hasRole, isAfter, MEMBER_LISTS, orderOf } from "../lists";
import type { PageRequest } from "../page";
import { FOUND_TOTAL, foundOf, type Hit, searchPages, walkOf } from "./member-search";
import { columnsFor, likePattern, memberView } from "./members";
import type { MemberView } from "./people";
import { type Visibility, visibilityValues } from "./visibility";

/** Narrows a list of members. Null: no restriction. */
export interface MemberFilter {
  search: string | null;
  roles: readonly OrganizationRole[] | null;
}

// The parameters that all statements of pages share: $1 organizations, $2 roles, $3 limit, $4 and $5 the viewer.
const COLUMNS = `${columnsFor("$4", "$5::bool")}, m.name_key AS "nameKey", m.last_seen_at AS "lastSeenAt"`;
// A distributed database reads the array beside each table to find the nodes to ask.
const OF_PARENT = "m.organization_id = parent.id AND m.organization_id = ANY ($1::uuid[])";
const WITH_USER = "JOIN user_account u ON u.id = m.user_id";

// One page per organization in one statement. Each page is a range of the order's index; see MEMBER_LISTS.
const pageOf = (list: MemberList): string => `
    SELECT page.* FROM organization parent CROSS JOIN LATERAL (
      SELECT ${COLUMNS} FROM member m ${WITH_USER}
      WHERE ${OF_PARENT} AND $2::text[] IS NULL AND ${isAfter(list, 6)}
      ORDER BY ${orderOf(list)} LIMIT $3
    ) AS page WHERE parent.id = ANY ($1::uuid[])`;

// The first members of each role that is wanted.
const firstOfRoles = (list: MemberList): string => `
          SELECT m.* FROM unnest($2::text[]) AS wanted (role) CROSS JOIN LATERAL (
            SELECT * FROM member m
            WHERE ${OF_PARENT} AND ${hasRole("wanted.role")} AND ${isAfter(list, 6)}
            ORDER BY ${orderOf(list)} LIMIT $3
          ) AS m`;

// A distributed database does not run a subquery for each element of an array, so each role has its own.
const firstOfEachRole = (list: MemberList): string =>
  Object.keys(ROLE_COUNTERS)
    .map(
      (role) => `
          (SELECT * FROM member m
            WHERE ${OF_PARENT} AND ${hasRole(`'${role}'`)} AND ${isAfter(list, 6)}
            ORDER BY ${orderOf(list)} LIMIT CASE WHEN '${role}' = ANY ($2::text[]) THEN $3 ELSE 0 END)`,
    )
    .join(" UNION ALL ");

// The same for members of some roles: takes the first members of each role, then the first of all these.
const pageOfRoles = (list: MemberList, firsts: string): string => `
    SELECT page.* FROM organization parent CROSS JOIN LATERAL (
      SELECT ${COLUMNS} FROM (
        SELECT m.* FROM (${firsts}) AS m
        ORDER BY ${orderOf(list)} LIMIT $3
      ) AS m ${WITH_USER}
      ORDER BY ${orderOf(list)}
    ) AS page WHERE parent.id = ANY ($1::uuid[])`;

/** A member with the values for the cursors of all orders. */
type SortedRow = Hit & Required<Pick<MemberView, "nameKey" | "lastSeenAt">>;

// Assigned, because V8 takes five microseconds to spread an object and add to it.
function sortedView(row: SortedRow): MemberView {
  const view = memberView(row);
  view.nameKey = row.nameKey;
  view.lastSeenAt = row.lastSeenAt;
  return view;
}

type MemberList = (typeof MEMBER_LISTS)[MemberOrder];
type Statements = Record<"page" | "ofRoles" | "walk" | "longWalk" | "found", Statement>;

const statementsOf = (list: MemberList): Statements => ({
  page: { name: `pages-of-${list}`, isShortRead: true, onStandby: "everything", text: pageOf(list) },
  ofRoles: {
    ...{ name: `pages-of-roles-of-${list}`, isShortRead: true, onStandby: "everything" },
    text: pageOfRoles(list, firstOfRoles(list)),
    distributed: pageOfRoles(list, firstOfEachRole(list)),
  },
  walk: {
    name: `walk-of-${list}`,
    isShortRead: true,
    onStandby: "everything",
    text: walkOf(list, COLUMNS, isAfter(list, 8)),
  },
  longWalk: { name: `long-walk-of-${list}`, onStandby: "everything", text: walkOf(list, COLUMNS, isAfter(list, 8)) },
  found: { name: `found-${list}`, onStandby: "everything", ...foundOf(list, COLUMNS, isAfter(list, 8)) },
});
const STATEMENTS: Record<MemberOrder, Statements> = {
  JOINED: statementsOf("members"),
  NAME: statementsOf("membersByName"),
  ROLE: statementsOf("membersByRole"),
  LAST_SEEN: statementsOf("membersByLastSeen"),
};

/** Pages of several organizations' members. The caller has checked that the organizations are visible. */
export async function memberPages(
  reader: Reader,
  visibility: Visibility,
  organizationIds: readonly string[],
  { search, roles }: MemberFilter,
  order: MemberOrder,
  { limit, after }: PageRequest,
): Promise<MemberView[]> {
  const { page, ofRoles, ...statements } = STATEMENTS[order];
  const viewer = visibilityValues(visibility);
  const from = cursorValues(MEMBER_LISTS[order], after);
  const wanted = roles && [...new Set(roles)];
  const read = (statement: Statement, ids: readonly string[], ...values: unknown[]) =>
    reader.rows<SortedRow>(statement, [ids, wanted, limit + 1, ...viewer, ...values, ...from]);
  const rows =
    search === null || searchText(search) === null
      ? await read(roles === null ? page : ofRoles, organizationIds)
      : await searchPages({ ...statements, read }, organizationIds, search, limit);
  return rows.map(sortedView);
}

const TOTAL: Statement = {
  name: "member-totals",
  isShortRead: true,
  onStandby: "everything",
  text: `
    SELECT c.organization_id AS "parentId", ${Object.entries(ROLE_COUNTERS)
      .map(([role, counter]) => `CASE WHEN $2::text[] IS NULL OR '${role}' = ANY ($2) THEN c.${counter} ELSE 0 END`)
      .join(" + ")} AS total
    FROM organization_count c WHERE c.organization_id = ANY ($1::uuid[])`,
};
/** Counts the members that a filter matches, by organization. */
export function memberTotals(reader: Reader, organizationIds: readonly string[], { search, roles }: MemberFilter) {
  const text = searchText(search);
  const values = [organizationIds, roles, ...(text === null ? [] : [likePattern(search), text])];
  const statement = text === null ? TOTAL : FOUND_TOTAL;
  return reader.rows<{ parentId: string; total: number }>(statement, values);
}

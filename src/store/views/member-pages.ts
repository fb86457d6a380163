import type { MemberOrder } from "../../domain/member-order";
import type { OrganizationRole } from "../../domain/role";
import { searchText } from "../../domain/text";
import { ROLE_COUNTERS } from "../counts";
import type { Reader, Statement } from "../engine/statement";
import { cursorValues, isAfter, LISTS, MEMBER_LISTS, orderOf } from "../lists";
import type { PageRequest } from "../page";
import { type MemberRange, rangeOfEachRole, rangeOfMembers, rangeOfRoles } from "./member-ranges";
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
const WITH_USER = "JOIN user_account u ON u.id = m.user_id";

type MemberList = (typeof MEMBER_LISTS)[MemberOrder];
const rangeOfPage = (list: MemberList): MemberRange => ({ list, parent: "parent.id", after: 6, limit: "$3" });
const rangeOfWalk = (list: MemberList): MemberRange => ({
  ...{ list, parent: "parent.organization_id", after: 8, limit: "$7" },
});

// One page per organization in one statement.
const pageOf = (list: MemberList): string => `
    SELECT page.* FROM organization parent CROSS JOIN LATERAL (
      SELECT ${COLUMNS} FROM ${rangeOfMembers(rangeOfPage(list), WITH_USER)}
    ) AS page WHERE parent.id = ANY ($1::uuid[])`;

// The same for members of some roles.
const pageOfRoles = (list: MemberList, range: string): string => `
    SELECT page.* FROM organization parent CROSS JOIN LATERAL (
      SELECT ${COLUMNS} FROM (SELECT m.* FROM ${range}) AS m ${WITH_USER}
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

type Texts = Pick<Statement, "text" | "distributed">;

/** The statements that read members in order: all of them, or those with some roles. */
const readsOf = (name: string, page: Texts, walk: Texts): Record<"page" | "walk" | "longWalk", Statement> => ({
  page: { name: `pages-of-${name}`, isShortRead: true, onStandby: "everything", ...page },
  walk: { name: `walk-of-${name}`, isShortRead: true, onStandby: "everything", ...walk },
  longWalk: { name: `long-walk-of-${name}`, onStandby: "everything", ...walk },
});

const statementsOf = (list: MemberList) => {
  const walk = (range: (range: MemberRange) => string) => walkOf(list, COLUMNS, range(rangeOfWalk(list)));
  const found: Statement = {
    ...{ name: `found-${list}`, onStandby: "everything" },
    ...foundOf(list, COLUMNS, isAfter(list, 8)),
  };
  return {
    all: readsOf(list, { text: pageOf(list) }, { text: walk(rangeOfMembers) }),
    ofRoles: readsOf(
      `roles-of-${list}`,
      {
        text: pageOfRoles(list, rangeOfRoles(rangeOfPage(list))),
        distributed: pageOfRoles(list, rangeOfEachRole(rangeOfPage(list))),
      },
      { text: walk(rangeOfRoles), distributed: walk(rangeOfEachRole) },
    ),
    found,
  };
};
const STATEMENTS: Record<MemberOrder, ReturnType<typeof statementsOf>> = {
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
  request: PageRequest,
): Promise<MemberView[]> {
  const list = MEMBER_LISTS[order];
  const { all, ofRoles, found } = STATEMENTS[order];
  const { page, walk, longWalk } = roles === null ? all : ofRoles;
  const viewer = visibilityValues(visibility);
  const wanted = roles && [...new Set(roles)];
  const read = (statement: Statement, ids: readonly string[], { limit, after }: PageRequest, ...values: unknown[]) =>
    reader.rows<SortedRow>(statement, [ids, wanted, limit + 1, ...viewer, ...values, ...cursorValues(list, after)]);
  const rows =
    search === null || searchText(search) === null
      ? await read(page, organizationIds, request)
      : await searchPages<SortedRow>(
          { walk, longWalk, found, read, keyOf: LISTS[list].keyOf },
          organizationIds,
          search,
          request,
        );
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

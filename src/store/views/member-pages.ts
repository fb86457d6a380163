import type { MemberOrder } from "../../domain/member-order";
import type { OrganizationRole } from "../../domain/role";
import { searchText } from "../../domain/text";
import { ROLE_COUNTERS } from "../counts";
import { groupBy } from "../engine/group-by";
import type { Reader, Statement } from "../engine/statement";
import { cursorValues, hasRole, isAfter, MEMBER_LISTS, orderOf } from "../lists";
import type { PageRequest } from "../page";
import { columnsFor, likePattern, type MemberRow, memberView } from "./members";
import type { MemberView } from "./people";
import { type Visibility, visibilityValues } from "./visibility";

/** Narrows a list of members. Null: no restriction. */
export interface MemberFilter {
  search: string | null;
  roles: readonly OrganizationRole[] | null;
}

// The parameters that all statements of pages share: $1 organizations, $2 roles, $3 limit, $4 and $5 the viewer.
const HAS_ROLE = "($2::text[] IS NULL OR m.role = ANY ($2))";
const COLUMNS = `${columnsFor("$4", "$5::bool")}, m.name_key AS "nameKey", m.last_seen_at AS "lastSeenAt"`;
const WITH_USER = "JOIN user_account u ON u.id = m.user_id";

// One page per organization in one statement. Each page is a range of the order's index; see MEMBER_LISTS.
const pageOf = (list: MemberList): string => `
    SELECT page.* FROM unnest($1::uuid[]) AS parent (id) CROSS JOIN LATERAL (
      SELECT ${COLUMNS} FROM member m ${WITH_USER}
      WHERE m.organization_id = parent.id AND $2::text[] IS NULL AND ${isAfter(list, 6)}
      ORDER BY ${orderOf(list)} LIMIT $3
    ) AS page`;

// The same for members of some roles: the first of each role, of which the first of all are taken.
const pageOfRoles = (list: MemberList): string => `
    SELECT page.* FROM unnest($1::uuid[]) AS parent (id) CROSS JOIN LATERAL (
      SELECT ${COLUMNS} FROM (
        SELECT m.* FROM unnest($2::text[]) AS wanted (role) CROSS JOIN LATERAL (
          SELECT * FROM member m
          WHERE m.organization_id = parent.id AND ${hasRole("wanted.role")} AND ${isAfter(list, 6)}
          ORDER BY ${orderOf(list)} LIMIT $3
        ) AS m
        ORDER BY ${orderOf(list)} LIMIT $3
      ) AS m ${WITH_USER}
      ORDER BY ${orderOf(list)}
    ) AS page`;

// Reads at most $7 members in the list's order. A common text is found among the first of them.
const walkOf = (list: MemberList): string => `
    SELECT page.* FROM unnest($1::uuid[]) AS parent (id) CROSS JOIN LATERAL (
      SELECT ${COLUMNS} FROM (
        SELECT * FROM member m WHERE m.organization_id = parent.id AND ${isAfter(list, 8)}
        ORDER BY ${orderOf(list)} LIMIT $7
      ) AS m ${WITH_USER}
      WHERE m.search_text LIKE $6 AND ${HAS_ROLE} ORDER BY ${orderOf(list)} LIMIT $3
    ) AS page`;

// Reads every member with the text, by member_search_keys_index. The organization is compared in a way that no other index
// serves: the planner would walk a whole organization in the list's order, in the hope to meet enough hits soon.
const FOUND_BY_INDEX = (organization: string, pattern: string, text: string) => `
    member_search_keys(m.organization_id, m.search_text, 1)
      @> member_search_keys(${organization}, ${text}, least(3, char_length(${text})))
    AND m.organization_id IS NOT DISTINCT FROM ${organization} AND m.search_text LIKE ${pattern} AND ${HAS_ROLE}`;
const foundOf = (list: MemberList): string => `
    SELECT page.* FROM unnest($1::uuid[]) AS parent (id) CROSS JOIN LATERAL (
      SELECT ${COLUMNS} FROM (
        SELECT * FROM member m WHERE ${FOUND_BY_INDEX("parent.id", "$6", "$7::text")} AND ${isAfter(list, 8)}
        ORDER BY ${orderOf(list)} LIMIT $3
      ) AS m ${WITH_USER}
      ORDER BY ${orderOf(list)}
    ) AS page`;

/** A member with what the cursors of the orders need. */
type SortedRow = MemberRow & Required<Pick<MemberView, "nameKey" | "lastSeenAt">>;

function sortedView(row: SortedRow): MemberView {
  const { nameKey, lastSeenAt } = row;
  return { ...memberView(row), nameKey, lastSeenAt };
}

type MemberList = (typeof MEMBER_LISTS)[MemberOrder];
type Statements = Record<"page" | "ofRoles" | "walk" | "found", Statement>;

const statementsOf = (list: MemberList): Statements => ({
  page: { name: `pages-of-${list}`, isShortRead: true, text: pageOf(list) },
  ofRoles: { name: `pages-of-roles-of-${list}`, isShortRead: true, text: pageOfRoles(list) },
  walk: { name: `walk-of-${list}`, text: walkOf(list) },
  found: { name: `found-${list}`, text: foundOf(list) },
});
const STATEMENTS: Record<MemberOrder, Statements> = {
  JOINED: statementsOf("members"),
  NAME: statementsOf("membersByName"),
  ROLE: statementsOf("membersByRole"),
  LAST_SEEN: statementsOf("membersByLastSeen"),
};

/** How many members a search reads in the list's order before it turns to the index, and where the first have a few hits. */
const FIRST_WALK = 1_000;
const LONG_WALK = 20_000;
const FEW_HITS = 4;

/** Pages of several organizations' members. The caller has checked that the organizations are visible. */
export async function memberPages(
  reader: Reader,
  visibility: Visibility,
  organizationIds: readonly string[],
  { search, roles }: MemberFilter,
  order: MemberOrder,
  { limit, after }: PageRequest,
): Promise<MemberView[]> {
  const { page, ofRoles, walk, found } = STATEMENTS[order];
  const viewer = visibilityValues(visibility);
  const from = cursorValues(MEMBER_LISTS[order], after);
  const [text, pattern] = [searchText(search), likePattern(search)];
  const read = async (statement: Statement, ids: readonly string[], ...values: unknown[]) =>
    (
      await reader.rows<SortedRow>(statement, [
        ids,
        roles && [...new Set(roles)],
        limit + 1,
        ...viewer,
        ...values,
        ...from,
      ])
    ).map(sortedView);
  if (text === null) return await read(roles === null ? page : ofRoles, organizationIds);
  const pages = new Map<string, MemberView[]>();
  const hitsIn = (id: string) => pages.get(id)?.length ?? 0;
  const search_ = async (statement: Statement, ids: readonly string[], value: number | string) => {
    if (ids.length === 0) return;
    const hits = groupBy(await read(statement, ids, pattern, value), ({ organizationId }) => organizationId);
    for (const id of ids) pages.set(id, hits.get(id) ?? []);
  };
  await search_(walk, organizationIds, FIRST_WALK);
  const isShort = (id: string) => hitsIn(id) <= limit;
  await search_(
    walk,
    organizationIds.filter((id) => isShort(id) && hitsIn(id) >= FEW_HITS),
    LONG_WALK,
  );
  await search_(found, organizationIds.filter(isShort), text);
  return organizationIds.flatMap((id) => pages.get(id) ?? []);
}

const TOTAL: Statement = {
  name: "member-totals",
  isShortRead: true,
  text: `
    SELECT c.organization_id AS "parentId", ${Object.entries(ROLE_COUNTERS)
      .map(([role, counter]) => `CASE WHEN $2::text[] IS NULL OR '${role}' = ANY ($2) THEN c.${counter} ELSE 0 END`)
      .join(" + ")} AS total
    FROM organization_count c WHERE c.organization_id = ANY ($1::uuid[])`,
};
const FOUND_TOTAL: Statement = {
  name: "members-found-total",
  text: `
    SELECT parent.id AS "parentId", (
      SELECT count(*)::int FROM member m WHERE ${FOUND_BY_INDEX("parent.id", "$3", "$4::text")}
    ) AS total FROM unnest($1::uuid[]) AS parent (id)`,
};

/** Counts the members that a filter matches, by organization. */
export function memberTotals(reader: Reader, organizationIds: readonly string[], { search, roles }: MemberFilter) {
  const text = searchText(search);
  const values = [organizationIds, roles, ...(text === null ? [] : [likePattern(search), text])];
  const statement = text === null ? TOTAL : FOUND_TOTAL;
  return reader.rows<{ parentId: string; total: number }>(statement, values);
}

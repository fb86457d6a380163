import { searchText } from "../../domain/text";
import { MEMBERS } from "../counts";
import { groupBy } from "../engine/group-by";
import type { Statement } from "../engine/statement";
import { LISTS, type ListName, orderOf } from "../lists";
import { likePattern, type MemberRow } from "./members";

/*
 * A search has two plans. A walk reads members in the list's order until it has a page of hits: cheap if hits are
 * frequent. The index of search keys finds all hits, which are then sorted: cheap if hits are rare. The hits among the
 * first thousand members decide which plan runs.
 */

/** How many members the first walk reads. */
const FIRST_WALK = 1_000;
/** With fewer hits than this in the first walk, hits are rare and their number is not estimated. */
const FEW_HITS = 4;
/** Up to this estimate of hits, the index is used instead of a longer walk. */
const HITS_BY_INDEX = 2_000;
/** How many members a longer walk reads at most. */
const LONG_WALK = 20_000;
/** Hits come in clusters, so a longer walk may read this many times the members in which it expects a full page. */
const CLUSTERED = 2;

// The parameters that all statements share: $1 organizations, $2 roles, $3 limit, $4 and $5 the viewer, $6 the pattern.
const HAS_ROLE = "($2::text[] IS NULL OR m.role = ANY ($2))";

// Columns of the order get names, so that the planner knows that a subquery's rows are sorted by them and reads no more
// than it needs.
const sortColumns = (list: ListName) => LISTS[list].columns.map(({ sql }, n) => `${sql} AS sort_${n}`).join(", ");
const sorted = (list: ListName) =>
  LISTS[list].columns.map((_, n) => `m.sort_${n}${LISTS[list].isDescending ? " DESC" : ""}`).join(", ");

// Looks up one user per hit. As a plain join, a plan for any number of hits would read all users.
const WITH_USER = "CROSS JOIN LATERAL (SELECT * FROM user_account WHERE id = m.user_id LIMIT 1) AS u";

/** SQL of the next hits among at most $7 members. `columns` are SQL of the members `m` and their users `u`. */
export const walkOf = (list: ListName, columns: string, isAfter: string): string => `
    SELECT page.* FROM organization_count parent CROSS JOIN LATERAL (
      SELECT ${columns}, ${MEMBERS.replaceAll("c.", "parent.")} AS among FROM (
        SELECT * FROM (
          SELECT m.*, ${sortColumns(list)} FROM member m 
          WHERE m.organization_id = parent.organization_id AND m.organization_id = ANY ($1::uuid[]) AND ${isAfter}
          ORDER BY ${orderOf(list)} LIMIT $7
        ) AS m
        WHERE m.search_text LIKE $6 AND ${HAS_ROLE} ORDER BY ${sorted(list)} LIMIT $3
      ) AS m ${WITH_USER}
      ORDER BY ${sorted(list)}
    ) AS page WHERE parent.organization_id = ANY ($1::uuid[])`;

// Uses only member_search_keys_index. The organization and the cursor are compared in a form that no other index
// supports. Otherwise the planner would walk a whole organization in the list's order, because it expects enough hits
// soon, or collect all members of all organizations after the cursor.
const isFound = ({ isOwn }: Parents, pattern: string, text: string) => `
    member_search_keys(m.organization_id, m.search_text, 1)
      @> member_search_keys(parent.id, ${text}, least(3, char_length(${text})))
    AND ${isOwn} AND m.search_text LIKE ${pattern} AND ${HAS_ROLE}`;

/** The organizations to search, and how a member of one is recognized. */
interface Parents {
  from: string;
  isOwn: string;
  where: string;
}

const PARENTS: Parents = {
  from: "unnest($1::uuid[]) AS parent (id)",
  isOwn: "m.organization_id IS NOT DISTINCT FROM parent.id",
  where: "",
};
// A distributed database looks for members only where it sees that they are on their organization's node.
const PARENTS_ON_NODES: Parents = {
  from: "organization parent",
  isOwn: "m.organization_id = parent.id AND m.organization_id = ANY ($1::uuid[])",
  where: "WHERE parent.id = ANY ($1::uuid[])",
};
const forBoth = (text: (parents: Parents) => string) => ({ text: text(PARENTS), distributed: text(PARENTS_ON_NODES) });

/** SQL of the next hits among all members. $7 is the folded text. */
export const foundOf = (list: ListName, columns: string, isAfter: string): Pick<Statement, "text" | "distributed"> =>
  forBoth(
    (parents) => `
    SELECT page.* FROM ${parents.from} CROSS JOIN LATERAL (
      SELECT ${columns} FROM (
        SELECT m.*, ${sortColumns(list)} FROM member m
        WHERE ${isFound(parents, "$6", "$7::text")} AND (${isAfter}) IS TRUE
        ORDER BY ${orderOf(list)} LIMIT $3
      ) AS m ${WITH_USER}
      ORDER BY ${sorted(list)}
    ) AS page ${parents.where}`,
  );

export const FOUND_TOTAL: Statement = {
  name: "members-found-total",
  onStandby: "everything",
  ...forBoth(
    (parents) => `
    SELECT parent.id AS "parentId", (
      SELECT count(*)::int FROM member m WHERE ${isFound(parents, "$3", "$4::text")}
    ) AS total FROM ${parents.from} ${parents.where}`,
  ),
};

/** A hit. `among`: the number of the organization's members, if a walk found it. */
export type Hit = MemberRow & { among?: number };

/** The statements of one order, and the function that reads a page with one of them. */
export interface Search<Row> {
  walk: Statement;
  longWalk: Statement;
  found: Statement;
  read(statement: Statement, organizationIds: readonly string[], ...values: unknown[]): Promise<Row[]>;
}

/** The first hits of several organizations. More than `limit` if there are more. */
export async function searchPages<Row extends Hit>(
  { walk, longWalk, found, read }: Search<Row>,
  organizationIds: readonly string[],
  search: string,
  limit: number,
): Promise<Row[]> {
  const pages = new Map<string, Row[]>(organizationIds.map((id) => [id, []]));
  const hitsIn = (id: string) => pages.get(id) ?? [];
  const isShort = (id: string) => hitsIn(id).length <= limit;
  const find = async (statement: Statement, ids: readonly string[], value: number | string) => {
    if (ids.length === 0) return;
    const hits = groupBy(await read(statement, ids, likePattern(search), value), (row) => row.organizationId);
    for (const id of ids) pages.set(id, hits.get(id) ?? []);
  };
  await find(walk, organizationIds, FIRST_WALK);
  const isFrequent = (id: string) => {
    const [hits, among = 0] = [hitsIn(id).length, hitsIn(id)[0]?.among];
    return hits >= FEW_HITS && (hits / FIRST_WALK) * among > HITS_BY_INDEX;
  };
  const walked = organizationIds.filter((id) => isShort(id) && isFrequent(id));
  const rarest = Math.min(...walked.map((id) => hitsIn(id).length));
  const members = Math.ceil((CLUSTERED * (limit + 1) * FIRST_WALK) / rarest);
  await find(longWalk, walked, Math.min(members, LONG_WALK));
  await find(found, organizationIds.filter(isShort), searchText(search) ?? "");
  return organizationIds.flatMap(hitsIn);
}

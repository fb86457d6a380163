import { searchText } from "../../domain/text";
import { MEMBERS } from "../counts";
import { groupBy } from "../engine/group-by";
import type { Statement } from "../engine/statement";
import { LISTS, type ListName, orderOf, type SortKey } from "../lists";
import type { PageRequest } from "../page";
import { likePattern, type MemberRow } from "./members";

/*
 * A search has two plans. A walk reads members in the list's order until it has a page of hits: cheap if hits are
 * frequent. The index of search keys finds all hits, which are then sorted: cheap if hits are rare. Every search begins
 * with a short walk. Its hits tell how many members each plan would still read, and the cheaper plan continues.
 */

/** How many members the first walk reads. */
const FIRST_WALK = 1_000;
/** A hit of the index costs as much as this many members of a walk, because hits are sorted and lie far apart. */
const HIT_COST = 3;
/** Hits come in clusters, so a longer walk may read this many times the members in which it expects a full page. */
const CLUSTERED = 2;

// The parameters that all statements share: $1 organizations, $2 roles, $3 limit, $4 and $5 the viewer, $6 the pattern.
const HAS_ROLE = "($2::text[] IS NULL OR m.role = ANY ($2))";

// Columns of the order get names, so that the planner knows that a subquery's rows are sorted by them and reads no more
// than it needs.
const sortColumns = (list: ListName) => LISTS[list].columns.map(({ sql }, n) => `${sql} AS sort_${n}`).join(", ");
const sorted = (list: ListName, alias = "m") =>
  LISTS[list].columns.map((_, n) => `${alias}.sort_${n}${LISTS[list].isDescending ? " DESC" : ""}`).join(", ");

// Looks up one user per hit. As a plain join, a plan for any number of hits would read all users.
const WITH_USER = "CROSS JOIN LATERAL (SELECT * FROM user_account WHERE id = m.user_id LIMIT 1) AS u";

/**
 * SQL of the next hits in a range of at most $7 members. The last of these members is returned too, unless the page is
 * full before it: a page without it that is not full has all hits to the end of the list. `columns` are SQL of the
 * members `m` and their users `u`. Members are numbered without their other columns, which would be copied for each.
 */
export const walkOf = (list: ListName, columns: string, range: string): string => `
    SELECT ${columns}, w.is_hit AS "isHit", w.walked = $7 AS "isLast", ${MEMBERS.replaceAll("c.", "parent.")} AS among
    FROM organization_count parent CROSS JOIN LATERAL (
      SELECT * FROM (
        SELECT m.*, row_number() OVER (ORDER BY ${sorted(list)}) AS walked
        FROM (SELECT m.id, m.search_text LIKE $6 AS is_hit, ${sortColumns(list)} FROM ${range}) AS m
      ) AS m
      WHERE m.is_hit OR m.walked = $7 ORDER BY ${sorted(list)} LIMIT $3
    ) AS w CROSS JOIN LATERAL (
      SELECT * FROM member
      WHERE organization_id = parent.organization_id AND organization_id = ANY ($1::uuid[]) AND id = w.id LIMIT 1
    ) AS m ${WITH_USER}
    WHERE parent.organization_id = ANY ($1::uuid[]) ORDER BY ${sorted(list, "w")}`;

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

/** A hit, or the last member of a walk: then with `isLast`, and `among`, the number of the organization's members. */
export interface Hit extends MemberRow {
  isHit?: boolean;
  isLast?: boolean;
  among?: number;
}

/** The statements of one order. */
export interface Search<Row> {
  walk: Statement;
  longWalk: Statement;
  found: Statement;
  read(
    statement: Statement,
    organizationIds: readonly string[],
    request: PageRequest,
    ...values: unknown[]
  ): Promise<Row[]>;
  keyOf(row: Row): SortKey;
}

/** The first hits of several organizations. More than `limit` if there are more. */
export async function searchPages<Row extends Hit>(
  { walk, longWalk, found, read, keyOf }: Search<Row>,
  organizationIds: readonly string[],
  search: string,
  request: PageRequest,
): Promise<Row[]> {
  const pages = new Map<string, Walked<Row>>(organizationIds.map((id) => [id, NOTHING]));
  const pageOf = (id: string): Walked<Row> => pages.get(id) ?? NOTHING;
  const find = async (
    statement: Statement,
    ids: readonly string[],
    value: number | string,
    { hits: before, last }: Walked<Row> = NOTHING,
  ) => {
    if (ids.length === 0) return;
    const rest = { limit: request.limit - before.length, after: last ? keyOf(last) : request.after };
    const rows = groupBy(await read(statement, ids, rest, likePattern(search), value), (row) => row.organizationId);
    for (const id of ids) pages.set(id, walked(before, rows.get(id) ?? [], request.limit));
  };
  await find(walk, organizationIds, FIRST_WALK);
  const lengths = new Map(organizationIds.map((id) => [id, membersToWalk(pageOf(id), request.limit)]));
  const frequent = organizationIds.filter((id) => lengths.get(id) !== 0);
  const longest = Math.max(...lengths.values());
  const [id, another] = frequent;
  // A statement has one position, so the walks of several organizations begin again.
  if (id !== undefined && another === undefined) await find(longWalk, frequent, longest, pageOf(id));
  else await find(longWalk, frequent, FIRST_WALK + longest);
  const isOpen = (id: string) => pageOf(id).last !== null;
  await find(found, organizationIds.filter(isOpen), searchText(search) ?? "");
  return organizationIds.flatMap((id) => pageOf(id).hits);
}

/** The hits of one organization so far. `last`: the last member read; null if the page is full or the list has ended. */
interface Walked<Row> {
  hits: readonly Row[];
  last: Row | null;
}
const NOTHING = { hits: [], last: null };

function walked<Row extends Hit>(before: readonly Row[], rows: readonly Row[], limit: number): Walked<Row> {
  const hits = [...before, ...rows.filter(({ isHit }) => isHit !== false)];
  const last = rows.at(-1);
  return { hits, last: last?.isLast && hits.length <= limit ? last : null };
}

/** How many members a longer walk should read; 0 if the page is full, or the index finds all hits at a lower cost. */
function membersToWalk<Row extends Hit>({ hits, last }: Walked<Row>, limit: number): number {
  if (last === null) return 0;
  const frequency = hits.length / FIRST_WALK;
  const byWalk = (limit + 1 - hits.length) / frequency;
  const byIndex = HIT_COST * frequency * (last.among ?? 0);
  return byWalk <= byIndex ? Math.ceil(CLUSTERED * byWalk) : 0;
}

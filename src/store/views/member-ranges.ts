import { ROLE_COUNTERS } from "../counts";
import { hasRole, isAfter, type ListName, orderOf } from "../lists";

/** A part of a list of members: a range of the order's index. */
export interface MemberRange {
  list: ListName;
  /** SQL of the organization's id. */
  parent: string;
  /** The first parameter of the position after which the range begins. */
  after: number;
  /** SQL of the number of members that the range has at most. */
  limit: string;
}

// The parameters that all statements share: $1 organizations, $2 roles. A distributed database reads the array of
// organizations beside each table to find the nodes to ask.
const isIn = ({ list, parent, after }: MemberRange, condition: string) =>
  `m.organization_id = ${parent} AND m.organization_id = ANY ($1::uuid[]) AND ${condition} AND ${isAfter(list, after)}`;
const inOrder = ({ list, limit }: MemberRange) => `ORDER BY ${orderOf(list)} LIMIT ${limit}`;

/** SQL after FROM of the members `m` of a range, if no roles are wanted. `joined`: SQL of joins with one row per member. */
export const rangeOfMembers = (range: MemberRange, joined = ""): string => `
  member m ${joined} WHERE ${isIn(range, "$2::text[] IS NULL")} ${inOrder(range)}`;

/** SQL after FROM of the members `m` of a range who have one of the wanted roles: the first of each role's first. */
export const rangeOfRoles = (range: MemberRange): string => `(
    SELECT m.* FROM unnest($2::text[]) AS wanted (role) CROSS JOIN LATERAL (
      SELECT * FROM member m WHERE ${isIn(range, hasRole("wanted.role"))} ${inOrder(range)}
    ) AS m
  ) AS m ${inOrder(range)}`;

/** The same for a distributed database, which runs no subquery for each element of an array: each role has its own. */
export const rangeOfEachRole = (range: MemberRange): string =>
  `(${Object.keys(ROLE_COUNTERS)
    .map(
      (role) => `
      (SELECT * FROM member m WHERE ${isIn(range, hasRole(`'${role}'`))}
        ORDER BY ${orderOf(range.list)} LIMIT CASE WHEN '${role}' = ANY ($2::text[]) THEN ${range.limit} ELSE 0 END)`,
    )
    .join(" UNION ALL ")}) AS m ${inOrder(range)}`;

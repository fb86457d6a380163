import type { AccessReviewItemOrder } from "../domain/access-review";
import type { MemberOrder } from "../domain/member-order";
import type { OrganizationRole } from "../domain/role";

/** A position in a list: the values of its sort key. */
export type SortKey = ReadonlyArray<string | number>;

/** A column of a sort key: its SQL, and the kind of its values. A cursor holds an instant as milliseconds. */
interface SortColumn {
  sql: string;
  kind: "count" | "instant" | "id" | "text";
}

/** The order of one list. Statement, sort key and cursor all follow it. */
interface ListOrder<Node> {
  columns: readonly SortColumn[];
  isDescending?: true;
  /** The values of `columns` for one entry. */
  keyOf(node: Node): SortKey;
}

interface Joined {
  id: string;
  joinedAt: Date;
}

/** The lists that have cursors, with the fields of their entries that sort keys need. */
export interface ListEntries {
  members: Joined;
  membersByName: { id: string; nameKey?: string };
  membersByRole: Joined & { role: OrganizationRole };
  membersByLastSeen: { id: string; lastSeenAt?: Date | null };
  access: { member: Joined };
  invitations: { id: string; createdAt: Date };
  workspaces: { id: string; isDefault: boolean; createdAt: Date };
  memberships: Joined & { userId: string; organization?: { personalForId: string | null } };
  auditLog: { sequence: number };
  accessReviews: { id: string; startedAt: Date };
  accessReviewItems: { position: number };
  accessReviewItemsByFindings: { findingsOrder: number; position: number };
  events: { sequence: number };
}

export type ListName = keyof ListEntries;

const sequence: SortColumn = { sql: "e.sequence", kind: "count" };
const joined: readonly SortColumn[] = [
  { sql: "m.joined_at", kind: "instant" },
  { sql: "m.id", kind: "id" },
];
const joinedKey = ({ joinedAt, id }: Joined): SortKey => [joinedAt.getTime(), id];

const RANKED_ROLES: readonly OrganizationRole[] = ["OWNER", "ADMIN", "DEVELOPER", "VIEWER"];
// The same expression as in member_organization_id_role_index.
const rankOf = (role: string) =>
  `(CASE ${role} WHEN 'OWNER' THEN 0 WHEN 'ADMIN' THEN 1 WHEN 'DEVELOPER' THEN 2 ELSE 3 END)`;

/**
 * SQL that is true for members `m` with a role, given as SQL. It uses the indexes that begin with organization and
 * role.
 */
export const hasRole = (role: string) => `${rankOf("m.role")} = ${rankOf(role)}`;

/** The list of each order of members. A cursor belongs to one of them. */
export const MEMBER_LISTS = {
  JOINED: "members",
  NAME: "membersByName",
  ROLE: "membersByRole",
  LAST_SEEN: "membersByLastSeen",
} as const satisfies Record<MemberOrder, ListName>;

/** The list of each order of a review's items. */
export const ITEM_LISTS = {
  JOINED: "accessReviewItems",
  FINDINGS: "accessReviewItemsByFindings",
} as const satisfies Record<AccessReviewItemOrder, ListName>;

/** Each list's order. An index matches every one of them. */
export const LISTS: { readonly [Name in ListName]: ListOrder<ListEntries[Name]> } = {
  members: { columns: joined, keyOf: joinedKey },
  // Folded names in the order of their code points, which does not depend on the database's locale.
  membersByName: {
    columns: [
      { sql: 'm.name_key COLLATE "C"', kind: "text" },
      { sql: "m.id", kind: "id" },
    ],
    keyOf: ({ nameKey = "", id }) => [nameKey, id],
  },
  membersByRole: {
    columns: [{ sql: rankOf("m.role"), kind: "count" }, ...joined],
    keyOf: ({ role, ...member }) => [RANKED_ROLES.indexOf(role), ...joinedKey(member)],
  },
  // Those seen last come first, those never seen last.
  membersByLastSeen: {
    columns: [
      { sql: "coalesce(m.last_seen_at, to_timestamp(0))", kind: "instant" },
      { sql: "m.id", kind: "id" },
    ],
    isDescending: true,
    keyOf: ({ lastSeenAt, id }) => [lastSeenAt?.getTime() ?? 0, id],
  },
  access: { columns: joined, keyOf: ({ member }) => joinedKey(member) },
  invitations: {
    columns: [
      { sql: "i.created_at", kind: "instant" },
      { sql: "i.id", kind: "id" },
    ],
    isDescending: true,
    keyOf: ({ createdAt, id }) => [createdAt.getTime(), id],
  },
  // The default workspace comes first.
  workspaces: {
    columns: [
      { sql: "(NOT w.is_default)::int", kind: "count" },
      { sql: "w.created_at", kind: "instant" },
      { sql: "w.id", kind: "id" },
    ],
    keyOf: ({ isDefault, createdAt, id }) => [isDefault ? 0 : 1, createdAt.getTime(), id],
  },
  // The personal organization comes first. `$1` is the person.
  memberships: {
    columns: [
      { sql: '("personalForId" IS DISTINCT FROM $1)::int', kind: "count" },
      { sql: '"memberJoinedAt"', kind: "instant" },
      { sql: '"memberId"', kind: "id" },
    ],
    keyOf: (membership) => [
      membership.organization?.personalForId === membership.userId ? 0 : 1,
      ...joinedKey(membership),
    ],
  },
  accessReviews: {
    columns: [
      { sql: "r.started_at", kind: "instant" },
      { sql: "r.id", kind: "id" },
    ],
    isDescending: true,
    keyOf: ({ startedAt, id }) => [startedAt.getTime(), id],
  },
  accessReviewItems: { columns: [{ sql: "i.position", kind: "count" }], keyOf: ({ position }) => [position] },
  // Members with findings come first.
  accessReviewItemsByFindings: {
    columns: [
      { sql: "i.findings_order", kind: "count" },
      { sql: "i.position", kind: "count" },
    ],
    keyOf: ({ findingsOrder, position }) => [findingsOrder, position],
  },
  auditLog: { columns: [sequence], isDescending: true, keyOf: (event) => [event.sequence] },
  events: { columns: [sequence], keyOf: (event) => [event.sequence] },
};

const SQL_TYPES = { count: "int", instant: "timestamptz", id: "uuid", text: "text" } as const;

/** SQL after ORDER BY. */
export function orderOf(list: ListName): string {
  const { columns, isDescending } = LISTS[list];
  return columns.map(({ sql }) => (isDescending ? `${sql} DESC` : sql)).join(", ");
}

// Values before and after every value of a kind. No id is one of them.
const BEFORE_ALL = { count: "-1", instant: "'-infinity'", id: "'00000000-0000-0000-0000-000000000000'", text: "''" };
const AFTER_ALL = { count: "2147483647", instant: "'infinity'", id: "'ffffffff-ffff-ffff-ffff-ffffffffffff'" };

/**
 * SQL that is true for entries after a cursor, whose parameters begin at `$first`; always true where they are null. It
 * is one range of the order's index, even in a generic plan.
 */
export function isAfter(list: ListName, first: number): string {
  const { columns, isDescending } = LISTS[list];
  const from: Readonly<Record<string, string>> = isDescending ? AFTER_ALL : BEFORE_ALL;
  const parameters = columns.map(
    ({ kind }, index) => `coalesce($${first + index}::${SQL_TYPES[kind]}, ${from[kind]}::${SQL_TYPES[kind]})`,
  );
  const key = columns.map(({ sql }) => sql).join(", ");
  return `(${key}) ${isDescending ? "<" : ">"} (${parameters.join(", ")})`;
}

/** The parameters of `isAfter`. */
export function cursorValues(list: ListName, after: SortKey | null): Array<string | number | Date | null> {
  return LISTS[list].columns.map(({ kind }, index) => {
    const value = after?.[index] ?? null;
    return kind === "instant" && value !== null ? new Date(Number(value)) : value;
  });
}

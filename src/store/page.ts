import { Denied } from "../domain/denial";
import { isIdentifier } from "../domain/identifier";

/** The arguments of every list. */
export interface PageArgs {
  first?: number | null;
  after?: string | null;
}

/** A position in a list: the values of its sort key. */
export type SortKey = ReadonlyArray<string | number>;

/** One page asked for: one row more than `limit` is read, to know whether another page follows. */
export interface PageRequest {
  limit: number;
  after: SortKey | null;
}

/** A page as the graph's connections show it; getters, because what costs something is made only when selected. */
export interface Page<Node> {
  readonly nodes: Node[];
  readonly edges: Array<{ node: Node; cursor: string }>;
  readonly pageInfo: {
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
    readonly startCursor: string | null;
    readonly endCursor: string | null;
  };
  readonly totalCount: Promise<number>;
}

const DEFAULT_SIZE = 50;
/** What one page may hold at most. */
export const MAX_PAGE_SIZE = 100;

/**
 * Reads the arguments of one list. `list` and `parentId` name it: a cursor belongs to its own list.
 * Throws BAD_USER_INPUT.
 */
export function parsePageArgs(list: ListName, parentId: string, { first, after }: PageArgs): PageRequest {
  const limit = first ?? DEFAULT_SIZE;
  if (limit < 1 || limit > MAX_PAGE_SIZE) throw new Denied("BAD_USER_INPUT", `'first' is 1 to ${MAX_PAGE_SIZE}.`);
  return { limit, after: after == null ? null : readCursor(list, parentId, after) };
}

/** Makes a page of the rows that a request of `limit` found, the one too many included. */
export function pageOf<Node>(
  list: ListName,
  parentId: string,
  request: PageRequest,
  rows: readonly Node[],
  keyOf: (node: Node) => SortKey,
  totalCount: () => Promise<number>,
): Page<Node> {
  const nodes = rows.slice(0, request.limit);
  const isWhole = request.after === null && rows.length <= request.limit;
  const cursorOf = (node: Node) => writeCursor(list, parentId, keyOf(node));
  const cursorAt = (index: number) => {
    const node = nodes.at(index);
    return node === undefined ? null : cursorOf(node);
  };
  return {
    nodes,
    get edges() {
      return nodes.map((node) => ({ node, cursor: cursorOf(node) }));
    },
    pageInfo: {
      hasNextPage: rows.length > request.limit,
      hasPreviousPage: request.after !== null,
      get startCursor() {
        return cursorAt(0);
      },
      get endCursor() {
        return cursorAt(-1);
      },
    },
    // A list that fits on its first page has been counted by reading it.
    get totalCount() {
      return isWhole ? Promise.resolve(rows.length) : totalCount();
    },
  };
}

/** Writes a position in a list, opaque to clients. */
export function writeCursor(list: ListName, parentId: string, key: SortKey): string {
  return Buffer.from(JSON.stringify([list, parentId, ...key])).toString("base64url");
}

/** What the sort keys of each list are made of. */
const KEYS = {
  members: ["instant", "id"],
  access: ["instant", "id"],
  invitations: ["instant", "id"],
  workspaces: ["count", "instant", "id"],
  memberships: ["count", "instant", "id"],
  auditLog: ["count"],
  events: ["count"],
} as const;

/** The lists that have cursors. */
export type ListName = keyof typeof KEYS;

const PARTS: Record<(typeof KEYS)[ListName][number], (part: unknown) => boolean> = {
  id: (part) => typeof part === "string" && isIdentifier(part),
  instant: (part) => Number.isInteger(part) && Number(part) >= 0 && Number(part) <= LATEST_MS,
  count: (part) => Number.isInteger(part) && Number(part) >= 0 && Number(part) <= LARGEST_COUNT,
};
/** The year 9999, and an integer column's end. */
const LATEST_MS = 253_402_300_799_999;
const LARGEST_COUNT = 2 ** 31 - 1;

/** Reads a position that was written for this list of this parent. Throws BAD_USER_INPUT for any other. */
export function readCursor(list: ListName, parentId: string, cursor: string): SortKey {
  try {
    const [, , ...key] = JSON.parse(Buffer.from(cursor, "base64url").toString());
    // Written again for this list of this parent, it must be the same: that says it all.
    const isOurs = writeCursor(list, parentId, key) === cursor;
    const kinds = KEYS[list];
    const fits = key.length === kinds.length && kinds.every((kind, index) => PARTS[kind](key[index]));
    if (isOurs && fits) return key;
  } catch {
    // Falls through: what cannot be read is no cursor.
  }
  throw new Denied("BAD_USER_INPUT", "'after' is no cursor of this list.");
}

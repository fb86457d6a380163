import { Denied } from "../domain/denial";
import { isIdentifier } from "../domain/identifier";
import { storable } from "../domain/text";
import { LISTS, type ListEntries, type ListName, type SortKey } from "./lists";

/** The arguments of every list. */
export interface PageArgs {
  first?: number | null;
  after?: string | null;
}

/** A request for one page. The store reads one row more than `limit`, to know whether another page follows. */
export interface PageRequest {
  limit: number;
  after: SortKey | null;
}

/** A page as the graph's connections return it. Getters compute cursors and totals only for the fields selected. */
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
export const MAX_PAGE_SIZE = 100;

/** Reads a list's arguments. A cursor is valid for one list below one parent only. Throws BAD_USER_INPUT. */
export function parsePageArgs(list: ListName, parentId: string, { first, after }: PageArgs): PageRequest {
  const limit = first ?? DEFAULT_SIZE;
  if (limit < 1 || limit > MAX_PAGE_SIZE)
    throw new Denied("BAD_USER_INPUT", `'first' must be between 1 and ${MAX_PAGE_SIZE}.`);
  return { limit, after: after == null ? null : readCursor(list, parentId, after) };
}

/** Makes a page from the store's rows, which include the one beyond the limit. */
export function pageOf<Name extends ListName, Node extends ListEntries[Name]>(
  list: Name,
  parentId: string,
  request: PageRequest,
  rows: readonly Node[],
  totalCount: () => Promise<number>,
): Page<Node> {
  const nodes = rows.slice(0, request.limit);
  const isWhole = request.after === null && rows.length <= request.limit;
  const cursorOf = (node: Node) => writeCursor(list, parentId, LISTS[list].keyOf(node));
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
    // A list that fits on its first page needs no count.
    get totalCount() {
      return isWhole ? Promise.resolve(rows.length) : totalCount();
    },
  };
}

/** Writes a cursor, which is opaque to clients. */
export function writeCursor(list: ListName, parentId: string, key: SortKey): string {
  return Buffer.from(JSON.stringify([list, parentId, ...key])).toString("base64url");
}

/** 9999-12-31T23:59:59.999Z. */
const LATEST_MS = 253_402_300_799_999;
const LARGEST_INTEGER = 2 ** 31 - 1;
/** Sort keys of names have at most 100 characters, of up to two units each. */
const LONGEST_TEXT = 200;
const IS_VALID = {
  id: (value: unknown) => typeof value === "string" && isIdentifier(value),
  instant: (value: unknown) => isWithin(value, LATEST_MS),
  count: (value: unknown) => isWithin(value, LARGEST_INTEGER),
  text: (value: unknown) => typeof value === "string" && value.length <= LONGEST_TEXT && value === storable(value),
} as const;

function isWithin(value: unknown, largest: number): boolean {
  return Number.isInteger(value) && Number(value) >= 0 && Number(value) <= largest;
}

/** Reads a cursor of this list below this parent. Throws BAD_USER_INPUT for any other text. */
export function readCursor(list: ListName, parentId: string, cursor: string): SortKey {
  try {
    const [, , ...key] = JSON.parse(Buffer.from(cursor, "base64url").toString());
    // Only a cursor of this list and parent comes out the same when it is written again.
    const isOurs = writeCursor(list, parentId, key) === cursor;
    const { columns } = LISTS[list];
    const isKey = key.length === columns.length && columns.every(({ kind }, index) => IS_VALID[kind](key[index]));
    if (isOurs && isKey) return key;
  } catch {
    // A text that cannot be decoded is not a cursor either.
  }
  throw new Denied("BAD_USER_INPUT", "'after' is not a cursor of this list. Use a cursor of one of its pages.");
}

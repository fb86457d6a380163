import { Denied } from "../../domain/denial";
import { isIdentifier } from "../../domain/identifier";

/** The place of an event in the order of the feed: its position, organization and sequence. */
export type FeedKey = readonly [position: number, organizationId: string, sequence: number];

/**
 * The events that a reader of the feed has seen: all up to `last`, except those of transactions that were still running
 * at the read. So the reader misses no event that commits late, and no event waits for a long transaction.
 */
export interface FeedPosition {
  last: FeedKey;
  /**
   * The transactions that were running. Only those up to `last` matter, because the events of later ones come after it
   * anyway.
   */
  running: readonly number[];
  /** Transactions that ended late, and the last of their events that has been read; null if all were read. */
  unfinished: { transactions: readonly number[]; last: FeedKey } | null;
}

/** A key before every event. */
export const FIRST_KEY: FeedKey = [0, "00000000-0000-0000-0000-000000000000", 0];

/** The transactions whose events a reader at this position still has to look for. */
export function pendingAt({ last, running }: FeedPosition): number[] {
  return running.filter((transaction) => transaction <= last[0]);
}

const KIND = "organization-events";
/** More than a server has connections. */
const MOST_TRANSACTIONS = 10_000;

/** Writes a position as a cursor, which is opaque to clients. */
export function writeFeedCursor(position: FeedPosition): string {
  const { last, unfinished } = position;
  const rest = unfinished && [unfinished.transactions, ...unfinished.last];
  return Buffer.from(JSON.stringify([KIND, ...last, pendingAt(position), rest])).toString("base64url");
}

/** Reads a cursor of the feed. Throws BAD_USER_INPUT for any other text. */
export function readFeedCursor(cursor: string): FeedPosition {
  try {
    const [, position, organizationId, sequence, running, rest] = JSON.parse(
      Buffer.from(cursor, "base64url").toString(),
    );
    const last = keyOf(position, organizationId, sequence);
    const unfinished = rest && { transactions: transactionsOf(rest[0]), last: keyOf(rest[1], rest[2], rest[3]) };
    const found = { last, running: transactionsOf(running), unfinished };
    // Only a cursor from `writeFeedCursor` comes out the same when it is written again.
    if (writeFeedCursor(found) === cursor) return found;
  } catch {
    // A text that cannot be decoded is not a cursor either.
  }
  throw new Denied(
    "BAD_USER_INPUT",
    "'after' is not a cursor of organizationEvents. Use the cursor of an event or a page.",
  );
}

const LARGEST_SEQUENCE = 2 ** 31 - 1;

function keyOf(position: unknown, organizationId: unknown, sequence: unknown): FeedKey {
  const isKey = isCount(position) && isCount(sequence) && sequence <= LARGEST_SEQUENCE;
  if (isKey && typeof organizationId === "string" && isIdentifier(organizationId)) {
    return [position, organizationId, sequence];
  }
  throw new TypeError("This is no key.");
}

function transactionsOf(value: unknown): number[] {
  if (Array.isArray(value) && value.length <= MOST_TRANSACTIONS && value.every(isCount)) return value;
  throw new TypeError("These are no transactions.");
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

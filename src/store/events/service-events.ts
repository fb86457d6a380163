import type { EventType } from "../../domain/events";
import type { EventData } from "../../domain/live";
import type { Reader, Statement } from "../engine/statement";
import { type FeedKey, type FeedPosition, FIRST_KEY, pendingAt } from "./feed-position";

/** An event of the feed over all organizations. */
export interface ServiceEvent extends EventData {
  organizationId: string;
  sequence: number;
  type: EventType;
  occurredAt: Date;
  actorLabel: string;
  subjectId: string | null;
  workspaceId: string | null;
  /** The position from which to resume after this event. */
  position: FeedPosition;
}

/**
 * Limits a read to the events that were committed at a reader's last complete read. Later transactions, and those that
 * were running, do not count.
 */
export interface FeedBound {
  last: number;
  running: readonly number[];
}

/** One page of the feed. */
export interface FeedPage {
  events: ServiceEvent[];
  /** The position from which to resume, whether or not the page has events. */
  position: FeedPosition;
  hasMore: boolean;
  /** A bound above the position of every committed event. A cursor beyond it comes from another database. */
  end: number;
}

export interface FeedRequest {
  position: FeedPosition;
  limit: number;
  /** How many events one statement scans, at least `limit`. There may be none of a rare type among millions. */
  scanLimit: number;
  /** Null: all. */
  types: readonly EventType[] | null;
  /** Null: all committed events. */
  bound: FeedBound | null;
}

interface Row extends Omit<ServiceEvent, "occurredAt" | "position"> {
  position: number;
  occurredAt: string;
}

interface Result {
  end: number;
  running: number[];
  late: Row[];
  next: Row[];
  scanned: number;
  scannedTo: FeedKey | null;
}

const KEY = "e.feed_position, e.organization_id, e.sequence";
const OWN = "coalesce(e.feed_transaction, e.feed_position)";
const WITHIN_BOUND = `($10::bigint IS NULL OR (${OWN} <= $10 AND ${OWN} <> ALL ($11::bigint[])))`;
const OF_TYPE = "($9::text[] IS NULL OR e.type = ANY ($9))";
export const RUNNING =
  "SELECT x::text::bigint + feed.transaction_offset FROM pg_snapshot_xip(pg_current_snapshot()) AS x";
export const END = "pg_snapshot_xmax(pg_current_snapshot())::text::bigint + feed.transaction_offset";

function asJson(source: string): string {
  return `coalesce((SELECT json_agg(json_build_object('position', e.feed_position, 'organizationId', e.organization_id,
    'sequence', e.sequence, 'type', e.type, 'occurredAt', e.occurred_at, 'actorLabel', e.actor_label,
    'subjectId', e.subject_id, 'workspaceId', e.workspace_id, 'data', e.data) ORDER BY ${KEY}) FROM ${source} e), '[]')`;
}

/**
 * One snapshot. `late`: events before the position, of transactions ($1) that were running when it was read; the index
 * on feed_transaction is empty but for transactions that overtook each other. `next`: a range of the index on
 * feed_position, whose ties, the events of one transaction, are sorted. The parameters 5 to 7 are the last key, 2 to 4
 * the last one that was read of the late events.
 */
function pageStatement(name: string): Statement {
  return {
    name,
    text: `
      WITH late AS (
        SELECT e.* FROM (
          SELECT * FROM organization_event WHERE feed_position = ANY ($1::bigint[]) AND feed_transaction IS NULL
          UNION ALL SELECT * FROM organization_event WHERE feed_transaction = ANY ($1::bigint[])
        ) e
        WHERE (${KEY}) > ($2::bigint, $3::uuid, $4::int) AND (${KEY}) <= ($5::bigint, $6::uuid, $7::int)
          AND ${OF_TYPE} AND ${WITHIN_BOUND}
        ORDER BY ${KEY} LIMIT $8
      ), scanned AS MATERIALIZED (
        SELECT e.* FROM organization_event e
        WHERE e.feed_position >= $5::bigint AND (${KEY}) > ($5::bigint, $6::uuid, $7::int) AND ${WITHIN_BOUND}
        ORDER BY ${KEY} LIMIT $12
      ), next AS (
        SELECT e.* FROM scanned e WHERE ${OF_TYPE} ORDER BY ${KEY} LIMIT $8
      )
      SELECT json_build_object('end', ${END}, 'running', ARRAY(${RUNNING}),
        'late', ${asJson("late")}, 'next', ${asJson("next")}, 'scanned', (SELECT count(*) FROM scanned),
        'scannedTo', (SELECT json_build_array(${KEY}) FROM scanned e
          ORDER BY e.feed_position DESC, e.organization_id DESC, e.sequence DESC LIMIT 1)) AS result
      FROM event_feed feed`,
  };
}

const PAGE = pageStatement("feed-page");
/** For short pages, which are read often. */
const SHORT_PAGE: Statement = { ...pageStatement("feed-short-page"), isShortRead: true };
const LONGEST_SHORT_PAGE = 200;

/** Reads the next events after a position. */
export async function readFeedPage(reader: Reader, request: FeedRequest): Promise<FeedPage> {
  const { position, limit, scanLimit, types, bound } = request;
  const { last, unfinished } = position;
  const transactions = unfinished?.transactions ?? pendingAt(position);
  const range = [transactions, ...(unfinished?.last ?? FIRST_KEY), ...last];
  const values = [...range, limit, types, bound?.last ?? null, bound?.running ?? [], scanLimit];
  const statement = scanLimit <= LONGEST_SHORT_PAGE ? SHORT_PAGE : PAGE;
  const [row] = await reader.rows<{ result: Result }>(statement, values);
  if (!row) throw new Error("The table event_feed has no row.");
  const { result } = row;
  const running = bound?.running ?? result.running;
  return { ...(unfinished ? finishing(request, result) : continuing(request, result, running)), end: result.end };
}

type Part = Omit<FeedPage, "end">;

/** The rest of the late events. The next page has the events that follow. */
function finishing({ position, limit }: FeedRequest, { late }: Result): Part {
  const events = late.map((row) => eventOf(row, lateAfter(position, position.unfinished?.transactions ?? [], row)));
  const lastOf = events.at(-1)?.position ?? position;
  return { events, position: late.length < limit ? { ...position, unfinished: null } : lastOf, hasMore: true };
}

/** The late events, then the events that follow. */
function continuing(
  { position, limit, scanLimit }: FeedRequest,
  { late, next, scanned, scannedTo }: Result,
  running: readonly number[],
): Part {
  const known = { ...position, running };
  const ended = pendingAt(position).filter((transaction) => !running.includes(transaction));
  const events = late.map((row) => eventOf(row, lateAfter(known, ended, row)));
  const following = next.slice(0, limit - late.length);
  events.push(...following.map((row) => eventOf(row, { last: keyOf(row), running, unfinished: null })));
  if (following.length < next.length || late.length === limit) {
    const reached = events.at(-1)?.position ?? known;
    return { events, position: reached, hasMore: true };
  }
  const isFull = next.length === limit;
  const reached = isFull ? keyOf(next.at(-1)) : (scannedTo ?? position.last);
  return { events, position: { last: reached, running, unfinished: null }, hasMore: isFull || scanned === scanLimit };
}

function lateAfter(position: FeedPosition, transactions: readonly number[], row: Row): FeedPosition {
  return { ...position, unfinished: { transactions, last: keyOf(row) } };
}

function keyOf(row: Row | undefined): FeedKey {
  return row ? [row.position, row.organizationId, row.sequence] : FIRST_KEY;
}

function eventOf({ occurredAt, ...row }: Row, position: FeedPosition): ServiceEvent {
  return { ...row, occurredAt: new Date(occurredAt), position };
}

const NOW: Statement = {
  name: "feed-now",
  isShortRead: true,
  text: `
    SELECT json_build_object('running', ARRAY(${RUNNING}), 'last', (
      SELECT json_build_array(${KEY}) FROM organization_event e
      WHERE e.feed_position IS NOT NULL AND ($1::bigint IS NULL OR (${OWN} <= $1 AND ${OWN} <> ALL ($2::bigint[])))
      ORDER BY e.feed_position DESC, e.organization_id DESC, e.sequence DESC LIMIT 1)) AS result
    FROM event_feed feed`,
};

/**
 * Returns the position after all committed events, or after those within the bound. It ends at the last event and not
 * at the newest transaction id, because PostgreSQL may reuse the ids of lost transactions after a crash.
 */
export async function readFeedEnd(reader: Reader, bound: FeedBound | null = null): Promise<FeedPosition> {
  const values = [bound?.last ?? null, bound?.running ?? []];
  const [row] = await reader.rows<{ result: { running: number[]; last: FeedKey | null } }>(NOW, values);
  const running = bound?.running ?? row?.result.running ?? [];
  return { last: row?.result.last ?? FIRST_KEY, running, unfinished: null };
}

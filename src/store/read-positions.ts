import { LRUCache } from "lru-cache";
import type { WalPosition } from "./engine/standby-connection";
import type { Reader, Statement } from "./engine/statement";

/**
 * How many organizations' heads one operation reads. Reads of other organizations wait for everything that was
 * committed before.
 */
const MOST_ORGANIZATIONS = 100;
const REMEMBERED = 50_000;

// The functions are called after the snapshot was taken, so the position covers everything that the statement sees. A
// commit is visible once it is flushed or, without synchronous commits, once it is inserted.
const WAL_POSITION = `
    ('x' || left(pg_walfile_name(pg_current_wal_lsn()), 8))::bit(32)::int AS timeline,
    (CASE current_setting('synchronous_commit') WHEN 'off' THEN pg_current_wal_insert_lsn()
      ELSE pg_current_wal_flush_lsn() END - '0/0'::pg_lsn)::float8 AS lsn`;
const HERE: Statement = { name: "wal-position", isShortRead: true, text: `SELECT ${WAL_POSITION}` };
const FOR_PERSON: Statement = {
  name: "read-positions",
  isShortRead: true,
  text: `
    SELECT o.id, o.event_sequence AS head, ${WAL_POSITION}
    FROM (VALUES (1)) one LEFT JOIN member m ON m.user_id = $1 LEFT JOIN organization o ON o.id = m.organization_id
    LIMIT ${MOST_ORGANIZATIONS}`,
};

type Row = WalPosition & ({ id: string; head: number } | { id: null });

/** Reads the primary's position in its write-ahead log. */
export async function readWalPosition(primary: Reader): Promise<WalPosition> {
  const [position] = await primary.rows<WalPosition>(HERE, []);
  if (!position) throw new Error("The primary does not report the position of its log.");
  return position;
}

/** The positions that a standby must have replayed for one operation. */
export interface ReadPosition {
  /** Everything committed before the operation read it. */
  everything: WalPosition;
  /** By organization: the position of its newest event at that time. */
  logs: ReadonlyMap<string, WalPosition>;
}

/**
 * Reads on the primary how far a standby must be for a person's query. For each event log it remembers the position at
 * which this process first saw its head. As long as the head is the same, a standby beyond that position has the whole
 * log, and all rows that changed with its events, no matter which process made the change.
 */
export class ReadPositions {
  private readonly heads = new LRUCache<string, { head: number; position: WalPosition }>({ max: REMEMBERED });

  async read(primary: Reader, userId: string): Promise<ReadPosition> {
    const rows = await primary.rows<Row>(FOR_PERSON, [userId]);
    const [first] = rows;
    if (!first) throw new Error("The primary does not report the position of its log.");
    const everything = { timeline: first.timeline, lsn: first.lsn };
    const logs = new Map<string, WalPosition>();
    for (const row of rows) if (row.id !== null) logs.set(row.id, this.firstSeen(row.id, row.head, everything));
    return { everything, logs };
  }

  private firstSeen(id: string, head: number, now: WalPosition): WalPosition {
    const seen = this.heads.get(id);
    if (seen?.head === head && seen.position.timeline === now.timeline) return seen.position;
    this.heads.set(id, { head, position: now });
    return now;
  }
}

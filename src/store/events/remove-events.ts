import { MEMBERSHIP_EVENTS } from "../../domain/live";
import { joinRanges, type RemovedRange } from "../../domain/removed-events";
import { countRemoved } from "../../process-metrics";
import type { Database } from "../engine/database";
import type { Reader, Statement } from "../engine/statement";
import { inTransaction, type Transaction } from "../engine/transaction";
import { lockOrganization } from "../organization";

/** How many events one batch covers. Each batch holds the organization's lock. */
const BATCH_SIZE = 1_000;

// One look-up by primary key per organization: whether the event at which the last run stopped is old by now.
const WITH_OLD: Statement = {
  name: "organizations-with-old-events",
  text: `
    SELECT o.id FROM organization o LEFT JOIN event_removal c ON c.organization_id = o.id
    JOIN organization_event e ON e.organization_id = o.id AND e.sequence = coalesce(c.checked_to, 1)
    WHERE o.id = ANY ($2::uuid[]) AND e.sequence < o.event_sequence AND e.occurred_at <= $1`,
};

/** The ones of these organizations with unchecked events from a time or before. */
export async function withOldEvents(reader: Reader, before: Date, ids: readonly string[]): Promise<string[]> {
  return (await reader.rows<{ id: string }>(WITH_OLD, [before, ids])).map(({ id }) => id);
}

// The newest event stays, because the next one continues from it. Times can go back a little, so a later event may be
// older.
const FIRST_KEPT: Statement = {
  name: "first-kept-event",
  text: `
    SELECT coalesce((
      SELECT e.sequence FROM organization_event e
      WHERE e.organization_id = $1 AND e.occurred_at > $2
      ORDER BY e.sequence LIMIT 1), o.event_sequence) AS sequence
    FROM organization o WHERE o.id = $1`,
};

const SEALINGS = "('byok.configured', 'byok.rotated', 'byok.resealed', 'byok.removed')";
const SHARED = "('organization.deleted', 'organization.restored', 'ownership.transferred')";
const LATER = "SELECT 1 FROM organization_event n WHERE n.organization_id = $1 AND n.sequence > e.sequence";
const LATER_OF_PERSON = `${LATER} AND n.sequence < $3 AND n.data ->> 'userId' = e.data ->> 'userId'`;

/**
 * Events that are still needed: the current sealing of the key and the saving of the key, the hashes of stored access
 * reviews, and the memberships and visibility at the start of the rest of the log.
 */
const IS_NEEDED = `
  CASE WHEN e.type IN ${SEALINGS} THEN NOT EXISTS (
      ${LATER} AND n.type IN ${SEALINGS} AND (n.type <> 'byok.resealed' OR e.type = 'byok.resealed'))
    WHEN e.type = 'access_review.completed' THEN EXISTS (
      SELECT 1 FROM access_review r WHERE r.organization_id = $1 AND r.id = e.subject_id)
    WHEN e.type IN ${SHARED} THEN NOT EXISTS (${LATER} AND n.sequence < $3 AND n.type IN ${SHARED})
    WHEN e.type IN ('member.removed', 'member.left') OR e.data ->> 'userId' IS NULL THEN false
    WHEN e.type LIKE 'member.%' THEN NOT EXISTS (${LATER_OF_PERSON} AND n.type LIKE 'member.%')
    WHEN e.type = ANY ($5::text[]) THEN NOT EXISTS (${LATER_OF_PERSON} AND n.type = ANY ($5))
    ELSE false END`;

// $2 and $3 are the sequences between which events are checked, both excluded.
const REMOVE: Statement = {
  name: "remove-old-events",
  text: `
    WITH looked_at AS MATERIALIZED (
      SELECT e.sequence, ${IS_NEEDED} AS is_needed FROM organization_event e
      WHERE e.organization_id = $1 AND e.sequence > $2 AND e.sequence < $3 ORDER BY e.sequence LIMIT $4
    ), removed AS (
      DELETE FROM organization_event e USING looked_at l
      WHERE e.organization_id = $1 AND e.sequence = l.sequence AND NOT l.is_needed
      RETURNING e.sequence, e.hash, e.type, e.feed_position
    ), newest AS (
      INSERT INTO newest_removed_event AS known (type, feed_position, log_id, sequence)
      SELECT DISTINCT ON (type) type, feed_position, $1, sequence FROM removed WHERE feed_position IS NOT NULL
      ORDER BY type, feed_position DESC, sequence DESC
      ON CONFLICT (type) DO UPDATE
        SET feed_position = excluded.feed_position, log_id = excluded.log_id, sequence = excluded.sequence
        WHERE (known.feed_position, known.log_id, known.sequence)
          < (excluded.feed_position, excluded.log_id, excluded.sequence)
    )
    SELECT l.sequence, r.hash FROM looked_at l LEFT JOIN removed r USING (sequence) ORDER BY l.sequence`,
};

const RANGES: Statement = {
  name: "removed-ranges-near",
  text: `
    SELECT first_sequence AS "firstSequence", last_sequence AS "lastSequence", last_hash AS "lastHash"
    FROM removed_event_range WHERE organization_id = $1 AND first_sequence <= $3 + 1 AND last_sequence >= $2 - 1`,
};
const FORGET_RANGES: Statement = {
  name: "forget-removed-ranges",
  text: "DELETE FROM removed_event_range WHERE organization_id = $1 AND first_sequence = ANY ($2::int[])",
};
const NOTE_RANGES: Statement = {
  name: "note-removed-ranges",
  text: `
    INSERT INTO removed_event_range (organization_id, first_sequence, last_sequence, last_hash)
    SELECT $1, first, last, decode(hash, 'hex')
    FROM unnest($2::int[], $3::int[], $4::text[]) AS range (first, last, hash)`,
};
const NOTE_CHECKED: Statement = {
  name: "note-checked-events",
  text: `
    INSERT INTO event_removal (organization_id, checked_to) VALUES ($1, $2)
    ON CONFLICT (organization_id) DO UPDATE SET checked_to = greatest(event_removal.checked_to, excluded.checked_to)`,
};

/**
 * Removes an organization's events up to the first one after a time, except those that are needed. Each batch also
 * stores, in its transaction, the proof that the rest of the log is complete, and the data to refuse cursors that have
 * not seen the removed events.
 */
export async function removeOldEvents(database: Database, before: Date, organizationId: string): Promise<void> {
  const [end] = await database.rows<{ sequence: number }>(FIRST_KEPT, [organizationId, before]);
  for (let after = 0; end; ) {
    const looked = await inTransaction(
      database,
      async (transaction) => {
        if (!(await lockOrganization(transaction, organizationId))) return [];
        const rows = await removeBatch(transaction, organizationId, { after, end: end.sequence });
        const next = rows.length < BATCH_SIZE ? end.sequence : (rows.at(-1)?.sequence ?? 0) + 1;
        await transaction.rows(NOTE_CHECKED, [organizationId, next]);
        return rows;
      },
      { isRepeatable: true },
    );
    if (looked.length < BATCH_SIZE) return;
    after = looked.at(-1)?.sequence ?? after;
  }
}

type Looked = { sequence: number; hash: Buffer | null };

async function removeBatch(
  transaction: Transaction,
  organizationId: string,
  { after, end }: { after: number; end: number },
): Promise<Looked[]> {
  const looked = await transaction.rows<Looked>(REMOVE, [organizationId, after, end, BATCH_SIZE, MEMBERSHIP_EVENTS]);
  const removed = looked.flatMap(({ sequence, hash }) => (hash === null ? [] : { sequence, hash }));
  const [first, last] = [removed.at(0), removed.at(-1)];
  if (!first || !last) return looked;
  const near = await transaction.rows<RemovedRange>(RANGES, [organizationId, first.sequence, last.sequence]);
  const joined = joinRanges(near, removed);
  await transaction.rows(FORGET_RANGES, [organizationId, near.map(({ firstSequence }) => firstSequence)]);
  await transaction.rows(NOTE_RANGES, [
    organizationId,
    joined.map(({ firstSequence }) => firstSequence),
    joined.map(({ lastSequence }) => lastSequence),
    joined.map(({ lastHash }) => lastHash.toString("hex")),
  ]);
  countRemoved(REMOVE.name, removed.length);
  return looked;
}

import type { ClientBase } from "pg";

/** More transactions than the original database can have run since the backup. */
export const GAP = 1_000_000_000_000;

/**
 * Keeps the positions of events rising. A restored database counts transactions from the beginning, so new events would
 * come before old ones and readers of the feed would miss them. Runs at every start, and changes nothing in any other
 * database.
 */
export async function continueFeed(client: ClientBase): Promise<void> {
  await client.query(
    `UPDATE event_feed SET transaction_offset = last.position + $1 - next.transaction
     FROM (SELECT max(feed_position) AS position FROM organization_event) last,
       (SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint AS transaction) next
     WHERE last.position >= next.transaction + transaction_offset`,
    [GAP],
  );
}

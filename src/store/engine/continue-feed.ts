import type { ClientBase } from "pg";

/** Beyond what the database that the backup came from can have reached since. */
export const GAP = 1_000_000_000_000;

/**
 * Keeps positions of events rising. A restored database counts transactions from the beginning, so new events would come
 * before the old ones, and readers of the feed would miss them. Runs at every start; it changes nothing otherwise.
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

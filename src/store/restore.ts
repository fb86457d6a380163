import { randomBytes } from "node:crypto";
import type { ClientBase } from "pg";
import { GAP } from "./engine/continue-feed";
import { clearIdentity } from "./engine/database-identity";
import type { Reader, Statement } from "./engine/statement";
import type { TaskName } from "./jobs";

const BEGIN_EPOCH = `
  INSERT INTO database_restore (epoch, last_position, restored_at)
  SELECT $1, coalesce(max(feed_position), 0), clock_timestamp() FROM organization_event
  RETURNING last_position`;

// Transactions of the restored database may get the numbers of lost ones whose events readers have seen.
const LEAVE_GAP = `
  UPDATE event_feed SET transaction_offset = $2 + greatest(transaction_offset,
    $1 - pg_snapshot_xmax(pg_current_snapshot())::text::bigint)`;

/** Begins an epoch. Until `recordIdentity`, no service starts on this database. */
export async function beginEpoch(client: ClientBase): Promise<void> {
  await client.query("BEGIN");
  await clearIdentity(client);
  const { rows } = await client.query<{ last_position: string }>(BEGIN_EPOCH, [randomBytes(6).toString("hex")]);
  await client.query(LEAVE_GAP, [rows[0]?.last_position, GAP]);
  await client.query("COMMIT");
}

const BACKED_UP_AT: Statement = {
  name: "backed-up-at",
  text: `
    SELECT greatest((SELECT max(seen_at) FROM job_worker),
      (SELECT occurred_at FROM organization_event WHERE feed_position IS NOT NULL
       ORDER BY feed_position DESC LIMIT 1)) AS at`,
};

/**
 * An instant shortly before the backup was made, from the heartbeat that workers write every few seconds. Null if the
 * backup has none.
 */
export async function backedUpAt(reader: Reader): Promise<Date | null> {
  const [row] = await reader.rows<{ at: Date | null }>(BACKED_UP_AT, []);
  return row?.at ?? null;
}

const UNLOCK: Statement = {
  name: "unlock-restored-jobs",
  text: `
    SELECT graphile_worker.force_unlock_workers(ARRAY(
      SELECT DISTINCT locked_by FROM graphile_worker.jobs WHERE locked_by IS NOT NULL))`,
};
const REMOVE: Statement = {
  name: "remove-restored-jobs",
  text: `
    SELECT j.task_identifier AS task FROM graphile_worker.jobs j
    JOIN graphile_worker.complete_jobs(ARRAY(
      SELECT id FROM graphile_worker.jobs WHERE task_identifier = ANY ($1::text[]))) done ON done.id = j.id`,
};

/** Removes the jobs of these tasks. No worker may run. Returns the task of each. */
export async function removeJobs(reader: Reader, tasks: readonly TaskName[]): Promise<string[]> {
  await reader.rows(UNLOCK, []);
  return (await reader.rows<{ task: string }>(REMOVE, [tasks])).map(({ task }) => task);
}

// Revisions restart at the time in seconds. The lost database used the numbers that would follow, and the provider
// would return its stored responses to them without doing anything.
const TAKE_PROVIDERS_STATE: Statement = {
  name: "take-providers-state",
  text: `
    UPDATE organization_subscription SET provider_is_behind = false,
      provider_orders = greatest(provider_orders + 1, extract(epoch FROM statement_timestamp())::integer)
    WHERE provider_customer_id IS NOT NULL`,
};

/** Replaces the backup's billing state by the payment provider's, which is newer. */
export async function takeProvidersState(reader: Reader): Promise<void> {
  await reader.rows(TAKE_PROVIDERS_STATE, []);
}

import type { Reader, Statement } from "./engine/statement";
import type { JobOf, TaskName } from "./jobs";
import { deleteOld, oldRows } from "./old-rows";

const PULL_TASK = "pull-billing" satisfies TaskName;
const PUSH_TASK = "push-billing" satisfies TaskName;

// The event and the job are one statement, so no recorded event lacks its job. Waiting events of one organization share a
// job, which reads the provider's state when it runs. Without MATERIALIZED, the planner adds the job before it checks
// whether the event is new.
const RECORD: Statement = {
  name: "record-billing-event",
  text: `
    WITH inserted AS (
      INSERT INTO billing_event (id, received_at) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING id
    ), customer AS MATERIALIZED (
      SELECT c.organization_id AS id FROM provider_customer c, inserted WHERE c.id = $3
    )
    SELECT graphile_worker.add_job('${PULL_TASK}', json_build_object('organizationId', id),
      job_key := '${PULL_TASK}:' || id, max_attempts := 25) FROM customer`,
};

/** Records an event of the payment provider, and queues a pull of its customer's state. A repeated id does nothing. */
export async function recordBillingEvent(
  reader: Reader,
  id: string,
  customerId: string | null,
  now: Date,
): Promise<void> {
  await reader.rows(RECORD, [id, now, customerId]);
}

const PULL: Statement = {
  name: "queue-billing-pull",
  text: `
    SELECT graphile_worker.add_job('${PULL_TASK}', json_build_object('organizationId', $1::uuid),
      job_key := '${PULL_TASK}:' || $1, max_attempts := 25)`,
};

/** Queues a job that reads an organization's state at the payment provider. */
export async function queueBillingPull(reader: Reader, organizationId: string): Promise<void> {
  await reader.rows(PULL, [organizationId]);
}

// The counter tells a sync that a newer one is pending.
const MARK_PENDING = `
  UPDATE organization_subscription SET provider_is_behind = true, provider_orders = provider_orders + 1
  WHERE organization_id = $1`;

/** With graphile-worker's back-off, sixteen attempts spread over about forty hours. */
const SYNC_ATTEMPTS = 16;

const MARK: Statement = { name: "mark-billing-sync-pending", text: MARK_PENDING };

/** Marks the billing as not in sync with the provider, and returns the job that syncs it, for commands to queue. */
export async function startBillingSync(reader: Reader, organizationId: string): Promise<JobOf<"push-billing">> {
  await reader.rows(MARK, [organizationId]);
  const key = `${PUSH_TASK}:${organizationId}`;
  return { task: PUSH_TASK, payload: { organizationId }, attempts: SYNC_ATTEMPTS, key };
}

// A distributed database runs a query of one organization on its node, which has no queue. The join with event_feed, a
// local table of one row, keeps the call on the coordinator.
const QUEUE_SYNC: Statement = {
  name: "queue-billing-sync",
  text: `
    WITH pending AS (${MARK_PENDING} RETURNING organization_id AS id)
    SELECT graphile_worker.add_job('${PUSH_TASK}', json_build_object('organizationId', pending.id),
      job_key := '${PUSH_TASK}:' || pending.id, max_attempts := ${SYNC_ATTEMPTS},
      run_at := clock_timestamp() + $2 * interval '1 millisecond') FROM pending, event_feed`,
};

/** Marks the billing as not in sync with the provider, and queues a job that syncs it after `delayMs`. */
export async function queueBillingSync(reader: Reader, organizationId: string, delayMs = 0): Promise<void> {
  await reader.rows(QUEUE_SYNC, [organizationId, delayMs]);
}

const NOW: Statement = { name: "database-time", text: "SELECT clock_timestamp() AS now" };

/** The database's clock. It orders the provider's responses across processes. */
export async function databaseTime(reader: Reader): Promise<Date> {
  const [row] = await reader.rows<{ now: Date }>(NOW, []);
  return row?.now ?? new Date();
}

const DELETE_OLD: Statement = {
  name: "delete-old-billing-events",
  ...oldRows("billing_event", "received_at < $1"),
};

/** Deletes events received before a time. The provider repeats events for three days. */
export async function deleteOldBillingEvents(reader: Reader, before: Date): Promise<void> {
  await deleteOld(reader, DELETE_OLD, [before]);
}

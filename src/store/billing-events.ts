import type { Reader, Statement } from "./engine/statement";
import type { TaskName } from "./jobs";

const PULL_TASK = "pull-billing" satisfies TaskName;
const PUSH_TASK = "push-billing" satisfies TaskName;

// The claim and the job are one statement: an event that was claimed has its effect queued. Several events of one
// organization that wait together are one job, which reads the provider's state as it is then. Materialized, or the
// planner queues the job before it looks whether the event was claimed.
const TAKE: Statement = {
  name: "take-billing-event",
  text: `
    WITH claimed AS (
      INSERT INTO billing_event (id, received_at) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING id
    ), concerned AS MATERIALIZED (
      SELECT organization_id AS id FROM organization_subscription, claimed WHERE provider_customer_id = $3
    )
    SELECT graphile_worker.add_job('${PULL_TASK}', json_build_object('organizationId', id),
      job_key := '${PULL_TASK}:' || id, max_attempts := 25) FROM concerned`,
};

/** Takes in one of the provider's events, once by its id, and queues what follows from it. */
export async function recordBillingEvent(
  reader: Reader,
  id: string,
  customerId: string | null,
  now: Date,
): Promise<void> {
  await reader.rows(TAKE, [id, now, customerId]);
}

const PULL: Statement = {
  name: "queue-billing-pull",
  text: `
    SELECT graphile_worker.add_job('${PULL_TASK}', json_build_object('organizationId', $1::uuid),
      job_key := '${PULL_TASK}:' || $1, max_attempts := 25)`,
};

/** Has an organization's state at the provider read again. */
export async function queueBillingPull(reader: Reader, organizationId: string): Promise<void> {
  await reader.rows(PULL, [organizationId]);
}

// What was told for an earlier count is not what is owed now. Sixteen attempts take about four days.
const QUEUE_SYNC: Statement = {
  name: "owe-provider-word",
  text: `
    WITH owing AS (
      UPDATE organization_subscription SET provider_is_behind = true, provider_orders = provider_orders + 1
      WHERE organization_id = $1 RETURNING organization_id AS id
    )
    SELECT graphile_worker.add_job('${PUSH_TASK}', json_build_object('organizationId', id),
      job_key := '${PUSH_TASK}:' || id, max_attempts := 16,
      run_at := clock_timestamp() + $2 * interval '1 millisecond') FROM owing`,
};

/** Notes that the provider has to be told what to bill next, and has a job tell it, at once or after milliseconds. */
export async function queueBillingSync(reader: Reader, organizationId: string, delayMs = 0): Promise<void> {
  await reader.rows(QUEUE_SYNC, [organizationId, delayMs]);
}

const NOW: Statement = { name: "database-time", text: "SELECT clock_timestamp() AS now" };

/** The database's clock, by which answers of the provider are put in order, whichever process asked for them. */
export async function databaseTime(reader: Reader): Promise<Date> {
  const [row] = await reader.rows<{ now: Date }>(NOW, []);
  return row?.now ?? new Date();
}

const FORGET: Statement = {
  name: "forget-billing-events",
  text: "DELETE FROM billing_event WHERE received_at < $1",
};

/** Forgets events from before a moment; the provider sends none again after three days. */
export async function deleteOldBillingEvents(reader: Reader, before: Date): Promise<void> {
  await reader.rows(FORGET, [before]);
}

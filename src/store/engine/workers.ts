import type { Reader, Statement } from "./statement";

const BEAT: Statement = {
  name: "job-worker-heartbeat",
  text: `
    INSERT INTO job_worker (id, seen_at) SELECT id, now() FROM unnest($1::text[]) AS id
    ON CONFLICT (id) DO UPDATE SET seen_at = excluded.seen_at`,
};

/** Records that these workers are alive. Uses the database's clock, as job locks do. */
export async function recordHeartbeat(reader: Reader, workerIds: readonly string[]): Promise<void> {
  await reader.rows(BEAT, [workerIds]);
}

// Also finds workers without a heartbeat, because a process may be killed before its first one.
const DEAD: Statement = {
  name: "dead-job-workers",
  text: `
    WITH silence AS (SELECT now() - $1 * interval '1 millisecond' AS since),
      forgotten AS (DELETE FROM job_worker USING silence WHERE seen_at < since)
    SELECT DISTINCT j.locked_by AS id FROM graphile_worker.jobs j, silence
    WHERE j.locked_at < since
      AND NOT EXISTS (SELECT 1 FROM job_worker w WHERE w.id = j.locked_by AND w.seen_at >= since)`,
};

/** Workers that have held a job, without a heartbeat, for at least `silentForMs` milliseconds. */
export async function deadWorkers(reader: Reader, silentForMs: number): Promise<string[]> {
  const rows = await reader.rows<{ id: string }>(DEAD, [silentForMs]);
  return rows.map((row) => row.id);
}

const UNLOCK_LOST: Statement = {
  name: "unlock-lost-jobs",
  text: `
    WITH lost AS (
      UPDATE graphile_worker._private_jobs SET locked_at = NULL, locked_by = NULL, run_at = greatest(run_at, now())
      WHERE locked_by = $1 AND locked_at < now() - $2 * interval '1 millisecond' AND id <> ALL ($3::bigint[])
      RETURNING job_queue_id
    )
    UPDATE graphile_worker._private_job_queues q SET locked_at = NULL, locked_by = NULL FROM lost
    WHERE q.id = lost.job_queue_id AND q.locked_by = $1`,
};

/**
 * Unlocks jobs that this pool of workers has locked for longer than a time, except those that it runs. A pool does not
 * know of such a job if its connection broke after the database had locked the job, or before its end was recorded.
 */
export async function unlockLostJobs(
  reader: Reader,
  poolId: string,
  lockedForMs: number,
  running: readonly string[],
): Promise<void> {
  await reader.rows(UNLOCK_LOST, [poolId, lockedForMs, running]);
}

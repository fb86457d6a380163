import type { Reader, Statement } from "./database";

const BEAT: Statement = {
  name: "job-worker-heartbeat",
  text: `
    INSERT INTO job_worker (id, seen_at) SELECT id, $2 FROM unnest($1::text[]) AS id
    ON CONFLICT (id) DO UPDATE SET seen_at = excluded.seen_at`,
};

/** Says that these workers are alive. */
export async function beat(reader: Reader, workerIds: readonly string[], now: Date): Promise<void> {
  await reader.rows(BEAT, [workerIds, now]);
}

const DEAD: Statement = {
  name: "dead-job-workers",
  text: "DELETE FROM job_worker WHERE seen_at < $1 RETURNING id",
};

/** Workers that have not been heard of since `before`; they are forgotten by asking. */
export async function deadWorkers(reader: Reader, before: Date): Promise<string[]> {
  const rows = await reader.rows<{ id: string }>(DEAD, [before]);
  return rows.map((row) => row.id);
}

import { unlockLostJobs } from "../../src/store/engine/workers";
import { RunningService } from "../support/service";
import { World } from "../support/world";

const LIMIT_MS = 20_000;
const HEARTBEAT_MS = 5_000;

/** Queues a job for later. */
const QUEUE = `
  WITH added AS (
    SELECT id FROM graphile_worker.add_job($1, $2::json, queue_name := 'q' || $1, run_at := now() + interval '1 day')
  )
  SELECT id::text FROM added`;
/** Locks it for a pool, some milliseconds ago. */
const LOCK = `
  WITH job AS (
    UPDATE graphile_worker._private_jobs
    SET run_at = now(), locked_by = $2, locked_at = now() - $3 * interval '1 millisecond' WHERE id = $1
    RETURNING job_queue_id, locked_by, locked_at
  )
  UPDATE graphile_worker._private_job_queues q SET locked_by = job.locked_by, locked_at = job.locked_at
  FROM job WHERE q.id = job.job_queue_id`;

test("a pool unlocks jobs that it locked long ago and does not run, and no others", async () => {
  const world = await World.create();
  const locked = async (pool: string, forMs: number) => {
    const [job] = await world.query<{ id: string }>(QUEUE, "mend-counters", "{}");
    await world.query(LOCK, job?.id, pool, forMs);
    return job?.id ?? "";
  };
  const lost = await locked("own", LIMIT_MS + 1);
  const running = await locked("own", LIMIT_MS + 60_000);
  const recent = await locked("own", LIMIT_MS - 10_000);
  const foreign = await locked("other", LIMIT_MS + 60_000);
  await unlockLostJobs(world.database, "own", LIMIT_MS, [running]);
  const rows = await world.query<{ id: string }>(
    "SELECT id::text FROM graphile_worker._private_jobs WHERE locked_at IS NOT NULL AND locked_by IS NOT NULL ORDER BY id",
  );
  expect(rows.map(({ id }) => id)).toEqual([running, recent, foreign]);
  expect(
    await world.query("SELECT FROM graphile_worker._private_jobs WHERE id = $1 AND is_available", lost),
  ).toHaveLength(1);
  await world.close();
});

/** Makes the heartbeat of services that start from now on fifty times as fast. */
function hurryHeartbeat(): void {
  const { setInterval: start } = globalThis;
  const hurried = (work: () => void, ms?: number) => start(work, ms === HEARTBEAT_MS ? HEARTBEAT_MS / 50 : ms);
  jest.spyOn(globalThis, "setInterval").mockImplementation(hurried as typeof setInterval);
}

test("a living process runs a job that it locked and lost", async () => {
  hurryHeartbeat();
  const service = await RunningService.start();
  jest.restoreAllMocks();
  const owner = await service.person("Olga");
  const { database } = service.app.services;
  const rows = (text: string, ...values: unknown[]) => database.dataSource.query(text, values);
  let pool: Array<{ id: string }> = [];
  while (pool.length === 0) pool = await rows("SELECT id FROM job_worker");
  const { data } = await owner.ask("{ viewer { id memberships { organization { id } } } }");
  const payload = {
    ...{ organizationId: data.viewer.memberships[0].organization.id, userId: data.viewer.id, needs: "OWNER" },
    notice: { subject: "Found again", paragraphs: ["It was lost."], page: "/" },
  };
  const [job] = await rows(QUEUE, "send-notice", JSON.stringify(payload));
  await rows(LOCK, job.id, pool[0]?.id, LIMIT_MS + 1);
  while ((await rows("SELECT FROM graphile_worker._private_jobs WHERE id = $1", job.id)).length > 0);
  expect(service.mailer.sent.map(({ subject }) => subject)).toContain("Found again");
  await service.stop();
});

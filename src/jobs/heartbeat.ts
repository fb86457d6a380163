import type { WorkerEvents, WorkerUtils } from "graphile-worker";
import type { Services } from "../commands/runner/unit-of-work";
import type { Log } from "../log";
import { deadWorkers, recordHeartbeat, unlockLostJobs } from "../store/engine/workers";

const HEARTBEAT_MS = 5_000;
const DEAD_AFTER_MS = 20_000;

/** The jobs that run, with the number of the attempt. */
export function trackJobs(events: WorkerEvents): ReadonlyMap<string, number> {
  const attempts = new Map<string, number>();
  events.on("job:start", ({ job }) => attempts.set(job.id, job.attempts));
  // The end of a job is recorded a moment later.
  events.on("job:complete", ({ job }) =>
    setTimeout(() => {
      if (attempts.get(job.id) === job.attempts) attempts.delete(job.id);
    }, HEARTBEAT_MS).unref(),
  );
  return attempts;
}

/**
 * A killed worker leaves its jobs locked for four hours. Each process therefore records every 5 s that its workers
 * live, and unlocks the jobs of workers that have been silent for 20 s, and its own jobs that it does not run.
 */
export function startHeartbeat(
  services: Services,
  { poolId, running }: { poolId: string; running: ReadonlyMap<string, number> },
  utils: WorkerUtils,
  log: Log,
): () => Promise<void> {
  const heartbeat = async () => {
    await recordHeartbeat(services.database, [poolId]);
    await unlockLostJobs(services.database, poolId, DEAD_AFTER_MS, [...running.keys()]);
    const dead = await deadWorkers(services.database, DEAD_AFTER_MS);
    if (dead.length > 0) await utils.forceUnlockWorkers(dead);
  };
  let beating = Promise.resolve();
  const tick = () => {
    beating = heartbeat().catch((error: unknown) => log.warn({ err: error }, "the job workers' heartbeat failed"));
  };
  tick();
  const timer = setInterval(tick, HEARTBEAT_MS);
  return async () => {
    clearInterval(timer);
    await beating;
  };
}

import { EventEmitter } from "node:events";
import { Logger, makeWorkerUtils, parseCronItems, run, type Task, type WorkerEvents } from "graphile-worker";
import { Pool } from "pg";
import type { Services } from "../commands/runner/unit-of-work";
import type { Mailer } from "../integrations/mail/mailer";
import type { Log } from "../log";
import { deadWorkers, recordHeartbeat } from "../store/engine/workers";
import type { InvitationJob, NoticeJob } from "../store/jobs";
import { sweepExpiringKeys, verifyAllKeys } from "./byok";
import { sendInvitation } from "./send-invitation";
import { sendNotice } from "./send-notice";
import { sweepCreditAlerts, sweepInvitations, sweepLeftovers, sweepSubscriptions, sweepVoidInvitations } from "./sweep";
import { type BillingPayload, pullBilling, pushBilling, sweepBilling } from "./sync-billing";

/** Runs what must happen afterwards, until it is stopped. */
export interface JobWorkers {
  /** Lets the jobs at hand finish. */
  stop(): Promise<void>;
}

const CONCURRENCY = 4;
const HEARTBEAT_MS = 5_000;
const DEAD_AFTER_MS = 20_000;

/** Starts the workers on a pool of their own, so that jobs never wait for requests, nor requests for jobs. */
export async function startWorkers(
  services: Services,
  integrations: { mailer: Mailer; appUrl: string },
  databaseUrl: string,
  log: Log,
): Promise<JobWorkers> {
  const pool = new Pool({ connectionString: databaseUrl, max: CONCURRENCY + 2 });
  const lost = (error: Error) => log.warn({ err: error }, "a job connection was lost");
  pool.on("error", lost);
  pool.on("connect", (client) => client.on("error", lost));
  const events: WorkerEvents = new EventEmitter();
  const ids = new Set<string>();
  events.on("worker:create", ({ worker }) => ids.add(worker.workerId));
  const runner = await run({
    pgPool: pool,
    concurrency: CONCURRENCY,
    noHandleSignals: true,
    events,
    logger: quietLogger(log),
    taskList: tasks(services, integrations),
    parsedCronItems: parseCronItems([
      { task: "sweep-invitations", match: "* * * * *", options: { backfillPeriod: 0 } },
      { task: "sweep-void-invitations", match: "29 * * * *", options: { backfillPeriod: 0 } },
      { task: "sweep-subscriptions", match: "* * * * *", options: { backfillPeriod: 0 } },
      { task: "sweep-credit-alerts", match: "* * * * *", options: { backfillPeriod: 0 } },
      { task: "sweep-expiring-keys", match: "* * * * *", options: { backfillPeriod: 0 } },
      { task: "verify-all-keys", match: "23 4 * * *", options: { backfillPeriod: 0 } },
      { task: "sweep-billing", match: "41 * * * *", options: { backfillPeriod: 0 } },
      { task: "sweep-leftovers", match: "17 * * * *", options: { backfillPeriod: 0 } },
    ]),
  });
  runner.promise.catch((error: unknown) => log.error({ err: error }, "the job workers stopped"));
  const stopHeart = startHeart(services, ids, pool, log);
  return {
    stop: async () => {
      await stopHeart();
      await runner.stop();
      await pool.end();
    },
  };
}

function tasks(services: Services, integrations: { mailer: Mailer; appUrl: string }): Record<string, Task> {
  return {
    "send-invitation": (payload, { job }) =>
      sendInvitation(services, integrations, payload as InvitationJob["payload"], job.attempts >= job.max_attempts),
    "send-notice": (payload) => sendNotice(services, integrations, payload as NoticeJob["payload"]),
    "sweep-invitations": () => sweepInvitations(services),
    "sweep-void-invitations": () => sweepVoidInvitations(services),
    "sweep-subscriptions": () => sweepSubscriptions(services),
    "pull-billing": (payload) => pullBilling(services, payload as BillingPayload),
    "push-billing": (payload) => pushBilling(services, payload as BillingPayload),
    "sweep-billing": () => sweepBilling(services),
    "sweep-expiring-keys": () => sweepExpiringKeys(services),
    "verify-all-keys": () => verifyAllKeys(services),
    "sweep-credit-alerts": () => sweepCreditAlerts(services),
    "sweep-leftovers": () => sweepLeftovers(services),
  };
}

/**
 * A worker that is killed leaves its jobs locked for four hours. Each process says every few seconds that its workers
 * live, and gives back the jobs of those that have fallen silent.
 */
function startHeart(services: Services, ids: ReadonlySet<string>, pool: Pool, log: Log): () => Promise<void> {
  const utils = makeWorkerUtils({ pgPool: pool, logger: quietLogger(log) });
  const pulse = async () => {
    await recordHeartbeat(services.database, [...ids]);
    const dead = await deadWorkers(services.database, DEAD_AFTER_MS);
    if (dead.length > 0) await (await utils).forceUnlockWorkers(dead);
  };
  let last = Promise.resolve();
  const tick = () => {
    last = pulse().catch((error: unknown) => log.warn({ err: error }, "the job workers' heartbeat failed"));
  };
  tick();
  const timer = setInterval(tick, HEARTBEAT_MS);
  return async () => {
    clearInterval(timer);
    await last;
    await (await utils).release();
  };
}

// Its lines quote payloads; ours carry the error and the task alone.
function quietLogger(log: Log): Logger {
  return new Logger(() => (level, message) => {
    if (level === "error") log.warn({ job: message.split("\n")[0]?.slice(0, 300) }, "a job failed");
  });
}

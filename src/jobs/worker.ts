import { EventEmitter } from "node:events";
import {
  Logger,
  makeWorkerUtils,
  parseCronItems,
  run,
  type Task,
  type WorkerEvents,
  type WorkerUtils,
} from "graphile-worker";
import { tracedServices } from "../commands/runner/traced-services";
import type { Services } from "../commands/runner/unit-of-work";
import { DAILY_VERIFICATION } from "../domain/byok-schedule";
import type { Log } from "../log";
import { jobDurations } from "../process-metrics";
import { ConnectionWatch } from "../store/engine/connection-watch";
import { openPool } from "../store/engine/pool";
import { type TaskName, traceOf } from "../store/jobs";
import { inSpan, type Tracing } from "../tracing/span";
import { sweepAccessReviews } from "./access-reviews";
import { sweepExpiringKeys, verifyAllKeys } from "./byok";
import { startHeartbeat, trackJobs } from "./heartbeat";
import { mendCounters } from "./mend-counters";
import { removeOldData } from "./remove-old-data";
import { sendAccessWarning } from "./send-access-warning";
import { sendInvitation } from "./send-invitation";
import { sendNotice } from "./send-notice";
import { sendReviewReminder } from "./send-review-reminder";
import { sweepCreditAlerts, sweepInvitations, sweepLeftovers, sweepSubscriptions, sweepVoidInvitations } from "./sweep";
import { pullBilling, pushBilling, sweepBilling } from "./sync-billing";
import { sweepWorkspaceAccess } from "./workspace-access";

/** The running job workers of this process. */
export interface JobWorkers {
  /** Waits for the running jobs. Those that take longer are unlocked, so that another process runs them again. */
  stop(patienceMs: number): Promise<void>;
}

export interface WorkerOptions {
  databaseUrl: string;
  /** How many jobs run at once. */
  concurrency: number;
  tracing: Tracing | null;
  schedule: Schedule;
}

/** Connections besides one for each running job: for notifications of new jobs, and for unlocking old ones. */
const OTHER_CONNECTIONS = 2;
/** The queue's own statements are short. The statements of jobs run on the service's pool. */
const STATEMENT_MS = 60_000;
const RECORD_POLL_MS = 5;

type Schedule = ReadonlyArray<{ task: TaskName; match: string }>;

/** When the scheduled tasks run (UTC). A missed run is not repeated. */
export const SCHEDULE: Schedule = [
  { task: "sweep-invitations", match: "* * * * *" },
  { task: "sweep-void-invitations", match: "29 * * * *" },
  { task: "sweep-workspace-access", match: "* * * * *" },
  { task: "sweep-subscriptions", match: "* * * * *" },
  { task: "sweep-credit-alerts", match: "* * * * *" },
  { task: "sweep-access-reviews", match: "* * * * *" },
  { task: "sweep-expiring-keys", match: "* * * * *" },
  { task: "verify-all-keys", match: `${DAILY_VERIFICATION.minute} ${DAILY_VERIFICATION.hour} * * *` },
  { task: "sweep-billing", match: "41 * * * *" },
  { task: "sweep-leftovers", match: "17 * * * *" },
  { task: "remove-old-data", match: "47 4 * * *" },
  { task: "mend-counters", match: "23 3 * * *" },
];

/** Starts the workers on their own pool, so that jobs and requests never wait for each other's connections. */
export async function startWorkers(
  services: Services,
  log: Log,
  { databaseUrl, concurrency, tracing, schedule }: WorkerOptions,
): Promise<JobWorkers> {
  const registry = new ConnectionWatch({ url: databaseUrl, isPooled: false });
  const onError = (error: Error) => log.warn({ err: error }, "the job workers lost a database connection");
  const pool = openPool(databaseUrl, concurrency + OTHER_CONNECTIONS, { statementMs: STATEMENT_MS, registry }, onError);
  const events: WorkerEvents = new EventEmitter();
  // Jobs are locked in the name of the pool of workers, not of the single worker.
  let poolId = "";
  events.on("pool:create", ({ workerPool }) => {
    poolId = workerPool.id;
  });
  const running = trackJobs(events);
  const runner = await run({
    pgPool: pool,
    concurrency,
    noHandleSignals: true,
    events,
    logger: quietLogger(log),
    taskList: taskList(services, log, tracing),
    parsedCronItems: parseCronItems(schedule.map((item) => ({ ...item, options: { backfillPeriod: 0 } }))),
  });
  runner.promise.catch((error: unknown) => log.error({ err: error }, "the job workers stopped"));
  const utils = await makeWorkerUtils({ pgPool: pool, logger: quietLogger(log) });
  const stopHeartbeat = startHeartbeat(services, { poolId, running }, utils, log);
  return {
    stop: async (patienceMs) => {
      const stopped = runner.stop().then(() => untilRecorded(utils, poolId));
      if (!(await endsWithin(patienceMs, stopped))) {
        log.warn("jobs are still running: they are left to another process");
        await utils.forceUnlockWorkers([poolId]);
      }
      await stopHeartbeat();
      await utils.release();
      await pool.end();
      registry.close();
    },
  };
}

/**
 * Waits until no job is locked in the name of this pool. graphile-worker stops without waiting for the statements that
 * remove finished jobs from the queue. A job that stays there would run again.
 */
async function untilRecorded(utils: WorkerUtils, poolId: string): Promise<void> {
  const text = "SELECT FROM graphile_worker._private_jobs WHERE locked_by = $1 LIMIT 1";
  while ((await utils.withPgClient((client) => client.query(text, [poolId]))).rowCount)
    await new Promise((resolve) => setTimeout(resolve, RECORD_POLL_MS));
}

async function endsWithin(milliseconds: number, work: Promise<void>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), milliseconds);
  });
  const ended = await Promise.race([work.then(() => true), late]);
  clearTimeout(timer);
  return ended;
}

type Tasks = { [Name in keyof GraphileWorker.Tasks]: Task<Name> };

/** The tasks with their measurements. A job of a sampled trace gets services of its own. */
function taskList(services: Services, log: Log, tracing: Tracing | null): Tasks {
  const plain = tasks(services, log);
  const run: Run = async (name, payload, helpers) => {
    const attributes = { "job.attempt": helpers.job.attempts };
    const span = tracing?.start(`job ${name}`, "consumer", attributes, traceOf(payload)) ?? null;
    const task = (span ? tasks(tracedServices(services, span), log) : plain)[name] as Task<TaskName>;
    const work = async () => await task(payload, helpers);
    return await (span ? inSpan(span, work) : work());
  };
  const names = Object.keys(plain) as TaskName[];
  return Object.fromEntries(names.map((name) => [name, measured(name, run)])) as Tasks;
}

type Run = (name: TaskName, ...parameters: Parameters<Task<TaskName>>) => Promise<unknown>;

function measured(name: TaskName, run: Run): Task<TaskName> {
  return async (...parameters) => {
    const end = jobDurations.startTimer({ task: name });
    try {
      const result = await run(name, ...parameters);
      end({ outcome: "ok" });
      return result as Awaited<ReturnType<Task<TaskName>>>;
    } catch (error) {
      end({ outcome: "failed" });
      throw error;
    }
  };
}

function tasks(services: Services, log: Log): Tasks {
  return {
    "send-invitation": (payload, { job }) => sendInvitation(services, payload, job.attempts >= job.max_attempts),
    "send-notice": (payload) => sendNotice(services, payload),
    "send-review-reminder": (payload) => sendReviewReminder(services, payload),
    "sweep-access-reviews": () => sweepAccessReviews(services),
    "sweep-invitations": () => sweepInvitations(services),
    "send-access-warning": (payload) => sendAccessWarning(services, payload),
    "sweep-workspace-access": () => sweepWorkspaceAccess(services),
    "sweep-void-invitations": () => sweepVoidInvitations(services),
    "sweep-subscriptions": () => sweepSubscriptions(services),
    "pull-billing": (payload) => pullBilling(services, payload),
    "push-billing": (payload) => pushBilling(services, payload),
    "sweep-billing": () => sweepBilling(services),
    "sweep-expiring-keys": () => sweepExpiringKeys(services),
    "verify-all-keys": () => verifyAllKeys(services),
    "sweep-credit-alerts": () => sweepCreditAlerts(services),
    "sweep-leftovers": () => sweepLeftovers(services),
    "remove-old-data": () => removeOldData(services),
    "mend-counters": () => mendCounters(services, log),
  };
}

// graphile-worker's own log lines quote payloads, which hold personal data. These name only the task and the error.
function quietLogger(log: Log): Logger {
  return new Logger(() => (level, message) => {
    if (level === "error") log.warn({ job: message.split("\n")[0]?.slice(0, 300) }, "a job failed");
  });
}

import { Counter, Histogram, Registry } from "prom-client";

/**
 * Metrics of the whole process, for code that has no access to the server, such as refusals by limits and waits for
 * connections. `/metrics` combines them with its own.
 */
export const processMetrics = new Registry();

/** The names of limits: those of the service, and the codes of refusals by limits of the product. */
export const LIMITS = [
  ...["document", "fair_share", "lock_wait", "deadline", "streams", "sockets", "socket_operations", "connections"],
  ...["key_checks", "invitation_requests"],
  ...["MEMBER_LIMIT_REACHED", "WORKSPACE_LIMIT_REACHED", "ORGANIZATION_LIMIT_REACHED", "PLAN_LIMIT_EXCEEDED"],
  ...["CREDITS_EXHAUSTED", "RESEND_TOO_SOON", "RATE_LIMITED"],
] as readonly string[];

const refusals = new Counter({
  name: "limit_refusals_total",
  help: "How many requests a limit refused.",
  labelNames: ["limit"] as const,
  registers: [processMetrics],
});
for (const limit of LIMITS) refusals.inc({ limit }, 0);

/** Counts a refusal by a limit. Ignores other names, so that the label never holds a text from a client. */
export function countRefusal(limit: string): void {
  if (LIMITS.includes(limit)) refusals.inc({ limit });
}

/** How long work waited for a connection from the pool. */
export const poolWaits = new Histogram({
  name: "database_pool_wait_seconds",
  help: "How long work waited for a connection from the pool.",
  buckets: [0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5],
  registers: [processMetrics],
});

/** How long jobs ran, by task and whether they succeeded. */
export const jobDurations = new Histogram({
  name: "job_duration_seconds",
  help: "How long a job ran.",
  labelNames: ["task", "outcome"] as const,
  buckets: [0.01, 0.05, 0.1, 0.5, 1, 5, 30, 120],
  registers: [processMetrics],
});

const eventLag = new Histogram({
  name: "live_event_lag_seconds",
  help: "Time from a change to its read by the feed that serves its subscribers.",
  buckets: [0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 30],
  registers: [processMetrics],
});

const removedRows = new Counter({
  name: "rows_removed_total",
  help: "Rows that were deleted because their time was over.",
  labelNames: ["statement"] as const,
  registers: [processMetrics],
});

/** Counts rows that a statement deleted because their time was over. */
export function countRemoved(statement: string, rows: number): void {
  removedRows.inc({ statement }, rows);
}

/** Measures how late a feed reads events. */
export function observeLag(events: ReadonlyArray<{ occurredAt: Date }>, now: Date): void {
  for (const { occurredAt } of events) eventLag.observe(Math.max(now.getTime() - occurredAt.getTime(), 0) / 1000);
}

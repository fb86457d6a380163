import type { Span } from "../tracing/span";
import type { Reader, Statement } from "./engine/statement";
import { BATCH_SIZE, deleteOld } from "./old-rows";

/** Every background task with its payload: tasks that commands queue, and scheduled tasks. */
interface JobPayloads {
  "send-invitation": { organizationId: string; invitationId: string; sendNumber: number };
  /**
   * Mails a member that access to workspaces ends, unless the access has changed since. `expiresAt` is an ISO instant.
   */
  "send-access-warning": { organizationId: string; memberId: string; workspaceIds: string[]; expiresAt: string };
  /** Mails a notice to a member; the address is looked up when it is sent. `needs` is absent in older jobs: an Owner. */
  "send-notice": { organizationId: string; userId: string; notice: Notice; needs?: NoticeReader };
  /** Mails a reminder to a reviewer, unless the review is closed by then. */
  "send-review-reminder": { organizationId: string; reviewId: string; userId: string };
  "pull-billing": { organizationId: string };
  "push-billing": { organizationId: string };
  "mend-counters": ScheduledPayload;
  "remove-old-data": ScheduledPayload;
  "sweep-access-reviews": ScheduledPayload;
  "sweep-billing": ScheduledPayload;
  "sweep-credit-alerts": ScheduledPayload;
  "sweep-expiring-keys": ScheduledPayload;
  "sweep-invitations": ScheduledPayload;
  "sweep-leftovers": ScheduledPayload;
  "sweep-subscriptions": ScheduledPayload;
  "sweep-void-invitations": ScheduledPayload;
  "sweep-workspace-access": ScheduledPayload;
  "verify-all-keys": ScheduledPayload;
}

declare global {
  namespace GraphileWorker {
    interface Tasks extends JobPayloads {}
  }
}

/** graphile-worker's payload for tasks that its crontab starts. */
interface ScheduledPayload {
  _cron: { ts: string; backfilled?: boolean };
}

export type TaskName = keyof JobPayloads;
export type JobPayload<Task extends TaskName> = JobPayloads[Task];

/** A job, queued in the transaction of a change and run by a worker after the commit. */
export type Job = { [Task in TaskName]: JobOf<Task> }[TaskName];

export interface JobOf<Task extends TaskName> {
  task: Task;
  payload: JobPayload<Task>;
  attempts: number;
  /** A waiting job with the same key is replaced. */
  key?: string;
  /** Jobs of the same queue run one after another. */
  queue?: string;
}

/** Returns the same jobs with the trace of the change that queues them. */
export function withTrace(jobs: readonly Job[], span: Span | null): readonly Job[] {
  if (!span) return jobs;
  const { traceparent } = span;
  return jobs.map((job) => ({ ...job, payload: { ...job.payload, traceparent } }) as unknown as Job);
}

/** The trace that a job's payload names; null: none. */
export function traceOf(payload: unknown): string | null {
  const { traceparent } = (payload ?? {}) as { traceparent?: unknown };
  return typeof traceparent === "string" ? traceparent : null;
}

/** The right that a member must still have when a notice is sent: an Owner, or a member who may invite. */
export type NoticeReader = "OWNER" | "INVITER";

/** A mail to members; `page` is a path below the client's base URL. */
export interface Notice {
  subject: string;
  paragraphs: string[];
  page: string;
}

/** With graphile-worker's back-off, twelve attempts spread over about sixteen hours. */
const MAIL_ATTEMPTS = 12;

/**
 * The job that mails an invitation. A resend has a higher `sendNumber`, which makes older jobs obsolete. Jobs of the same
 * invitation run one after another: a second one, of a restored organization, must find the delivery that the first
 * records. The queues have few names, because they stay in the database.
 */
export function invitationJob({
  id,
  organizationId,
  sendNumber,
}: {
  id: string;
  organizationId: string;
  sendNumber: number;
}): JobOf<"send-invitation"> {
  return {
    task: "send-invitation",
    payload: { organizationId, invitationId: id, sendNumber },
    attempts: MAIL_ATTEMPTS,
    queue: `invitation-${id.slice(-2)}`,
  };
}

/** The job that mails a member that access to workspaces ends. */
export function warningJob(
  organizationId: string,
  { memberId, workspaceIds, expiresAt }: { memberId: string; workspaceIds: string[]; expiresAt: Date },
): JobOf<"send-access-warning"> {
  const payload = { organizationId, memberId, workspaceIds, expiresAt: expiresAt.toISOString() };
  return { task: "send-access-warning", payload, attempts: MAIL_ATTEMPTS };
}

/** One job per person that mails them a notice, unless they have lost the right that it `needs`. */
export function noticeJobs(
  organizationId: string,
  userIds: readonly string[],
  notice: Notice,
  needs: NoticeReader = "OWNER",
): JobOf<"send-notice">[] {
  return userIds.map((userId) => ({
    task: "send-notice",
    payload: { organizationId, userId, notice, needs },
    attempts: MAIL_ATTEMPTS,
  }));
}

/** One job per reviewer that reminds them of an access review. */
export function reminderJobs(
  organizationId: string,
  reviewId: string,
  userIds: readonly string[],
): JobOf<"send-review-reminder">[] {
  return userIds.map((userId) => ({
    task: "send-review-reminder",
    payload: { organizationId, reviewId, userId },
    attempts: MAIL_ATTEMPTS,
  }));
}

const REMOVE_FAILED: Statement = {
  name: "remove-failed-jobs",
  text: `
    SELECT 1 FROM graphile_worker.complete_jobs(ARRAY(
      SELECT id FROM graphile_worker.jobs WHERE attempts >= max_attempts AND updated_at <= $1 LIMIT ${BATCH_SIZE}))`,
};

/** Removes jobs whose last attempt failed at or before a time. */
export async function removeFailedJobs(reader: Reader, before: Date): Promise<void> {
  await deleteOld(reader, REMOVE_FAILED, [before]);
}

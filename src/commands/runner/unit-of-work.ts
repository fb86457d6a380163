import { notFound } from "../../domain/denial";
import type { Change } from "../../domain/events";
import type { Retention } from "../../domain/retention";
import type { Actor, Person } from "../../domain/viewer";
import type { Bedrock } from "../../integrations/aws/bedrock";
import type { SessionCache } from "../../integrations/aws/session-cache";
import type { KeyWrapper } from "../../integrations/keys/key-wrapper";
import type { Mailer } from "../../integrations/mail/mailer";
import type { RateLimiter } from "../../integrations/rate-limiter";
import type { Billing } from "../../integrations/stripe/billing";
import type { Database } from "../../store/engine/database";
import { KeyedMutex } from "../../store/engine/mutex";
import type { Transaction } from "../../store/engine/transaction";
import type { Epochs } from "../../store/events/epochs";
import { type LogHead, recordChanges, recordDryChanges, type UseAfterwards } from "../../store/events/event-log";
import { type Notifier, topicsOf } from "../../store/events/notifier";
import { type Job, withTrace } from "../../store/jobs";
import type { ActorMembership } from "../../store/member";
import { type LockedOrganization, lockOrganization } from "../../store/organization";
import type { WorkspaceWithAssignment } from "../../store/workspace";

/** The external services that the configuration sets up. */
export interface Integrations {
  /** Null: billing is manual. */
  billing: Billing | null;
  bedrock: Bedrock;
  keyWrapper: KeyWrapper;
  mailer: Mailer;
  sessions: SessionCache;
  /** Limits how often a person may have keys verified. */
  verifications: RateLimiter;
  /** Limits how often a person may ask for a new invitation. */
  invitationRequests: RateLimiter;
  /** Reports an error that needs an operator. */
  alarm(error: Error): void;
  /** Base of links to the client, without a trailing slash. */
  appUrl: string;
}

/** The dependencies of commands and jobs. */
export interface Services {
  database: Database;
  /** Stands in front of the pool, one per process; see KeyedMutex. */
  mutex: KeyedMutex;
  clock: { now(): Date };
  /** Needed to write and read cursors. */
  epochs: Epochs;
  /** Tells all processes that a log has grown. */
  notifier: Pick<Notifier, "publish">;
  /** Checks within seconds whether these organizations have reached a threshold of their credits. */
  creditAlerts: { checkSoon(organizationIds: readonly string[]): void };
  /** How long data is kept. */
  retention: Retention;
  /** Never called inside a transaction. */
  integrations: Integrations;
}

/**
 * The unit of work of a running change: transaction, time, actor, recorded events, queued jobs and topics to publish.
 */
export interface UnitOfWork {
  transaction: Transaction;
  now: Date;
  actor: Actor;
  /** The organization whose lock is held; null for a command without one, or before it is created. */
  organization: LockedOrganization | null;
  /** Records an event. It is written to the log when the change returns, and dropped if the change throws. */
  record(change: Change): void;
  /** Queues a job, in the same transaction. */
  enqueue(job: Job): void;
  /** Publishes a topic after the commit, for changes that write no event of this organization. */
  publish(topic: string): void;
  /** Sends the following events to the log of an organization that was just created. */
  startLog(organizationId: string): void;
}

/** The unit of work of a change inside one organization. */
export interface OrganizationUnitOfWork extends UnitOfWork {
  organization: LockedOrganization;
}

/** The unit of work of a member; the membership was read under the lock. */
export interface MemberUnitOfWork extends OrganizationUnitOfWork {
  actor: Person;
  membership: ActorMembership;
}

/** The unit of work of a member in a workspace that they can access. */
export interface WorkspaceUnitOfWork extends MemberUnitOfWork {
  workspace: WorkspaceWithAssignment;
}

/** A unit of work with its recorded events and queued jobs, and the functions that write them. */
export interface OpenUnitOfWork {
  unit: UnitOfWork;
  changes: readonly Change[];
  jobs: readonly Job[];
  /** Writes the events and jobs. Returns the topics to publish after the commit. */
  flush(): Promise<string[]>;
  /** Writes the events of a dry run; see recordDryChanges. */
  flushDry(options: { counts: boolean }): Promise<UseAfterwards | undefined>;
}

/** Opens the unit of work of a change. `organization`: the locked one, or null for a command without one. */
export function openUnitOfWork(
  transaction: Transaction,
  actor: Actor,
  now: Date,
  organization: LockedOrganization | null,
): OpenUnitOfWork {
  const changes: Change[] = [];
  const jobs: Job[] = [];
  const topics: string[] = [];
  let head: LogHead | null = organization;
  const unit: UnitOfWork = {
    transaction,
    now,
    actor,
    organization,
    record: (change) => changes.push(change),
    enqueue: (job) => jobs.push(job),
    publish: (topic) => topics.push(topic),
    startLog: (id) => {
      head = { id, eventSequence: 0, eventHash: null };
    },
  };
  const flush = async () => {
    if (!head) return topics;
    await recordChanges(transaction, head, { actor, at: now }, changes, withTrace(jobs, transaction.span));
    return changes.length === 0 ? topics : [...topics, ...topicsOf(head.id, changes)];
  };
  const flushDry: OpenUnitOfWork["flushDry"] = async (options) =>
    head ? await recordDryChanges(transaction, head, { actor, at: now }, changes, options) : undefined;
  return { unit, changes, jobs, flush, flushDry };
}

/** Locks an organization. Throws NOT_FOUND; a deleted one is found only with `deletedToo`. */
export async function lockExistingOrganization(
  transaction: Transaction,
  id: string,
  deletedToo: boolean,
): Promise<LockedOrganization> {
  const organization = await lockOrganization(transaction, id);
  if (!organization || (organization.deletedAt && !deletedToo)) throw notFound("organization");
  return organization;
}

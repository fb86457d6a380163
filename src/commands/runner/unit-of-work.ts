import { notFound } from "../../domain/denial";
import type { Change } from "../../domain/events";
import type { Actor } from "../../domain/viewer";
import type { Bedrock } from "../../integrations/aws/bedrock";
import type { SessionCache } from "../../integrations/aws/session-cache";
import type { KeyWrapper } from "../../integrations/keys/key-wrapper";
import type { RateLimiter } from "../../integrations/rate-limiter";
import type { Billing } from "../../integrations/stripe/billing";
import type { Database } from "../../store/engine/database";
import { KeyedMutex } from "../../store/engine/mutex";
import type { Transaction } from "../../store/engine/transaction";
import { type LogHead, recordChanges } from "../../store/events/event-log";
import { type Notifier, topicsOf } from "../../store/events/notifier";
import type { Job } from "../../store/jobs";
import { type LockedOrganization, lockOrganization } from "../../store/organization";

/** The world outside, as far as a configuration has it. */
export interface Integrations {
  /** Null: billing is manual. */
  billing: Billing | null;
  bedrock: Bedrock;
  keyWrapper: KeyWrapper;
  sessions: SessionCache;
  /** How often a person may have keys checked. */
  verifications: RateLimiter;
  /** Tells whoever runs the service that something is wrong that nobody may work around. */
  alarm(error: Error): void;
  /** Base of links to the client, without a slash at the end. */
  appUrl: string;
}

/** What commands and jobs stand on. */
export interface Services {
  database: Database;
  /** In front of the pool, one per process: see KeyedMutex. */
  mutex: KeyedMutex;
  clock: { now(): Date };
  /** Tells whoever watches, in all processes, that there is something new. */
  notifier: Pick<Notifier, "publish">;
  /** Is told who spent credits, so that Owners hear of it soon. */
  creditAlerts: { note(organizationIds: readonly string[]): void };
  /** What commands and jobs ask of the world; never inside a transaction. */
  integrations: Integrations;
}

/** What a change works with: an open transaction, one instant, and what it leaves behind. */
export interface UnitOfWork {
  transaction: Transaction;
  now: Date;
  actor: Actor;
  /** The organization whose lock is held; null for a command that has none, or not yet. */
  organization: LockedOrganization | null;
  /** Says what was changed. Written to the log when the change is done, and not at all when it throws. */
  record(change: Change): void;
  /** Queues what must happen after the commit. */
  enqueue(job: Job): void;
  /** Has those look, after the commit, who watch something that no event of the organization is about. */
  publish(topic: string): void;
  /** From here on, changes belong to the log of an organization that was just created. */
  startLog(organizationId: string): void;
}

/** The scope of a change inside one organization. */
export interface OrganizationUnitOfWork extends UnitOfWork {
  organization: LockedOrganization;
}

/** A scope, how to write what was recorded and queued in it, and whom that concerns once it is committed. */
export function openUnitOfWork(
  transaction: Transaction,
  actor: Actor,
  now: Date,
  organization: LockedOrganization | null,
): { unit: UnitOfWork; flush(): Promise<string[]> } {
  const changes: Change[] = [];
  const jobs: Job[] = [];
  const woken: string[] = [];
  let head: LogHead | null = organization;
  const unit: UnitOfWork = {
    transaction,
    now,
    actor,
    organization,
    record: (change) => changes.push(change),
    enqueue: (job) => jobs.push(job),
    publish: (topic) => woken.push(topic),
    startLog: (id) => {
      head = { id, eventSequence: 0, eventHash: null };
    },
  };
  const flush = async () => {
    if (!head) return woken;
    await recordChanges(transaction, head, { actor, at: now }, changes, jobs);
    return changes.length === 0 ? woken : [...woken, ...topicsOf(head.id, changes)];
  };
  return { unit: unit, flush };
}

/** Locks the organization that a change names. A deleted one is none, unless the change is about deleted ones. */
export async function lockExistingOrganization(
  transaction: Transaction,
  id: string,
  deletedToo: boolean,
): Promise<LockedOrganization> {
  const organization = await lockOrganization(transaction, id);
  if (!organization || (organization.deletedAt && !deletedToo)) throw notFound("organization");
  return organization;
}

import { Organization } from "../../entities/organization";
import { OrganizationSubscription } from "../../entities/organization-subscription";
import { Workspace } from "../../entities/workspace";
import { noteWorkspace } from "./directories";
import type { LockStatements } from "./engine/statement";
import { insertRows, type Transaction } from "./engine/transaction";
import type { LogHead } from "./events/event-log";

/** An organization whose row is locked. */
export interface LockedOrganization extends LogHead {
  name: string;
  description: string | null;
  personalForId: string | null;
  foundedById: string | null;
  deletedAt: Date | null;
}

// The lock is a separate statement before any count, because a snapshot taken while waiting for the lock would be
// outdated. FOR NO KEY UPDATE blocks other writers, but not the foreign keys of new child rows.
const LOCK_TEXT = `
    SELECT id, name, description, personal_for_id AS "personalForId", founded_by_id AS "foundedById",
      deleted_at AS "deletedAt", event_sequence AS "eventSequence", event_hash AS "eventHash"
    FROM organization WHERE id = $1 FOR NO KEY UPDATE`;
const LOCK: LockStatements = {
  free: { name: "lock-organization", text: `${LOCK_TEXT} SKIP LOCKED` },
  waiting: { name: "wait-for-organization", text: LOCK_TEXT },
};

/** Locks an organization, deleted or not, until the transaction ends; undefined if it does not exist. */
export async function lockOrganization(transaction: Transaction, id: string): Promise<LockedOrganization | undefined> {
  const [organization] = await transaction.lock<LockedOrganization>(LOCK, [id]);
  return organization;
}

/** Inserts an organization with its default workspace and subscription; the owner's membership is separate. */
export async function insertOrganization(
  transaction: Transaction,
  organization: Organization,
  workspace: Workspace,
  subscription: OrganizationSubscription,
): Promise<void> {
  await noteWorkspace(transaction, workspace);
  await insertRows(transaction, Organization, [organization]);
  await insertRows(transaction, Workspace, [workspace]);
  await insertRows(transaction, OrganizationSubscription, [subscription]);
}

export async function updateOrganization(
  { manager }: Transaction,
  id: string,
  patch: Partial<Pick<Organization, "name" | "description" | "personalForId" | "updatedAt" | "deletedAt">>,
): Promise<void> {
  await manager.update(Organization, { id }, patch);
}

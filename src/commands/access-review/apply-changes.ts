import { type AccessChange, type PlannedItem, unchangedGrants } from "../../domain/access-completion";
import type { OrganizationRole } from "../../domain/role";
import type { CompletingItem } from "../../store/access-review-item";
import { keepFormerMembers } from "../../store/former-member";
import { deleteMembers, updateRoles } from "../../store/member";
import { type ReplacedGrants, replaceAssignmentsOf } from "../../store/workspace-assignment";
import { cancelVoidInvitations } from "../invitation/cancel-void-invitations";
import { memberRemoved, roleChanged } from "../member/member-changes";
import { clearPersonalOwner } from "../organization/clear-personal-owner";
import type { OrganizationUnitOfWork } from "../runner/unit-of-work";
import { accessReplaced } from "../workspace/access-replaced";
import { expireAccess } from "../workspace/expire-access";
import { recordLostAccess } from "../workspace/lost-access";

interface Planned {
  member: { id: string; userId: string; userName: string };
  change: AccessChange;
}

/**
 * Applies the changes of a review to all members at once, in a number of statements that does not grow with them. Records
 * the events that removeMember, changeMemberRole and setWorkspaceAccess would, and ends what they would end.
 */
export async function applyChanges(
  unit: OrganizationUnitOfWork,
  planned: readonly PlannedItem<CompletingItem>[],
): Promise<void> {
  const changes = planned.flatMap(({ item, change }): Planned[] => {
    const { memberId, userId, currentName } = item;
    return change ? [{ member: { id: memberId, userId, userName: currentName }, change }] : [];
  });
  if (changes.length === 0) return;
  await write(unit, changes);
  for (const each of changes) await recordChange(unit, each);
  await cancelVoidInvitations(unit, { inviterIds: changes.map(({ member }) => member.userId) });
}

async function write(unit: OrganizationUnitOfWork, changes: readonly Planned[]): Promise<void> {
  const { transaction, organization, now } = unit;
  const removed: string[] = [];
  const roles: Array<{ id: string; role: OrganizationRole }> = [];
  const grants: ReplacedGrants[] = [];
  for (const { member, change } of changes) {
    if (change.kind === "REMOVE") removed.push(member.id);
    else {
      if (change.role !== change.from.role) roles.push({ id: member.id, role: change.role });
      if (change.grants) {
        const unchanged = new Set(unchangedGrants(change.from.grants, change.grants));
        grants.push({ memberId: member.id, grants: change.grants, unchanged });
      }
    }
  }
  if (removed.length + grants.length > 0) await expireAccess(unit, {});
  if (removed.length > 0) {
    await keepFormerMembers(transaction, organization.id, removed, { now, hasLeft: false });
    await deleteMembers(transaction, organization.id, removed);
  }
  if (roles.length > 0) await updateRoles(transaction, organization.id, roles);
  if (grants.length > 0) await replaceAssignmentsOf(transaction, organization.id, grants, now);
}

async function recordChange(unit: OrganizationUnitOfWork, { member, change }: Planned): Promise<void> {
  const { from } = change;
  const before = { ...member, role: from.role };
  if (change.kind === "REMOVE") {
    unit.record(memberRemoved(before));
    recordLostAccess(unit, before, from.grants);
    await clearPersonalOwner(unit, member.userId, null);
    return;
  }
  if (change.role !== from.role) {
    unit.record(roleChanged(before, change.role, from.grants));
    await clearPersonalOwner(unit, member.userId, change.role);
  }
  if (change.grants) unit.record(accessReplaced(member, from.grants, change.grants));
}

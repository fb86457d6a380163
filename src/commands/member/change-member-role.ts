import { assertRoleChange } from "../../domain/membership";
import type { OrganizationRole } from "../../domain/role";
import { countUse } from "../../store/counts";
import { updateRole } from "../../store/member";
import { namedAssignmentsOf } from "../../store/workspace-assignment";
import { cancelVoidInvitationsFrom } from "../invitation/cancel-void-invitations";
import { clearPersonalOwner } from "../organization/clear-personal-owner";
import { memberCommand } from "../runner/command";
import { roleChanged } from "./member-changes";
import { requireMember } from "./require-member";

export interface ChangeMemberRoleInput {
  organizationId: string;
  memberId: string;
  role: OrganizationRole;
}

/**
 * Changes a member's role. An Admin cannot make or change an Owner, and one Owner always remains. Cancels pending
 * invitations that the member could not send with the new role. Owners and Admins keep their workspace assignments and
 * overrides, unused; the event lists the overrides that apply again with the new role.
 */
export const changeMemberRole = memberCommand<ChangeMemberRoleInput, { memberId: string }>({
  permission: "CHANGE_MEMBER_ROLES",
  run: async (unit, { memberId, role }) => {
    const { transaction, organization, membership, now, record } = unit;
    const member = await requireMember(unit, memberId);
    const { owners } = await countUse(transaction, organization.id, now);
    assertRoleChange({ actor: membership, member, owners }, role);
    if (member.role === role) return { memberId: member.id };
    await updateRole(transaction, organization.id, member.id, role);
    const key = { id: member.id, organizationId: organization.id };
    record(roleChanged(member, role, await namedAssignmentsOf(transaction, key, now)));
    await clearPersonalOwner(unit, member.userId, role);
    await cancelVoidInvitationsFrom(unit, member.userId);
    return { memberId: member.id };
  },
});

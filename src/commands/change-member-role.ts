import { assertAnOwnerRemains, assertRoleWithinReach } from "../domain/membership";
import { type OrganizationRole, ROLE_NAMES } from "../domain/role";
import { updateRole } from "../store/member";
import { countUse } from "../store/organization";
import { memberCommand } from "./command";
import { namedMember } from "./named-member";

export interface ChangeMemberRoleInput {
  organizationId: string;
  memberId: string;
  role: OrganizationRole;
}

/** Gives a member another role. An Admin neither grants Owner nor touches one; an Owner always remains. */
export const changeMemberRole = memberCommand<ChangeMemberRoleInput, { memberId: string }>({
  name: "changeMemberRole",
  permission: "CHANGE_MEMBER_ROLES",
  run: async (scope, { memberId, role }) => {
    const { transaction, organization, membership, now, record } = scope;
    const member = await namedMember(scope, memberId);
    assertRoleWithinReach(membership.role, member.role, role);
    if (member.role === role) return { memberId: member.id };
    const { owners } = await countUse(transaction, organization.id, now);
    assertAnOwnerRemains(member.role, role, owners);
    await updateRole(transaction, member.id, role);
    record({
      type: "member.role_changed",
      subjectId: member.id,
      summary: `${member.userName} was ${ROLE_NAMES[member.role]} and is now ${ROLE_NAMES[role]}.`,
      data: { userId: member.userId, before: { role: member.role }, after: { role } },
    });
    return { memberId: member.id };
  },
});

import { assertRoleChange } from "../../domain/membership";
import { type OrganizationRole, ROLE_NAMES, type WorkspaceRole } from "../../domain/role";
import { reactivatedOverrides } from "../../domain/workspace-access";
import { updateRole } from "../../store/member";
import { countUse } from "../../store/organization";
import { namedAssignmentsOf } from "../../store/workspace-assignment";
import { cancelVoidInvitationsFrom } from "../invitation/cancel-void-invitations";
import { clearPersonalOwner } from "../organization/clear-personal-owner";
import { memberCommand } from "../runner/command";
import { requireMember } from "./require-member";

export interface ChangeMemberRoleInput {
  organizationId: string;
  memberId: string;
  role: OrganizationRole;
}

const LISTED_OVERRIDES = 10;

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
    await updateRole(transaction, member.id, role);
    const key = { id: member.id, organizationId: organization.id };
    const back = reactivatedOverrides(member.role, role, await namedAssignmentsOf(transaction, key, now));
    record({
      type: "member.role_changed",
      subjectId: member.id,
      summary: `${member.userName} was ${ROLE_NAMES[member.role]} and is now ${ROLE_NAMES[role]}.${describeOverrides(back)}`,
      data: {
        userId: member.userId,
        before: { role: member.role },
        after: {
          role,
          ...(back.length > 0 && {
            overridesBack: back.map(({ workspaceId, roleOverride, expiresAt }) => ({
              workspaceId,
              roleOverride,
              expiresAt,
            })),
          }),
        },
      },
    });
    await clearPersonalOwner(unit, member.userId, role);
    await cancelVoidInvitationsFrom(unit, member.userId);
    return { memberId: member.id };
  },
});

function describeOverrides(overrides: ReadonlyArray<{ workspaceName: string; roleOverride: WorkspaceRole }>): string {
  if (overrides.length === 0) return "";
  const listed = overrides
    .slice(0, LISTED_OVERRIDES)
    .map(({ workspaceName, roleOverride }) => `${ROLE_NAMES[roleOverride]} in “${workspaceName}”`);
  const more = overrides.length - listed.length;
  return ` Overrides that apply again: ${listed.join(", ")}${more > 0 ? ` and ${more} more` : ""}.`;
}

import { assertAnOwnerRemains } from "../../domain/membership";
import { countUse } from "../../store/counts";
import { keepFormerMembers } from "../../store/former-member";
import { deleteMember } from "../../store/member";
import { cancelVoidInvitationsFrom } from "../invitation/cancel-void-invitations";
import { clearPersonalOwner } from "../organization/clear-personal-owner";
import { memberCommand } from "../runner/command";
import { expireAccess } from "../workspace/expire-access";
import { accessToLose, recordLostAccess } from "../workspace/lost-access";

export interface LeaveOrganizationInput {
  organizationId: string;
}

/** The member leaves the organization and all its workspaces. The last Owner cannot leave. */
export const leaveOrganization = memberCommand<LeaveOrganizationInput, { organizationId: string }>({
  permission: null,
  run: async (unit) => {
    const { transaction, organization, membership, now, record } = unit;
    const { owners } = await countUse(transaction, organization.id, now);
    assertAnOwnerRemains(membership.role, null, owners);
    await expireAccess(unit, { memberId: membership.id });
    const lost = await accessToLose(unit, membership);
    await keepFormerMembers(transaction, organization.id, [membership.id], { now, hasLeft: true });
    await deleteMember(transaction, organization.id, membership.id);
    record({
      type: "member.left",
      subjectId: membership.id,
      summary: `${membership.userName} left the organization.`,
      data: { userId: membership.userId, before: { role: membership.role } },
    });
    recordLostAccess(unit, membership, lost);
    await clearPersonalOwner(unit, membership.userId, null);
    await cancelVoidInvitationsFrom(unit, membership.userId);
    return { organizationId: organization.id };
  },
});

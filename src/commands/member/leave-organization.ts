import { assertAnOwnerRemains } from "../../domain/membership";
import { deleteMember } from "../../store/member";
import { countUse } from "../../store/organization";
import { cancelUnbacked } from "../invitation/settle-invitations";
import { endPersonal } from "../organization/end-personal";
import { memberCommand } from "../runner/command";

export interface LeaveOrganizationInput {
  organizationId: string;
}

/** Leaving an organization means leaving all its workspaces. The last Owner stays. */
export const leaveOrganization = memberCommand<LeaveOrganizationInput, { organizationId: string }>({
  name: "leaveOrganization",
  permission: null,
  run: async (unit) => {
    const { transaction, organization, membership, now, record } = unit;
    const { owners } = await countUse(transaction, organization.id, now);
    assertAnOwnerRemains(membership.role, null, owners);
    await deleteMember(transaction, membership.id);
    record({
      type: "member.left",
      subjectId: membership.id,
      summary: `${membership.userName} left the organization.`,
      data: { userId: membership.userId, before: { role: membership.role } },
    });
    await endPersonal(unit, membership.userId, null);
    await cancelUnbacked(unit, membership.userId);
    return { organizationId: organization.id };
  },
});

import { assertRemoval } from "../../domain/membership";
import { countUse } from "../../store/counts";
import { keepFormerMembers } from "../../store/former-member";
import { deleteMember } from "../../store/member";
import { cancelVoidInvitationsFrom } from "../invitation/cancel-void-invitations";
import { clearPersonalOwner } from "../organization/clear-personal-owner";
import { memberCommand } from "../runner/command";
import { expireAccess } from "../workspace/expire-access";
import { accessToLose, recordLostAccess } from "../workspace/lost-access";
import { memberRemoved } from "./member-changes";
import { requireMember } from "./require-member";

export interface RemoveMemberInput {
  organizationId: string;
  memberId: string;
}

/** Removes a member from the organization and all its workspaces, and cancels the pending invitations they sent. */
export const removeMember = memberCommand<RemoveMemberInput, { organizationId: string; memberId: string }>({
  permission: "INVITE_AND_REMOVE_MEMBERS",
  run: async (unit, { memberId }) => {
    const { transaction, organization, membership, now, record } = unit;
    const member = await requireMember(unit, memberId);
    const { owners } = await countUse(transaction, organization.id, now);
    assertRemoval({ actor: membership, member, owners });
    await expireAccess(unit, { memberId: member.id });
    const lost = await accessToLose(unit, member);
    await keepFormerMembers(transaction, organization.id, [member.id], { now, hasLeft: false });
    await deleteMember(transaction, organization.id, member.id);
    record(memberRemoved(member));
    recordLostAccess(unit, member, lost);
    await clearPersonalOwner(unit, member.userId, null);
    await cancelVoidInvitationsFrom(unit, member.userId);
    return { organizationId: organization.id, memberId: member.id };
  },
});

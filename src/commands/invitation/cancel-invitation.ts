import { assertPending } from "../../domain/invitation";
import { updateInvitations } from "../../store/invitation";
import { memberCommand } from "../runner/command";
import { requireInvitation } from "./require-invitation";

export interface CancelInvitationInput {
  organizationId: string;
  invitationId: string;
}

/** Cancels a pending invitation and frees its seat. */
export const cancelInvitation = memberCommand<CancelInvitationInput, { invitationId: string }>({
  permission: "INVITE_AND_REMOVE_MEMBERS",
  run: async (unit, { invitationId }) => {
    const { transaction, organization, now, record } = unit;
    const { id, email, ...invitation } = await requireInvitation(unit, invitationId);
    assertPending(invitation, now);
    await updateInvitations(transaction, organization.id, [id], { status: "CANCELED", respondedAt: now });
    record({
      type: "invitation.canceled",
      subjectId: id,
      summary: `The invitation to ${email} was canceled.`,
      data: { email },
    });
    return { invitationId: id };
  },
});

import { assertPending, assertResendable, INVITATION_LIFETIME_MS, SENDING_WINDOW_MS } from "../../domain/invitation";
import { deleteTokens, readInvitingState, updateInvitations } from "../../store/invitation";
import { invitationJob } from "../../store/jobs";
import { memberCommand } from "../runner/command";
import { countSending } from "./invite-members";
import { requireInvitation } from "./require-invitation";

export interface ReinvitationJobInput {
  organizationId: string;
  invitationId: string;
}

/** A new token, a new expiry date, one more e-mail; the old link stops working. */
export const resendInvitation = memberCommand<ReinvitationJobInput, { invitationId: string }>({
  permission: "INVITE_AND_REMOVE_MEMBERS",
  run: async (unit, { invitationId }) => {
    const { transaction, organization, now, record, enqueue } = unit;
    const invitation = await requireInvitation(unit, invitationId);
    assertPending(invitation, now);
    assertResendable(invitation, now);
    const since = new Date(now.getTime() - SENDING_WINDOW_MS);
    const asked = { emails: [invitation.email], workspaceIds: [], now, since };
    await countSending(unit, [invitation.email], await readInvitingState(transaction, organization.id, asked));
    const expiresAt = new Date(now.getTime() + INVITATION_LIFETIME_MS);
    const sendNumber = invitation.sendNumber + 1;
    await deleteTokens(transaction, invitation.id);
    await updateInvitations(transaction, [invitation.id], { expiresAt, sendNumber, queuedAt: now, delivery: "QUEUED" });
    record({
      type: "invitation.resent",
      subjectId: invitation.id,
      summary: `The invitation of ${invitation.email} was sent again.`,
      data: { email: invitation.email, before: { expiresAt: invitation.expiresAt }, after: { expiresAt } },
    });
    enqueue(invitationJob({ id: invitation.id, organizationId: organization.id, sendNumber }));
    return { invitationId: invitation.id };
  },
});

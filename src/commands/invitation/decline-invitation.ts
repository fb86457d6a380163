import { assertAddressedTo, assertPending } from "../../domain/invitation";
import { updateInvitations } from "../../store/invitation";
import { guestCommand } from "../runner/command";
import { findInvitationAndInvitee, type InvitationReference, locateInvitation } from "./find-invitation";

export type DeclineInvitationInput = InvitationReference;

/** The invitee declines, which frees the seat. */
export const declineInvitation = guestCommand<DeclineInvitationInput, { invitationId: string }>({
  locate: locateInvitation,
  run: async (unit, input) => {
    const { transaction, organization, now, record } = unit;
    const { invitation, invitee } = await findInvitationAndInvitee(unit, input);
    assertPending(invitation, now);
    assertAddressedTo(invitation, invitee);
    const { id, email } = invitation;
    await updateInvitations(transaction, organization.id, [id], { status: "DECLINED", respondedAt: now });
    record({
      type: "invitation.declined",
      subjectId: id,
      summary: `The invitation to ${email} was declined.`,
      data: { email },
    });
    return { invitationId: id };
  },
});

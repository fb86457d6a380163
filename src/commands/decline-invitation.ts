import { updateInvitations } from "../store/invitation";
import { answeredInvitation, type InvitationAnswerInput, locateAnswered } from "./answered-invitation";
import { guestCommand } from "./command";

export type DeclineInvitationInput = InvitationAnswerInput;

/** The invitee says no; the seat is free again. */
export const declineInvitation = guestCommand<DeclineInvitationInput, { invitationId: string }>({
  name: "declineInvitation",
  locate: locateAnswered,
  run: async (scope, input) => {
    const { transaction, now, record } = scope;
    const { id, email } = await answeredInvitation(scope, input);
    await updateInvitations(transaction, [id], { status: "DECLINED", respondedAt: now });
    record({
      type: "invitation.declined",
      subjectId: id,
      summary: `The invitation of ${email} was declined.`,
      data: { email },
    });
    return { invitationId: id };
  },
});

import { assertPending, assertResendable, INVITATION_LIFETIME_MS } from "../../domain/invitation";
import { SENDING_WINDOW_MS } from "../../domain/inviting";
import { readInvitingState, updateInvitations } from "../../store/invitation";
import { replaceLinks } from "../../store/invitation-link";
import { invitationJob } from "../../store/jobs";
import { memberCommand } from "../runner/command";
import { countMails } from "./invite-members";
import { requireInvitation } from "./require-invitation";

export interface ReinvitationJobInput {
  organizationId: string;
  invitationId: string;
}

/** Sends the invitation again with a new link and a new expiry date; old links stop working. */
export const resendInvitation = memberCommand<ReinvitationJobInput, { invitationId: string }>({
  permission: "INVITE_AND_REMOVE_MEMBERS",
  run: async (unit, { invitationId }) => {
    const { transaction, organization, now, record, enqueue } = unit;
    const invitation = await requireInvitation(unit, invitationId);
    assertPending(invitation, now);
    assertResendable(invitation, now);
    const since = new Date(now.getTime() - SENDING_WINDOW_MS);
    const query = { emails: [invitation.email], workspaceIds: [], now, since };
    await countMails(unit, [invitation.email], await readInvitingState(transaction, organization.id, query));
    const expiresAt = new Date(now.getTime() + INVITATION_LIFETIME_MS);
    const sendNumber = invitation.sendNumber + 1;
    await replaceLinks(transaction, { id: invitation.id, organizationId: organization.id });
    const queued = { queuedAt: now, delivery: "QUEUED", deliveryProblem: null } as const;
    await updateInvitations(transaction, organization.id, [invitation.id], { ...queued, expiresAt, sendNumber });
    record({
      type: "invitation.resent",
      subjectId: invitation.id,
      summary: `The invitation to ${invitation.email} was sent again.`,
      data: { email: invitation.email, before: { expiresAt: invitation.expiresAt }, after: { expiresAt } },
    });
    enqueue(invitationJob({ id: invitation.id, organizationId: organization.id, sendNumber }));
    return { invitationId: invitation.id };
  },
});

import { assertPending, INVITATION_LIFETIME_MS } from "../../domain/invitation";
import { updateInvitations } from "../../store/invitation";
import { insertToken, replaceLinks } from "../../store/invitation-link";
import { memberCommand } from "../runner/command";
import { newLink } from "./link";
import { requireInvitation } from "./require-invitation";

export interface RenewInvitationLinkInput {
  organizationId: string;
  invitationId: string;
}

/** `link` is null for a repeat under the same Idempotency-Key: it is shown once and stored nowhere. */
export interface RenewInvitationLinkOutcome {
  invitationId: string;
  link: string | null;
}

/** Makes a new link for copying by hand, with a new expiry date. Old links stop working; no mail is sent. */
export const renewInvitationLink = memberCommand<RenewInvitationLinkInput, RenewInvitationLinkOutcome, string>({
  permission: "INVITE_AND_REMOVE_MEMBERS",
  prepare: async ({ integrations }) => integrations.appUrl,
  storedForRepeat: ({ invitationId }) => ({ invitationId, link: null }),
  run: async (unit, { invitationId }, appUrl) => {
    const { transaction, organization, now, record } = unit;
    const invitation = await requireInvitation(unit, invitationId);
    const { id, email } = invitation;
    assertPending(invitation, now);
    const expiresAt = new Date(now.getTime() + INVITATION_LIFETIME_MS);
    const { link, hash } = newLink(appUrl, organization.id);
    await replaceLinks(transaction, { id, organizationId: organization.id });
    await insertToken(transaction, { organizationId: organization.id, tokenHash: hash, invitationId: id });
    await updateInvitations(transaction, organization.id, [id], { expiresAt });
    record({
      type: "invitation.link_renewed",
      subjectId: id,
      summary: `The link of the invitation to ${email} was renewed, without a mail.`,
      data: { email, before: { expiresAt: invitation.expiresAt }, after: { expiresAt } },
    });
    return { invitationId: id, link };
  },
});

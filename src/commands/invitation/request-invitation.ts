import { notFound } from "../../domain/denial";
import { assertRequestable, reachesInviter, tooManyRequests } from "../../domain/invitation-request";
import { findLink, type LinkState, noteLinkRequest, organizationOfLink } from "../../store/invitation-link";
import { type Notice, noticeJobs } from "../../store/jobs";
import { ownerIds } from "../../store/owners";
import { guestCommand } from "../runner/command";
import type { OrganizationUnitOfWork } from "../runner/unit-of-work";
import { linkKey } from "./link";

export interface RequestInvitationInput {
  token: string;
}

export interface RequestInvitationOutcome {
  organizationName: string;
}

/** The holder of a dead link asks the inviter for a new invitation, or the Owners if the inviter cannot send one. */
export const requestInvitation = guestCommand<RequestInvitationInput, RequestInvitationOutcome>({
  limit: ({ integrations, clock }, person) => {
    const waitMs = integrations.invitationRequests.take(person.id, clock.now());
    if (waitMs > 0) throw tooManyRequests(waitMs);
  },
  locate: async (reader, _person, { token }) => {
    const organizationId = await organizationOfLink(reader, linkKey(token));
    if (!organizationId) throw notFound("invitation");
    return organizationId;
  },
  run: async (unit, { token }) => {
    const { transaction, organization, now, record, enqueue } = unit;
    const { hash } = linkKey(token);
    const link = await findLink(transaction, organization.id, hash);
    if (!link) throw notFound("invitation");
    assertRequestable(link, now);
    const { invitationId, email } = link;
    await noteLinkRequest(transaction, { organizationId: organization.id, tokenHash: hash, invitationId, now });
    const { recipients, needs } = await recipientsOf(unit, link);
    for (const job of noticeJobs(organization.id, recipients, noticeOf(unit, email), needs)) enqueue(job);
    record({
      type: "invitation.requested",
      subjectId: invitationId,
      summary: `Somebody with an old link to the invitation of ${email} asked for a new one.`,
      data: { email, asked: needs === "OWNER" ? "OWNERS" : "INVITER" },
    });
    return { organizationName: organization.name };
  },
});

async function recipientsOf(
  { transaction, organization }: OrganizationUnitOfWork,
  { inviterId, inviterRole: role, inviterHasAddress: hasAddress }: LinkState,
) {
  if (inviterId !== null && reachesInviter({ role, hasAddress })) {
    return { recipients: [inviterId], needs: "INVITER" as const };
  }
  return { recipients: await ownerIds(transaction, organization.id), needs: "OWNER" as const };
}

/** The notice does not name the person who asks, because people can choose any name. */
function noticeOf({ organization }: OrganizationUnitOfWork, email: string): Notice {
  return {
    subject: `A new invitation to ${organization.name} is requested`,
    paragraphs: [
      `Somebody has a link to ${organization.name} that no longer works, and asks for a new invitation.`,
      `The link belongs to the invitation of ${email}. If you want this person to join, invite the address again.`,
    ],
    page: `/organizations/${organization.id}/members`,
  };
}

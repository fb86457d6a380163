import { v7 as newId } from "uuid";
import type { Member } from "../../../entities/member";
import { assertAcceptable } from "../../domain/accepting";
import { dayOf } from "../../domain/last-seen";
import { ROLE_NAMES } from "../../domain/role";
import { countUse } from "../../store/counts";
import { activeGrantsOf, updateInvitations } from "../../store/invitation";
import { actorMembership, insertMember } from "../../store/member";
import { inviterRole } from "../../store/open-invitations";
import { subscriptionOf } from "../../store/subscription";
import { saveAssignments } from "../../store/workspace-assignment";
import { guestCommand } from "../runner/command";
import { findInvitationAndInvitee, type InvitationReference, locateInvitation } from "./find-invitation";

export type AcceptInvitationInput = InvitationReference;

/**
 * The invitee joins with the invitation's role and those of its workspaces that still exist and whose access
 * has not ended. Refused if the inviter
 * could no longer send this invitation.
 */
export const acceptInvitation = guestCommand<AcceptInvitationInput, { organizationId: string; memberId: string }>({
  locate: locateInvitation,
  run: async (unit, input) => {
    const { transaction, organization, actor, now, record } = unit;
    const { invitation, invitee } = await findInvitationAndInvitee(unit, input);
    const viewerIsMember = (await actorMembership(transaction, organization.id, actor.id)) !== undefined;
    const { members: memberCount } = await countUse(transaction, organization.id, now);
    const joined = { ...(await subscriptionOf(transaction, organization.id)), viewerIsMember, memberCount };
    const grants = await activeGrantsOf(transaction, invitation, now);
    const granted = {
      hasWorkspaces: grants.length > 0,
      inviterRole: await inviterRole(transaction, organization.id, invitation.invitedById),
    };
    assertAcceptable({ ...invitation, ...granted }, invitee, joined, now);
    const { role, email, invitedById } = invitation;
    const member: Member = {
      id: newId(),
      organizationId: organization.id,
      userId: actor.id,
      role,
      joinedAt: now,
      invitedById,
      lastSeenAt: dayOf(now),
    };
    await insertMember(transaction, member);
    await saveAssignments(transaction, member, grants, now);
    await updateInvitations(transaction, organization.id, [invitation.id], { status: "ACCEPTED", respondedAt: now });
    record({
      type: "invitation.accepted",
      subjectId: invitation.id,
      summary: `${actor.name} accepted the invitation to ${email}.`,
      data: { email, userId: actor.id, memberId: member.id },
    });
    record({
      type: "member.joined",
      subjectId: member.id,
      summary: `${actor.name} joined as ${ROLE_NAMES[role]}.`,
      data: { userId: actor.id, after: { role, workspaces: grants } },
    });
    return { organizationId: organization.id, memberId: member.id };
  },
});

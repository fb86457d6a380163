import { v7 as newId } from "uuid";
import type { Member } from "../../entities/member";
import { assertSeatToJoin } from "../domain/growth";
import { assertNotAMember } from "../domain/invitation";
import { ROLE_NAMES } from "../domain/role";
import { liveGrantsOf, updateInvitations } from "../store/invitation";
import { actorMembership, insertAssignments, insertMember } from "../store/member";
import { countUse } from "../store/organization";
import { subscriptionOf } from "../store/subscription";
import { answeredInvitation, type InvitationAnswerInput, locateAnswered } from "./answered-invitation";
import { guestCommand } from "./command";

export type AcceptInvitationInput = InvitationAnswerInput;

/** The invitee joins, with the invitation's role and those of its workspaces that still exist. */
export const acceptInvitation = guestCommand<AcceptInvitationInput, { organizationId: string; memberId: string }>({
  name: "acceptInvitation",
  locate: locateAnswered,
  run: async (scope, input) => {
    const { transaction, organization, actor, now, record } = scope;
    const invitation = await answeredInvitation(scope, input);
    if (await actorMembership(transaction, organization.id, actor.id)) assertNotAMember();
    const { members } = await countUse(transaction, organization.id, now);
    assertSeatToJoin(await subscriptionOf(transaction, organization.id), members);
    const { role, email, invitedById } = invitation;
    const member: Member = {
      id: newId(),
      organizationId: organization.id,
      userId: actor.id,
      role,
      joinedAt: now,
      invitedById,
    };
    const grants = await liveGrantsOf(transaction, invitation.id);
    await insertMember(transaction, member);
    await insertAssignments(transaction, member, grants);
    await updateInvitations(transaction, [invitation.id], { status: "ACCEPTED", respondedAt: now });
    record({
      type: "invitation.accepted",
      subjectId: invitation.id,
      summary: `${actor.name} accepted the invitation of ${email}.`,
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

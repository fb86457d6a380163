import { notFound } from "../../domain/denial";
import { assertSeatsFor } from "../../domain/growth";
import { isIdentifier } from "../../domain/identifier";
import { assertRoleWithinReach } from "../../domain/membership";
import { assertMayGrow } from "../../domain/plan";
import { assertReinstatable } from "../../domain/reinstatement";
import { ROLE_NAMES } from "../../domain/role";
import { countUse } from "../../store/counts";
import { findFormerMember, forgetFormerMember } from "../../store/former-member";
import { findMember, insertMember } from "../../store/member";
import { saveAssignments } from "../../store/workspace-assignment";
import { cancelVoidInvitations } from "../invitation/cancel-void-invitations";
import { memberCommand } from "../runner/command";
import type { MemberUnitOfWork } from "../runner/unit-of-work";

export interface ReinstateMemberInput {
  organizationId: string;
  memberId: string;
}

/**
 * Takes a removed member back with their role and workspaces, except workspaces that were deleted and access that has
 * ended. A pending invitation to them becomes void, which frees its seat.
 */
export const reinstateMember = memberCommand<ReinstateMemberInput, { memberId: string }>({
  permission: "INVITE_AND_REMOVE_MEMBERS",
  run: async (unit, { memberId }) => {
    const { transaction, organization, membership, now, record } = unit;
    const former = await requireFormerMember(unit, memberId);
    assertReinstatable(former, now);
    const { userId, userName, email, role, grants, joinedAt, invitedById, lastSeenAt } = former;
    assertRoleWithinReach(membership.role, role);
    assertMayGrow(membership.subscriptionStatus);
    const key = { id: memberId.toLowerCase(), organizationId: organization.id };
    await insertMember(transaction, { ...key, userId, role, joinedAt, invitedById, lastSeenAt });
    await saveAssignments(transaction, key, grants, now);
    await forgetFormerMember(transaction, organization.id, key.id);
    record({
      type: "member.reinstated",
      subjectId: key.id,
      summary: `${userName} was reinstated as ${ROLE_NAMES[role]}.`,
      data: { userId, after: { role, workspaces: grants } },
    });
    if (email) await cancelVoidInvitations(unit, { email });
    // The seats are counted afterwards, because a pending invitation to this person took one until now.
    const { members, pending } = await countUse(transaction, organization.id, now);
    assertSeatsFor(1, membership, members + pending - 1, "memberId");
    return { memberId: key.id };
  },
});

/** Returns a former member. Throws NOT_FOUND; refuses NOT_REINSTATABLE for somebody who is a member now. */
async function requireFormerMember({ transaction, organization, now }: MemberUnitOfWork, memberId: string) {
  if (!isIdentifier(memberId)) throw notFound("member");
  const former = await findFormerMember(transaction, organization.id, memberId, now);
  if (former) return former;
  const member = await findMember(transaction, organization.id, memberId);
  if (member) assertReinstatable({ endedAt: now, hasLeft: false, isMember: true }, now);
  throw notFound("member");
}

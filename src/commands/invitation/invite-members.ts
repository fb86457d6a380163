import { v7 as newId } from "uuid";
import type { Invitation } from "../../../entities/invitation";
import { assertSeatsFor } from "../../domain/growth";
import { INVITATION_LIFETIME_MS } from "../../domain/invitation";
import {
  assertInvitableRole,
  assertSendable,
  countedMailbox,
  parseInvitees,
  SENDING_WINDOW_MS,
  type SkippedInvitee,
  tooManyToAddress,
} from "../../domain/inviting";
import { assertMayGrow } from "../../domain/plan";
import { type OrganizationRole, ROLE_NAMES } from "../../domain/role";
import { type InvitingState, insertInvitations, readInvitingState } from "../../store/invitation";
import { countInvitedAddresses } from "../../store/invited-address";
import { invitationJob } from "../../store/jobs";
import type { WorkspaceGrant } from "../../store/workspace-assignment";
import { memberCommand } from "../runner/command";
import type { MemberUnitOfWork } from "../runner/unit-of-work";
import { assertAllExist, parseGrants, type WorkspaceGrantInput } from "../workspace/parse-workspace-grants";
import { expireInvitations } from "./expire-invitations";

export interface InviteMembersInput {
  organizationId: string;
  emails: string[];
  role: OrganizationRole;
  workspaces?: WorkspaceGrantInput[] | null;
}

export interface InviteMembersOutcome {
  organizationId: string;
  invitationIds: string[];
  skipped: SkippedInvitee[];
}

/**
 * Invites all addresses that can be invited, in one transaction. Invites none if there are not enough seats for all.
 */
export const inviteMembers = memberCommand<InviteMembersInput, InviteMembersOutcome>({
  permission: "INVITE_AND_REMOVE_MEMBERS",
  run: async (unit, input) => {
    const { transaction, organization, membership, now } = unit;
    assertInvitableRole(membership.role, input.role);
    assertMayGrow(membership.subscriptionStatus);
    const { addresses, skipped } = parseInvitees(input.emails);
    const grants = parseGrants(input.workspaces ?? [], now, "workspaces");
    const since = new Date(now.getTime() - SENDING_WINDOW_MS);
    const workspaceIds = grants.map((grant) => grant.workspaceId);
    const state = await readInvitingState(transaction, organization.id, {
      emails: addresses,
      workspaceIds,
      now,
      since,
    });
    assertAllExist(grants, new Set(Object.keys(state.workspaceNames ?? {})));
    const invitees: string[] = [];
    for (const email of addresses) {
      const reason = reasonToSkip(email, state);
      if (reason) skipped.push({ email, reason });
      else invitees.push(email);
    }
    assertSeatsFor(invitees.length, membership, state.members + state.pending);
    await countMails(unit, invitees, state);
    await expireInvitations(unit, state.overdueIds);
    const invitations = invitees.map((email) => newInvitation(unit, email, input.role));
    await insertInvitations(transaction, invitations, grants);
    for (const invitation of invitations) recordAndSend(unit, invitation, grants);
    return { organizationId: organization.id, invitationIds: invitations.map(({ id }) => id), skipped };
  },
});

function reasonToSkip(email: string, state: InvitingState): SkippedInvitee["reason"] | null {
  if (state.memberEmails.includes(email)) return "ALREADY_A_MEMBER";
  return state.pendingEmails.includes(email) ? "ALREADY_INVITED" : null;
}

/**
 * Counts the mails about to be sent, per organization and per mailbox over all organizations, against mail bombing.
 * Throws RATE_LIMITED.
 */
export async function countMails(
  { transaction, now }: MemberUnitOfWork,
  addresses: readonly string[],
  { sent }: Pick<InvitingState, "sent">,
): Promise<void> {
  assertSendable(addresses.length, sent);
  const mailboxes = addresses.map(countedMailbox);
  // Several addresses may lead to one mailbox, and each counts. The loop is needed because one statement counts a
  // mailbox only once.
  while (mailboxes.length > 0) {
    const once = [...new Set(mailboxes)];
    if (!(await countInvitedAddresses(transaction, once, now))) throw tooManyToAddress();
    for (const mailbox of once) mailboxes.splice(mailboxes.indexOf(mailbox), 1);
  }
}

function newInvitation(
  { organization, actor, now }: MemberUnitOfWork,
  email: string,
  role: OrganizationRole,
): Invitation {
  return {
    id: newId(),
    organizationId: organization.id,
    email,
    role,
    status: "PENDING",
    delivery: "QUEUED",
    deliveryProblem: null,
    invitedById: actor.id,
    createdAt: now,
    queuedAt: now,
    sendNumber: 1,
    lastSentAt: null,
    expiresAt: new Date(now.getTime() + INVITATION_LIFETIME_MS),
    respondedAt: null,
    cancellationReason: null,
  };
}

function recordAndSend(
  { record, enqueue }: MemberUnitOfWork,
  invitation: Invitation,
  workspaces: readonly WorkspaceGrant[],
) {
  const { id, email, role } = invitation;
  record({
    type: "invitation.created",
    subjectId: id,
    summary: `${email} was invited as ${ROLE_NAMES[role]}.`,
    data: { email, after: { role, workspaces } },
  });
  enqueue(invitationJob(invitation));
}

import { assertSeatToJoin, type CountingPlans } from "./growth";
import { assertAddressedTo, assertPending, type InvitationStatus } from "./invitation";
import { mayInOrganization } from "./permission";
import { type RefusalData, Refused, refusalOf } from "./refusal";
import type { OrganizationRole } from "./role";

/** The role and workspaces of an invitation, with its inviter's current role; null if they left the organization. */
export interface GrantedByInvitation {
  role: OrganizationRole;
  hasWorkspaces: boolean;
  inviterRole: OrganizationRole | null;
}

/**
 * Whether the inviter could send this invitation now. At the moment of acceptance, an invitation never gives more than
 * its inviter could grant (product rule).
 */
export function isBacked({ role, hasWorkspaces, inviterRole }: GrantedByInvitation): boolean {
  if (!mayInOrganization(inviterRole, "INVITE_AND_REMOVE_MEMBERS")) return false;
  if (hasWorkspaces && !mayInOrganization(inviterRole, "ACCESS_ALL_WORKSPACES")) return false;
  return role !== "OWNER" || inviterRole === "OWNER";
}

/** Refuses INVITATION_NOT_PENDING if the inviter could no longer send this invitation. */
export function assertBacked(invitation: GrantedByInvitation): void {
  if (isBacked(invitation)) return;
  throw new Refused(
    "INVITATION_NOT_PENDING",
    "The person who sent this invitation may no longer invite here. Ask an Owner or Admin for a new one.",
  );
}

/** Why the service cancels a pending invitation on its own. */
export const CANCELLATION_REASONS = {
  INVITER_MAY_NOT_INVITE: "its inviter may no longer invite",
  ALREADY_A_MEMBER: "the person with this address is a member already",
} as const;
export type CancellationReason = keyof typeof CANCELLATION_REASONS;

/** Why a pending invitation must be cancelled, or null. */
export function cancellationReason(
  invitation: GrantedByInvitation & { inviteeIsMember: boolean },
): CancellationReason | null {
  if (invitation.inviteeIsMember) return "ALREADY_A_MEMBER";
  return isBacked(invitation) ? null : "INVITER_MAY_NOT_INVITE";
}

/**
 * Why the invitee may not accept, or null if they may. Without a signed-in invitee only the invitation itself is
 * checked.
 */
export function refusalToAccept(
  invitation: { status: InvitationStatus; expiresAt: Date; email: string } & GrantedByInvitation,
  invitee: { email: string | null; emailVerified: boolean } | null,
  organization: CountingPlans & { viewerIsMember: boolean; memberCount: number },
  now: Date,
): RefusalData | null {
  return refusalOf(() => assertAcceptable(invitation, invitee, organization, now));
}

/**
 * Checks everything that can prevent an invitee from joining, and throws Refused. Membership is checked first: an
 * invitation is cancelled when its invitee joins another way, and "already a member" is the better answer.
 */
export function assertAcceptable(
  invitation: { status: InvitationStatus; expiresAt: Date; email: string } & GrantedByInvitation,
  invitee: { email: string | null; emailVerified: boolean } | null,
  organization: CountingPlans & { viewerIsMember: boolean; memberCount: number },
  now: Date,
): void {
  const { viewerIsMember: isMember } = organization;
  const isTheirs = invitee?.emailVerified === true && invitee.email === invitation.email;
  if (isMember && isTheirs && invitation.status !== "ACCEPTED") {
    throw new Refused(
      "ALREADY_A_MEMBER",
      "You are already a member of this organization. There is nothing left to do.",
    );
  }
  assertPending(invitation, now);
  if (invitee) assertAddressedTo(invitation, invitee);
  assertBacked(invitation);
  assertSeatToJoin(organization, organization.memberCount);
}

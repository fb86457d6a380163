import { Denied } from "./denial";
import { parseEmailAddress } from "./email-address";
import { assertSeatToJoin, type CountingPlans } from "./growth";
import { assertRoleWithinReach } from "./membership";
import { mayInOrganization } from "./permission";
import { invalidInput, type RefusalData, Refused } from "./refusal";
import type { OrganizationRole } from "./role";
import { storable } from "./text";

export const InvitationStatus = {
  PENDING: "PENDING",
  ACCEPTED: "ACCEPTED",
  DECLINED: "DECLINED",
  CANCELED: "CANCELED",
  EXPIRED: "EXPIRED",
} as const;
export type InvitationStatus = (typeof InvitationStatus)[keyof typeof InvitationStatus];

export const InvitationDelivery = { QUEUED: "QUEUED", SENT: "SENT", FAILED: "FAILED" } as const;
export type InvitationDelivery = (typeof InvitationDelivery)[keyof typeof InvitationDelivery];

export const SkippedInviteeReason = {
  ALREADY_A_MEMBER: "ALREADY_A_MEMBER",
  ALREADY_INVITED: "ALREADY_INVITED",
  INVALID_EMAIL: "INVALID_EMAIL",
  DUPLICATE: "DUPLICATE",
} as const;
export type SkippedInviteeReason = (typeof SkippedInviteeReason)[keyof typeof SkippedInviteeReason];

export const INVITEES_AT_A_TIME = 10;
export const INVITATION_LIFETIME_MS = 7 * 24 * 60 * 60 * 1000;
export const RESEND_INTERVAL_MS = 60 * 1000;

/** How many invitation mails an organization may cause within an hour. */
export const SENDING_WINDOW_MS = 60 * 60 * 1000;
export const SENDING_LIMIT = 1500;

/** How many one address gets within an hour and within a day, over all organizations. */
export const SENDING_LIMIT_PER_ADDRESS = 20;
export const SENDING_DAY_MS = 24 * SENDING_WINDOW_MS;
export const SENDING_LIMIT_PER_DAY = 50;

/** How many invitations to one address can be pending, by what may be sent in the days that one lasts. */
export const MOST_RECEIVED = SENDING_LIMIT_PER_DAY * (INVITATION_LIFETIME_MS / SENDING_DAY_MS);

/**
 * The mailbox that an address is counted by. What follows a plus sign is the recipient's own filing, with most providers:
 * it makes no further addresses to send to.
 */
export function countedMailbox(email: string): string {
  return email.replace(/^([^+@]+)\+[^@]*@/, "$1@");
}

/** Throws RATE_LIMITED where an organization sends too much. */
export function assertSendable(mails: number, sent: number): void {
  if (mails === 0 || sent + mails <= SENDING_LIMIT) return;
  const message = `An organization sends at most ${SENDING_LIMIT} invitations an hour. Try again later.`;
  throw new Denied("RATE_LIMITED", message, SENDING_WINDOW_MS / 1000);
}

/**
 * RATE_LIMITED for an address that gets no more. The words and the wait are always the same: they must not reveal which
 * limit was reached, who else invited the address, or when.
 */
export function tooManyToAddress(): Denied {
  const message = "One of these addresses has been sent too many invitations. Nothing was sent. Try again in an hour.";
  return new Denied("RATE_LIMITED", message, SENDING_WINDOW_MS / 1000);
}

export interface SkippedInvitee {
  email: string;
  reason: SkippedInviteeReason;
}

/** Sorts out what was typed: the addresses to invite, once each, and what is skipped without asking anybody. */
export function parseInvitees(emails: readonly string[]): { addresses: string[]; skipped: SkippedInvitee[] } {
  if (emails.length < 1 || emails.length > INVITEES_AT_A_TIME) {
    throw invalidInput(`Invite one to ${INVITEES_AT_A_TIME} addresses at a time.`, "emails");
  }
  const addresses = new Set<string>();
  const skipped: SkippedInvitee[] = [];
  for (const email of emails) {
    const address = parseEmailAddress(email);
    if (!address) skipped.push({ email: storable(email), reason: "INVALID_EMAIL" });
    else if (addresses.has(address)) skipped.push({ email, reason: "DUPLICATE" });
    else addresses.add(address);
  }
  return { addresses: [...addresses], skipped };
}

/** Ownership is granted to members, never by invitation; an Admin may not even try (ROLE_TOO_HIGH). */
export function assertInvitableRole(actorRole: OrganizationRole, role: OrganizationRole): void {
  assertRoleWithinReach(actorRole, role);
  if (role === "OWNER") throw invalidInput("Nobody is invited as Owner: invite them, then transfer ownership.", "role");
}

/** What an invitation's status reads as: PENDING past its date is EXPIRED, whether or not the job has run. */
export function readStatus(invitation: { status: InvitationStatus; expiresAt: Date }, now: Date): InvitationStatus {
  return invitation.status === "PENDING" && invitation.expiresAt <= now ? "EXPIRED" : invitation.status;
}

/** Only a pending invitation can be answered, resent or cancelled. */
export function assertPending(invitation: { status: InvitationStatus; expiresAt: Date }, now: Date): void {
  const status = readStatus(invitation, now);
  if (status === "EXPIRED") {
    throw new Refused("INVITATION_EXPIRED", "This invitation has expired. Ask for a new one.");
  }
  if (status !== "PENDING") {
    throw new Refused("INVITATION_NOT_PENDING", `This invitation is no longer open: it is ${status.toLowerCase()}.`);
  }
}

/** Only the invited, verified address may answer. `email` is null for somebody without one. */
export function assertAddressedTo(
  invitation: { email: string },
  invitee: { email: string | null; emailVerified: boolean },
): void {
  if (invitee.email !== invitation.email) {
    throw new Refused(
      "INVITATION_EMAIL_MISMATCH",
      "This invitation was sent to another e-mail address. Sign in with the address that was invited.",
    );
  }
  if (!invitee.emailVerified) {
    throw new Refused("EMAIL_NOT_VERIFIED", "Verify your e-mail address first, then answer the invitation.");
  }
}

/** What an invitation gives, and the role that its inviter has in the organization now; null where they left it. */
export interface GrantedByInvitation {
  role: OrganizationRole;
  hasWorkspaces: boolean;
  inviterRole: OrganizationRole | null;
}

/**
 * Whether the inviter could still give what the invitation gives: invite at all, this role, and access to workspaces
 * where it brings some. An invitation never admits with more than its inviter could grant now.
 */
export function isBacked({ role, hasWorkspaces, inviterRole }: GrantedByInvitation): boolean {
  if (!mayInOrganization(inviterRole, "INVITE_AND_REMOVE_MEMBERS")) return false;
  if (hasWorkspaces && !mayInOrganization(inviterRole, "ACCESS_ALL_WORKSPACES")) return false;
  return role !== "OWNER" || inviterRole === "OWNER";
}

/** Refuses INVITATION_NOT_PENDING where the inviter could not give this any more. */
export function assertBacked(invitation: GrantedByInvitation): void {
  if (isBacked(invitation)) return;
  throw new Refused(
    "INVITATION_NOT_PENDING",
    "The person who sent this invitation may no longer invite here. Ask an Owner or Admin for a new one.",
  );
}

/** Why the service cancels a pending invitation by itself. */
export const CANCELLATION_REASONS = {
  INVITER_MAY_NOT_INVITE: "its inviter may no longer invite",
  ALREADY_A_MEMBER: "the person with this address is a member already",
} as const;
export type CancellationReason = keyof typeof CANCELLATION_REASONS;

/** Why a pending invitation has become void, or null where it has not. */
export function cancellationReason(
  invitation: GrantedByInvitation & { inviteeIsMember: boolean },
): CancellationReason | null {
  if (invitation.inviteeIsMember) return "ALREADY_A_MEMBER";
  return isBacked(invitation) ? null : "INVITER_MAY_NOT_INVITE";
}

/** Resending is possible at most once a minute per invitation. */
export function assertResendable(invitation: { queuedAt: Date }, now: Date): void {
  const wait = invitation.queuedAt.getTime() + RESEND_INTERVAL_MS - now.getTime();
  if (wait > 0) {
    const seconds = Math.ceil(wait / 1000);
    throw new Refused("RESEND_TOO_SOON", `This invitation was sent less than a minute ago. Try again in ${seconds} s.`);
  }
}

/**
 * Why somebody may not accept, or null where they may. Somebody who is not signed in yet is told of the invitation
 * itself only: who they are is not known.
 */
export function refusalOfAnswer(
  invitation: { status: InvitationStatus; expiresAt: Date; email: string } & GrantedByInvitation,
  invitee: { email: string | null; emailVerified: boolean } | null,
  organization: CountingPlans & { viewerIsMember: boolean; memberCount: number },
  now: Date,
): RefusalData | null {
  try {
    assertAcceptable(invitation, invitee, organization, now);
    return null;
  } catch (error) {
    if (error instanceof Refused) return error.refusal;
    throw error;
  }
}

/**
 * All that stands between an invitee and their membership. A member whose open invitation was closed because they
 * joined otherwise reads that they are a member, and not that the invitation was canceled.
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
    throw new Refused("ALREADY_A_MEMBER", "You are a member of this organization already.");
  }
  assertPending(invitation, now);
  if (invitee) assertAddressedTo(invitation, invitee);
  assertBacked(invitation);
  assertSeatToJoin(organization, organization.memberCount);
}

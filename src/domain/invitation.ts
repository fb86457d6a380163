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

export const MAX_INVITEES = 10;
export const INVITATION_LIFETIME_MS = 7 * 24 * 60 * 60 * 1000;
export const RESEND_INTERVAL_MS = 60 * 1000;

/** How many invitation mails an organization may send within an hour. */
export const SENDING_WINDOW_MS = 60 * 60 * 1000;
export const SENDING_LIMIT = 1500;

/** How many invitations one address gets within an hour and within a day, over all organizations (product rule). */
export const SENDING_LIMIT_PER_ADDRESS = 20;
export const SENDING_DAY_MS = 24 * SENDING_WINDOW_MS;
export const SENDING_LIMIT_PER_DAY = 50;

/** How many invitations to one address can be pending: the daily limit times the days that an invitation lasts. */
export const MAX_PENDING_PER_ADDRESS = SENDING_LIMIT_PER_DAY * (INVITATION_LIFETIME_MS / SENDING_DAY_MS);

/**
 * The mailbox for counting an address. Most providers deliver "name+tag@…" to "name@…", so tags must not raise the
 * limit.
 */
export function countedMailbox(email: string): string {
  return email.replace(/^([^+@]+)\+[^@]*@/, "$1@");
}

/** Throws RATE_LIMITED if `mails` more invitations exceed the organization's hourly limit. */
export function assertSendable(mails: number, sent: number): void {
  if (mails === 0 || sent + mails <= SENDING_LIMIT) return;
  const message = `An organization can send at most ${SENDING_LIMIT} invitations an hour. Try again in an hour.`;
  throw new Denied("RATE_LIMITED", message, SENDING_WINDOW_MS / 1000);
}

/**
 * RATE_LIMITED for an address at its limit. Message and wait are constant, so that they do not reveal which limit was
 * reached, who else invited the address, or when.
 */
export function tooManyToAddress(): Denied {
  const message = "One of these addresses has received too many invitations. Nothing was sent. Try again in an hour.";
  return new Denied("RATE_LIMITED", message, SENDING_WINDOW_MS / 1000);
}

export interface SkippedInvitee {
  email: string;
  reason: SkippedInviteeReason;
}

/**
 * Splits the input into distinct addresses to invite and entries to skip. One to ten addresses are invited at a time
 * (product rule, Invitations). Refuses INVALID_INPUT.
 */
export function parseInvitees(emails: readonly string[]): { addresses: string[]; skipped: SkippedInvitee[] } {
  if (emails.length < 1 || emails.length > MAX_INVITEES) {
    throw invalidInput(`Invite one to ${MAX_INVITEES} addresses at a time.`, "emails");
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

/** Ownership is granted to members, never by invitation (product rule, Roles). Refuses ROLE_TOO_HIGH and INVALID_INPUT. */
export function assertInvitableRole(actorRole: OrganizationRole, role: OrganizationRole): void {
  assertRoleWithinReach(actorRole, role);
  if (role === "OWNER")
    throw invalidInput("Nobody can be invited as Owner. Invite with another role, then transfer ownership.", "role");
}

/** The status to show: PENDING past its date is EXPIRED, even before the job has stored that. */
export function readStatus(invitation: { status: InvitationStatus; expiresAt: Date }, now: Date): InvitationStatus {
  return invitation.status === "PENDING" && invitation.expiresAt <= now ? "EXPIRED" : invitation.status;
}

/** Only a pending invitation can be answered, resent or cancelled. Refuses INVITATION_EXPIRED and INVITATION_NOT_PENDING. */
export function assertPending(invitation: { status: InvitationStatus; expiresAt: Date }, now: Date): void {
  const status = readStatus(invitation, now);
  if (status === "EXPIRED") {
    throw new Refused("INVITATION_EXPIRED", "This invitation has expired. Ask for a new one.");
  }
  if (status !== "PENDING") {
    throw new Refused("INVITATION_NOT_PENDING", `This invitation is no longer open: it was ${status.toLowerCase()}.`);
  }
}

/** Only the invited, verified address may answer (product rule). Refuses INVITATION_EMAIL_MISMATCH, EMAIL_NOT_VERIFIED. */
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

/** The role and workspaces of an invitation, with its inviter's current role; null if they left the organization. */
export interface GrantedByInvitation {
  role: OrganizationRole;
  hasWorkspaces: boolean;
  inviterRole: OrganizationRole | null;
}

/**
 * Whether the inviter could send this invitation now. An invitation never admits with more than its inviter could grant
 * at the moment of acceptance (product rule).
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

/** An invitation can be resent once a minute. Refuses RESEND_TOO_SOON. */
export function assertResendable(invitation: { queuedAt: Date }, now: Date): void {
  const wait = invitation.queuedAt.getTime() + RESEND_INTERVAL_MS - now.getTime();
  if (wait > 0) {
    const seconds = Math.ceil(wait / 1000);
    const unit = seconds === 1 ? "second" : "seconds";
    throw new Refused(
      "RESEND_TOO_SOON",
      `This invitation was sent less than a minute ago. Try again in ${seconds} ${unit}.`,
    );
  }
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
  try {
    assertAcceptable(invitation, invitee, organization, now);
    return null;
  } catch (error) {
    if (error instanceof Refused) return error.refusal;
    throw error;
  }
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

import { Denied } from "./denial";
import { parseEmailAddress } from "./email-address";
import { INVITATION_LIFETIME_MS } from "./invitation";
import { assertRoleWithinReach } from "./membership";
import { invalidInput } from "./refusal";
import type { OrganizationRole } from "./role";
import { storable } from "./text";

export const SkippedInviteeReason = {
  ALREADY_A_MEMBER: "ALREADY_A_MEMBER",
  ALREADY_INVITED: "ALREADY_INVITED",
  INVALID_EMAIL: "INVALID_EMAIL",
  DUPLICATE: "DUPLICATE",
} as const;
export type SkippedInviteeReason = (typeof SkippedInviteeReason)[keyof typeof SkippedInviteeReason];

export const MAX_INVITEES = 10;

/** How many invitation mails an organization may send within an hour. */
export const SENDING_WINDOW_MS = 60 * 60 * 1000;
export const SENDING_LIMIT = 1500;

/** How many invitations one address gets within an hour and within a day, over all organizations (product rule). */
export const SENDING_LIMIT_PER_ADDRESS = 20;
export const SENDING_DAY_MS = 24 * SENDING_WINDOW_MS;
export const SENDING_LIMIT_PER_DAY = 50;

/** How many invitations to one address can be pending: the daily limit times the days that an invitation lasts. */
export const MAX_PENDING_PER_ADDRESS = SENDING_LIMIT_PER_DAY * (INVITATION_LIFETIME_MS / SENDING_DAY_MS);

const GOOGLE = /^([^@]+)@(?:gmail|googlemail)\.com$/;

/**
 * The mailbox for counting an address, because other spellings of an address must not raise the limit. Most providers
 * deliver "name+tag@…" to "name@…". Google also ignores dots, and has two domains.
 */
export function countedMailbox(email: string): string {
  const untagged = email.replace(/^([^+@]+)\+[^@]*@/, "$1@");
  const name = GOOGLE.exec(untagged)?.[1];
  return name === undefined ? untagged : `${name.replaceAll(".", "")}@gmail.com`;
}

/** Throws RATE_LIMITED if `mails` more invitations exceed the organization's hourly limit. */
export function assertSendable(mails: number, sent: number): void {
  if (mails === 0 || sent + mails <= SENDING_LIMIT) return;
  const message = `An organization can send at most ${SENDING_LIMIT} invitations an hour. Try again in an hour.`;
  throw new Denied("RATE_LIMITED", message, SENDING_WINDOW_MS / 1000);
}

/**
 * The RATE_LIMITED error for an address at its limit. Message and wait are constant, so that they do not reveal which
 * limit was reached, who else invited the address, or when.
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

/** Whether people can be invited with the role. */
export function isInvitable(role: OrganizationRole): boolean {
  return role !== "OWNER";
}

/** Ownership is granted to members, never by invitation (product rule, Roles). Refuses ROLE_TOO_HIGH and INVALID_INPUT. */
export function assertInvitableRole(actorRole: OrganizationRole, role: OrganizationRole): void {
  assertRoleWithinReach(actorRole, role);
  if (!isInvitable(role))
    throw invalidInput("Nobody can be invited as Owner. Invite with another role, then transfer ownership.", "role");
}

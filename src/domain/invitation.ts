import { Refused } from "./refusal";

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

/** Why a mail failed. UNKNOWN stands for failures that were recorded without a reason. */
export const DeliveryProblem = { REJECTED: "REJECTED", UNREACHABLE: "UNREACHABLE", UNKNOWN: "UNKNOWN" } as const;
export type DeliveryProblem = (typeof DeliveryProblem)[keyof typeof DeliveryProblem];

/** A delivery problem in words for the inviter, with the next step. */
export const DELIVERY_PROBLEMS: Record<DeliveryProblem, string> = {
  REJECTED:
    "The recipient's mail server rejected the e-mail. Check the address. If it is wrong, cancel the invitation and invite " +
    "the right one.",
  UNREACHABLE: "The e-mail could not be sent in several attempts. Send the invitation again later.",
  UNKNOWN: "The e-mail could not be delivered. Check the address, then send the invitation again.",
};

export const INVITATION_LIFETIME_MS = 7 * 24 * 60 * 60 * 1000;
export const RESEND_INTERVAL_MS = 60 * 1000;

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

/** When an invitation can be resent: a minute after its latest mail was queued. Null unless it is pending. */
export function resendableAt({ status, queuedAt }: { status: InvitationStatus; queuedAt: Date }): Date | null {
  return status === "PENDING" ? nextMailAt(queuedAt) : null;
}

function nextMailAt(queuedAt: Date): Date {
  return new Date(queuedAt.getTime() + RESEND_INTERVAL_MS);
}

/** An invitation can be resent once a minute. Refuses RESEND_TOO_SOON. */
export function assertResendable(invitation: { queuedAt: Date }, now: Date): void {
  const wait = nextMailAt(invitation.queuedAt).getTime() - now.getTime();
  if (wait > 0) {
    const seconds = Math.ceil(wait / 1000);
    const unit = seconds === 1 ? "second" : "seconds";
    throw new Refused(
      "RESEND_TOO_SOON",
      `This invitation was sent less than a minute ago. Try again in ${seconds} ${unit}.`,
      { retryAfterSeconds: seconds },
    );
  }
}

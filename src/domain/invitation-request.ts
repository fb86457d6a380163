import type { CancellationReason } from "./accepting";
import { Denied, notFound } from "./denial";
import { type InvitationStatus, readStatus } from "./invitation";
import { mayInOrganization } from "./permission";
import { invalidInput, Refused } from "./refusal";
import type { OrganizationRole } from "./role";

/** How often the holder of a dead link may ask for a new invitation. */
export const REQUEST_INTERVAL_MS = 24 * 60 * 60 * 1000;

/** How many requests one person may send: a burst, then one per interval. */
export const REQUEST_BURST = 20;
export const REQUEST_EVERY_MS = 60 * 1000;

/** A link of an invitation, and the invitation as it is now. */
export interface RequestedLink {
  status: InvitationStatus;
  expiresAt: Date;
  cancellationReason: CancellationReason | null;
  /** Whether a newer link took its place. */
  isReplaced: boolean;
  /** When its holder last asked; null if never. */
  requestedAt: Date | null;
}

/**
 * The holder of a dead link can ask for a new one (product rule, second thoughts), once a day per link. A link is dead
 * once it was replaced, its invitation has expired, or its inviter lost the right to invite. If somebody accepted,
 * declined or canceled the invitation, the error is the same as for an unknown link. Throws NOT_FOUND; refuses
 * INVALID_INPUT for a link that still works, and RESEND_TOO_SOON.
 */
export function assertRequestable(link: RequestedLink, now: Date): void {
  const status = readStatus(link, now);
  const isForsaken = status === "CANCELED" && link.cancellationReason === "INVITER_MAY_NOT_INVITE";
  if (status !== "PENDING" && status !== "EXPIRED" && !isForsaken) throw notFound("invitation");
  if (status === "PENDING" && !link.isReplaced) {
    throw invalidInput("This link still works. Use it to accept the invitation.", "token");
  }
  const wait = link.requestedAt === null ? 0 : link.requestedAt.getTime() + REQUEST_INTERVAL_MS - now.getTime();
  if (wait > 0) {
    const message = "You asked for a new invitation less than a day ago. Wait for the answer.";
    throw new Refused("RESEND_TOO_SOON", message, { retryAfterSeconds: Math.ceil(wait / 1000) });
  }
}

/** Whether the inviter gets the request. Otherwise the Owners do: the inviter has left or may no longer invite. */
export function reachesInviter(inviter: { role: OrganizationRole | null; hasAddress: boolean }): boolean {
  return inviter.hasAddress && mayInOrganization(inviter.role, "INVITE_AND_REMOVE_MEMBERS");
}

/** The RATE_LIMITED error for a person who sends too many requests, for whichever links. */
export function tooManyRequests(waitMs: number): Denied {
  const seconds = Math.ceil(waitMs / 1000);
  return new Denied("RATE_LIMITED", `You asked for too many invitations. Try again in ${seconds} seconds.`, seconds);
}

/** The refusal to show a renewed link again: the service stores only its hash. */
export function linkWasShown(): Refused {
  const message = "This link was shown once. Renew the link again, with another Idempotency-Key, to get a new one.";
  return new Refused("IDEMPOTENCY_KEY_REUSED", message);
}

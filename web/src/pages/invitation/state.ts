import type { InvitationOfLinkQuery } from "../../graph/generated/graphql";

export type Invitation = NonNullable<InvitationOfLinkQuery["invitation"]>;

/** The state of a link for its holder. Each state has its own text and next step. */
export type LinkState =
  | "signed-out"
  | "open"
  | "wrong-account"
  | "not-verified"
  | "member"
  | "no-seat"
  | "expired"
  | "declined"
  | "accepted"
  | "canceled"
  | "void";

/** The state of an invitation for the person who looks at it, as the graph gives it. */
export function stateOf({ status, refusal }: Invitation, isSignedIn: boolean): LinkState {
  if (refusal?.code === "ALREADY_A_MEMBER") return "member";
  if (status === "EXPIRED") return "expired";
  if (status === "DECLINED") return "declined";
  if (status === "ACCEPTED") return "accepted";
  if (status === "CANCELED") return "canceled";
  if (refusal?.code === "INVITATION_EMAIL_MISMATCH") return "wrong-account";
  if (refusal?.code === "EMAIL_NOT_VERIFIED") return "not-verified";
  if (refusal?.code === "MEMBER_LIMIT_REACHED") return "no-seat";
  if (refusal) return "void";
  return isSignedIn ? "open" : "signed-out";
}

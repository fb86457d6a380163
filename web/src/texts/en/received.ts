import { count } from "./count";

export const receivedPage = {
  title: "Your invitations",
  text: "Invitations to the address with which you are signed in.",
  arrived: (organization: string) => `You are invited to join ${organization}.`,
  accepted: (organization: string) => `You joined ${organization}.`,
  declined: (organization: string) => `You declined the invitation to ${organization}.`,
  asRole: (role: string) => `As ${role}`,
  invitedBy: (name: string) => `Invited by ${name}`,
  workspaces: (names: readonly string[]) => `With access to ${names.join(", ")}`,
  noWorkspaces: "Without access to a workspace yet",
  allWorkspaces: "With access to all workspaces",
  expires: "Expires",
  empty: "Nobody has invited you at the moment.",
  emptyNext: "New invitations appear here.",
  notVerified: (email: string) =>
    `Your address ${email} is not verified. Verify it with your identity provider: until then no invitation reaches you.`,
  noAddress: "Your account has no e-mail address, so no invitation can reach you.",
  number: (number: number) => count(number, "invitation", "invitations"),
};

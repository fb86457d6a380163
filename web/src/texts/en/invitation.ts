export const invitationPage = {
  address: "For",
  role: "Role",
  workspaces: "Workspaces",
  expires: "Valid until",
  names: (list: readonly string[]) => new Intl.ListFormat("en").format(list),
  signedInAs: (name: string, email: string) => `You are signed in as ${name} (${email}).`,
  signIn: "Sign in or sign up to answer",
  signInToRequest: "Sign in to ask for a new one",
  states: {
    "signed-out": (_name: string) => "Sign in with the invited address to answer. You can also sign up with it.",
    open: (name: string) => `You join ${name} only if you accept.`,
    "wrong-account": (email: string) =>
      `This invitation is for ${email}, which is not the address of this account. Switch to the account with that address.`,
    "not-verified": (_name: string) =>
      "Your e-mail address is not verified. Verify it where you signed up, then sign in again.",
    member: (name: string) => `You are a member of ${name} already. There is nothing left to do.`,
    expired: (name: string) => `This invitation has expired. Ask ${name} for a new one.`,
    declined: (name: string) =>
      `You declined this invitation. If you changed your mind, ask somebody at ${name} to invite you again.`,
    accepted: (_name: string) => "This invitation was accepted already.",
    canceled: (name: string) => `${name} has canceled this invitation.`,
  },
  verifiedNow: "Sign in again",
  request: "Ask for a new invitation",
  requested: "Your request was sent. A new invitation comes by e-mail.",
  open: (name: string) => `Open ${name}`,
  welcome: (name: string) => `Welcome to ${name}.`,
};

import { count } from "./count";

export const selectorPage = {
  opens: ": organizations and workspaces",
  choose: "Choose a workspace",
  title: "Organizations and workspaces",
  search: "Search organizations and workspaces",
  more: (number: number) => `${count(number, "more workspace", "more workspaces")}…`,
  noHit: "No organization or workspace has this name.",
  current: "Current",
  settings: "Settings",
  members: "Members",
  subscription: "Subscription",
  byok: "BYOK",
  of: (tab: string, organization: string) => `${tab} of ${organization}`,
  invitations: (number: number) => count(number, "invitation for you", "invitations for you"),
  invitationsFailed: "Your invitations could not be loaded",
  waiting: (number: number) => (number === 1 ? "invitation for you" : "invitations for you"),
  invitedBy: (inviter: string | null, role: string) =>
    inviter ? `${inviter} invites you as ${role}` : `Invited as ${role}`,
  acceptFor: (organization: string) => `Accept the invitation to ${organization}`,
  declineFor: (organization: string) => `Decline the invitation to ${organization}`,
  allOrganizations: "All organizations",
  account: "Account",
  theme: "Theme",
  themes: { system: "As the system", light: "Light", dark: "Dark" },
  shortcuts: "Keyboard shortcuts",
  shortcutList: {
    selector: "Open organizations and workspaces",
    search: "Search on this page",
    help: "Show the keyboard shortcuts",
    close: "Close the dialog or menu",
  },
};

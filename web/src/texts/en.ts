import type {
  CloudProvider,
  InvitationDelivery,
  InvitationStatus,
  OrganizationRole,
  WorkspaceRole,
} from "../graph/generated/graphql";
import { accessPage } from "./en/access";
import { accountPage } from "./en/account";
import { byokPage } from "./en/byok";
import { count } from "./en/count";
import { errorPages } from "./en/errors";
import { generalPage } from "./en/general";
import { invitationPage } from "./en/invitation";
import { invitePage } from "./en/invite";
import { membersPage } from "./en/members";
import { organizationsPage } from "./en/organizations";
import { receivedPage } from "./en/received";
import { refusals } from "./en/refusals";
import { reviewPage, reviewsPage } from "./en/reviews";
import { rolesPage } from "./en/roles";
import { selectorPage } from "./en/selector";
import { subscriptionPage } from "./en/subscription";
import { workspacePage } from "./en/workspace";
import { workspacesPage } from "./en/workspaces";

/**
 * The texts of the console, except those of the audit log, which come with its page. Sentences from the service, such
 * as refusals, are shown unchanged.
 */
export const texts = {
  product: "CloudThinker Organizations",
  skip: "Skip to the content",
  signIn: "Sign in",
  signOut: "Sign out",
  signInIntroduction: "Sign in to manage your organizations, their members and workspaces.",
  signingIn: "Signing in…",
  signInFailed: "The sign-in failed",
  tryAgain: "Try again",
  loading: "Loading…",
  failed: "This could not be loaded",
  requestId: (id: string) => `Request ${id}`,
  copyRequestId: "Copy the id of the request",
  waitSeconds: (seconds: number) => `You can try again in ${count(seconds, "second", "seconds")}.`,
  waitOver: "You can try again now.",
  notFound: "There is no such page",
  notFoundText: "The address is wrong, or the thing does not exist, or you have no access to it.",
  toOrganizations: "Your organizations",
  organizations: "Organizations",
  organizationsText: "Organizations group workspaces, members and billing under one account.",
  newOrganization: "New organization",
  name: "Name",
  description: "Description",
  create: "Create",
  cancel: "Cancel",
  close: "Close",
  search: "Search organizations and workspaces",
  nothingFound: "Nothing matches your search.",
  workspace: "Workspace",
  workspaces: (number: number) => count(number, "workspace", "workspaces"),
  members: (number: number) => count(number, "member", "members"),
  noDescription: "No description",
  tabs: {
    general: "General",
    members: "Members",
    roles: "Roles",
    workspaces: "Workspaces",
    subscription: "Subscription",
    byok: "BYOK",
    audit: "Audit log",
    reviews: "Access reviews",
  },
  receivedInvitations: "Invitations",
  account: "Account",
  copied: "Copied",
  undo: "Undo",
  pages: "Pages",
  previousPage: "Previous",
  nextPage: "Next",
  firstPage: "This is the first page.",
  lastPage: "This is the last page.",
  range: (from: number, to: number, total: number) =>
    `${from.toLocaleString("en")}–${to.toLocaleString("en")} of ${total.toLocaleString("en")}`,
  clear: (label: string) => `Clear ${label}`,
  limit: (used: number, limit: number | null) =>
    limit === null
      ? `${used.toLocaleString("en")}, unlimited`
      : `${used.toLocaleString("en")} of ${limit.toLocaleString("en")}`,
  notSentForSure: "The connection broke before an answer came. Try again: it has one effect, even if it was received.",
  wouldHappen: "What will happen",
  moreEffects: (number: number) => `And ${count(number, "more change", "more changes")}.`,
  nothingElseHappens: "Nothing else changes.",
  effectsUnknown: "What this changes could not be found out just now.",
  checkingEffects: "Checking what this changes…",
  mailTo: (address: string, subject: string) => `${address} gets the e-mail “${subject}”.`,
  membersTitle: "Members",
  searchMembers: "Search members",
  delivery: { QUEUED: "Queued", SENT: "Sent", FAILED: "Failed" } satisfies Record<InvitationDelivery, string>,
  you: "You",
  roles: { OWNER: "Owner", ADMIN: "Admin", DEVELOPER: "Developer", VIEWER: "Viewer" } satisfies Record<
    OrganizationRole,
    string
  >,
  workspaceRoles: { ADMIN: "Admin", DEVELOPER: "Developer", VIEWER: "Viewer" } satisfies Record<WorkspaceRole, string>,
  providers: { AWS: "AWS", GCP: "GCP", AZURE: "Azure" } satisfies Record<CloudProvider, string>,
  statuses: {
    PENDING: "Pending",
    ACCEPTED: "Accepted",
    DECLINED: "Declined",
    CANCELED: "Canceled",
    EXPIRED: "Expired",
  } satisfies Record<InvitationStatus, string>,
  invitation: "Invitation",
  invitedTo: (organization: string, inviter: string | null) =>
    inviter ? `${inviter} invites you to join ${organization}` : `You are invited to join ${organization}`,
  linkInvalid: "This link is not valid any more",
  linkInvalidText:
    "It is unknown, or a newer e-mail has replaced it. Look for the newest e-mail, or ask for a new invitation.",
  accept: "Accept",
  decline: "Decline",
  switchAccount: "Sign in with another account",
  connection: {
    lost: (time: string) =>
      `The connection was lost. What you see is as of ${time}. Live updates continue as soon as it is back.`,
  },
  session: {
    signedOut: "You are signed out",
    signedOutText: "The session has ended in all tabs of this browser.",
    failedText:
      "Nothing has changed. Start again; if it fails again, tell the people who run this service what it says:",
    ended: "Your session has ended. What you typed stays here and is sent when you are back.",
    signInAgain: "Sign in again in a new tab",
  },

  refusals,
  errorPages,
  selectorPage,
  organizationsPage,
  generalPage,
  membersPage,
  invitePage,
  accessPage,
  rolesPage,
  workspacesPage,
  workspacePage,
  subscriptionPage,
  byokPage,
  reviewsPage,
  reviewPage,
  receivedPage,
  invitationPage,
  accountPage,
};

export type Texts = typeof texts;

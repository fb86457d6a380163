import type {
  ByokStatus,
  CloudProvider,
  InvitationDelivery,
  InvitationStatus,
  OrganizationRole,
  WorkspaceRole,
} from "../graph/generated/graphql";
import { count } from "./en/count";
import { errorPages } from "./en/errors";
import { receivedPage } from "./en/received";
import { nextSteps, refusals } from "./en/refusals";
import { selectorPage } from "./en/selector";

/**
 * Texts that several pages show. A page's own texts are in `en/<page>.ts` and load with the page. Sentences from the
 * service, such as refusals, are shown unchanged.
 */
export const texts = {
  brand: "CloudThinker",
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
  pageFailed: "The next entries could not be loaded",
  requestId: (id: string) => `Request ${id}`,
  copyRequestId: "Copy the id of the request",
  waitSeconds: (seconds: number) => `You can try again in ${count(seconds, "second", "seconds")}.`,
  waitOver: "You can try again now.",
  notFound: "There is no such page",
  notFoundText: "The address is wrong, the page does not exist any more, or you have no access to it.",
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
  changedMeanwhile: (field: string) => `Somebody changed the ${field.toLowerCase()} meanwhile. It is now:`,
  useTheirs: "Use theirs",
  keepMine: "Keep mine",
  nothing: "(nothing)",
  unsaved: "Leave without saving?",
  unsavedText: "Your changes are not saved.",
  leavePage: "Leave the page",
  keepEditing: "Keep editing",
  copied: "Copied",
  notCopied: "The browser does not allow copying. Select the text and copy it yourself.",
  undo: "Undo",
  notDone: (reason: string) => `A change that you sent was not made. ${reason}`,
  notUndone: (reason: string) => `This could not be undone. ${reason}`,
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
  answeredBefore: "This was done already, and its result was shown only once. Repeat it to get a new result.",
  roleForbids: "Your role does not allow this. Ask an Owner or Admin of the organization.",
  ownKey: (status: string) => `Own key: ${status}`,
  byokStatuses: {
    NOT_CONFIGURED: "No key",
    ACTIVE: "Active",
    PAUSED: "Paused",
    EXPIRED: "Expired",
    FAILING: "Failing",
    PLAN_INACTIVE: "Not in the plan",
  } satisfies Record<ByokStatus, string>,
  notSentForSure: "The connection broke before an answer came. Try again: it has one effect, even if it was received.",
  notSavedForSure: "The service could not find out whether this was saved. Try again: it has one effect.",
  wouldBeRecorded: "What will be recorded",
  moreEffects: (number: number) => `And ${count(number, "more change", "more changes")}.`,
  nothingElseHappens: "Nothing else changes.",
  effectsUnknown: "The effects could not be loaded. You can go on without them, or close this and try again.",
  effectsChanged: "The organization has changed since you opened this. Below is what would happen now.",
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
  nextSteps,
  errorPages,
  selectorPage,
  receivedPage,
};

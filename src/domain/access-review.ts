import { assertPermission, assertPerson } from "./authorization";
import { assertRoleWithinReach } from "./membership";
import { invalidInput, type RefusalData, Refused, refusalOf } from "./refusal";
import { OrganizationRole, reachesEveryWorkspace, type WorkspaceRole } from "./role";
import type { Viewer } from "./viewer";

export const AccessReviewStatus = { OPEN: "OPEN", COMPLETED: "COMPLETED", CANCELED: "CANCELED" } as const;
export type AccessReviewStatus = keyof typeof AccessReviewStatus;

export const AccessReviewDecision = { KEEP: "KEEP", CHANGE: "CHANGE", REMOVE: "REMOVE" } as const;
export type AccessReviewDecision = keyof typeof AccessReviewDecision;

export const AccessReviewOutcome = {
  APPLIED: "APPLIED",
  UNCHANGED: "UNCHANGED",
  MEMBER_GONE: "MEMBER_GONE",
  CHANGED_MEANWHILE: "CHANGED_MEANWHILE",
} as const;
export type AccessReviewOutcome = keyof typeof AccessReviewOutcome;

export const AccessReviewFinding = {
  UNUSED_90_DAYS: "UNUSED_90_DAYS",
  MANY_OWNERS: "MANY_OWNERS",
  RAISED_BY_OVERRIDE: "RAISED_BY_OVERRIDE",
  UNASSIGNED: "UNASSIGNED",
  PERMANENT_OVERRIDE: "PERMANENT_OVERRIDE",
} as const;
export type AccessReviewFinding = keyof typeof AccessReviewFinding;

/** The orders in which the members of a review are listed. */
export const AccessReviewItemOrder = { JOINED: "JOINED", FINDINGS: "FINDINGS" } as const;
export type AccessReviewItemOrder = keyof typeof AccessReviewItemOrder;

export const ACCESS_REVIEW_NAME_LIMIT = 100;
export const ACCESS_REVIEW_NOTE_LIMIT = 1_000;
/** How many items one request may decide on. */
export const MAX_DECISIONS = 100;
/** Completing applies all decisions under the organization's lock, so a review's size limits how long others wait. */
export const MAX_REVIEWED_MEMBERS = 20_000;

const DAY_MS = 24 * 60 * 60 * 1000;
const UNUSED_MS = 90 * DAY_MS;
/** One or two people hold the role Owner (product rule, Roles). */
const USUAL_OWNERS = 2;

/** How long before `dueAt` the reviewers get a mail, earliest first. */
export const REMINDERS_MS = [7 * DAY_MS, DAY_MS] as const;

/** A review is due in the future. Refuses INVALID_INPUT. */
export function assertDueLater(dueAt: Date, now: Date): void {
  if (dueAt <= now) throw invalidInput("A review must be due in the future. Choose a later time.", "dueAt");
}

/** A review has at least one member, and no more than one completion can apply. Refuses INVALID_INPUT. */
export function assertReviewSize(members: number): void {
  if (members === 0) throw invalidInput("No member has these roles and workspaces. Choose others.", "roles");
  if (members <= MAX_REVIEWED_MEMBERS) return;
  const limit = MAX_REVIEWED_MEMBERS.toLocaleString("en");
  throw invalidInput(`A review covers at most ${limit} members. Narrow it by roles or workspaces.`, "roles");
}

/** Decisions are made and applied while the review is open. Refuses REVIEW_NOT_OPEN. */
export function assertReviewOpen(status: AccessReviewStatus): void {
  if (status === "OPEN") return;
  throw new Refused("REVIEW_NOT_OPEN", `This review is closed: it was ${status.toLowerCase()}. Start a new one.`);
}

/** How many reminders of a review were due by `now`. */
export function remindersReached(dueAt: Date, now: Date): number {
  return REMINDERS_MS.filter((before) => dueAt.getTime() - now.getTime() <= before).length;
}

/** How many reminders a new review skips, because their time has already passed. */
export function remindersSkipped(dueAt: Date, now: Date): number {
  return REMINDERS_MS.filter((before) => dueAt.getTime() - now.getTime() < before).length;
}

/** Access to one workspace, as a review stores it. A null end: it does not end by itself. */
export interface ReviewedGrant {
  workspaceId: string;
  workspaceName: string;
  roleOverride: WorkspaceRole | null;
  expiresAt: Date | null;
}

/** The access on which the findings about one member depend, as of the start of the review. */
export interface ReviewedAccess {
  role: OrganizationRole;
  grants: readonly ReviewedGrant[];
  joinedAt: Date;
  /** Null: not seen since the service began to record it. */
  lastSeenAt: Date | null;
  /** The member's place among the Owners, by the time they joined; null for other roles. */
  ownerRank: number | null;
}

/** The reasons to look at one member's access. A member who was never seen counts as unused since they joined. */
export function findingsOf(access: ReviewedAccess, startedAt: Date): AccessReviewFinding[] {
  const { role, grants, ownerRank } = access;
  const unused = startedAt.getTime() - (access.lastSeenAt ?? access.joinedAt).getTime();
  // Stored grants of Owners and Admins have no effect.
  const overrides = reachesEveryWorkspace(role) ? [] : grants.filter(({ roleOverride }) => roleOverride !== null);
  const holds: Record<AccessReviewFinding, boolean> = {
    UNUSED_90_DAYS: unused >= UNUSED_MS,
    MANY_OWNERS: (ownerRank ?? 0) > USUAL_OWNERS,
    RAISED_BY_OVERRIDE: overrides.some(({ roleOverride }) => isAbove(roleOverride, role)),
    UNASSIGNED: !reachesEveryWorkspace(role) && grants.length === 0,
    PERMANENT_OVERRIDE: overrides.some(({ expiresAt }) => expiresAt === null),
  };
  return Object.values(AccessReviewFinding).filter((finding) => holds[finding]);
}

function isAbove(override: WorkspaceRole | null, role: OrganizationRole): boolean {
  const ranks = Object.keys(OrganizationRole);
  return override !== null && ranks.indexOf(override) < ranks.indexOf(role);
}

/** The person who decides. */
export interface Reviewer {
  userId: string;
  role: OrganizationRole;
}

/** The member whose access is reviewed. `currentRole` is null once they have left. */
export interface ReviewedMember {
  userId: string;
  role: OrganizationRole;
  currentRole: OrganizationRole | null;
}

/**
 * Nobody decides on their own access. An Admin can neither decide on an Owner nor make somebody an Owner (product rule,
 * Access reviews). `role` is the role at the start of the review. Refuses OWN_ACCESS and ROLE_TOO_HIGH.
 */
export function assertMayDecide(reviewer: Reviewer, member: ReviewedMember, newRole: OrganizationRole | null): void {
  if (reviewer.userId === member.userId) {
    throw new Refused(
      "OWN_ACCESS",
      "Nobody decides on their own access. Leave this decision to another Owner or Admin.",
    );
  }
  assertRoleWithinReach(reviewer.role, member.role, member.currentRole ?? member.role, newRole ?? member.role);
}

/**
 * Why the viewer may not decide on a member in a review; null if they may. `role` is the viewer's, and null for a
 * service.
 */
export function decisionRefusal(
  viewer: Viewer,
  role: OrganizationRole | null,
  status: AccessReviewStatus,
  member: ReviewedMember,
): RefusalData | null {
  return refusalOf(() => {
    assertPerson(viewer);
    assertPermission(role, "REVIEW_ACCESS");
    assertReviewOpen(status);
    if (role !== null) assertMayDecide({ userId: viewer.id, role }, member, null);
  });
}

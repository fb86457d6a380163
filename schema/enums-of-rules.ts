import { OrganizationPermission, rolesWith, WorkspacePermission } from "../src/domain/permission";
import { RefusalCode } from "../src/domain/refusal";
import { ROLE_NAMES } from "../src/domain/role";
import { describeEnum } from "./describe-enum";

const ACTIONS: Record<OrganizationPermission, string> = {
  EDIT_ORGANIZATION: "Change the organization's name and description.",
  MANAGE_BILLING: "See and change the plan, payment and usage.",
  CONFIGURE_BYOK: "Bring, pause, check and remove the organization's own AWS key.",
  INVITE_AND_REMOVE_MEMBERS: "Invite people, manage invitations and remove members.",
  CHANGE_MEMBER_ROLES: "Change the roles of members.",
  TRANSFER_OWNERSHIP: "Transfer ownership to another member.",
  DELETE_ORGANIZATION: "Delete and restore the organization.",
  CREATE_WORKSPACES: "Create workspaces.",
  DELETE_WORKSPACES: "Delete workspaces.",
  ACCESS_ALL_WORKSPACES: "Enter every workspace without an assignment.",
  VIEW_AUDIT_LOG: "Read the audit log.",
  REVIEW_ACCESS: "Start, decide and complete access reviews.",
};

/** The action, and the roles from the permission matrix. */
function withRoles(permission: OrganizationPermission): string {
  const roles = rolesWith(permission).map((role) => ROLE_NAMES[role]);
  return `${ACTIONS[permission]} Roles: ${roles.join(", ")}.`;
}

describeEnum(
  "OrganizationPermission",
  "A permission that a role can have in an organization.",
  OrganizationPermission,
  Object.fromEntries(Object.values(OrganizationPermission).map((each) => [each, withRoles(each)])) as typeof ACTIONS,
);
describeEnum("WorkspacePermission", "A permission that a role can have in a workspace.", WorkspacePermission, {
  VIEW_WORKSPACE: "See the workspace and what is in it.",
  RUN_OPERATIONS: "Run operations.",
  MODIFY_RESOURCES: "Create, change and delete resources.",
  EDIT_WORKSPACE: "Change the workspace's name and description.",
  MANAGE_WORKSPACE_ACCESS: "Grant and revoke access to the workspace.",
});
describeEnum("RefusalCode", "The rule that does not allow a change.", RefusalCode, {
  INVALID_INPUT: "Part of the input is invalid. 'path' leads to it.",
  MEMBER_LIMIT_REACHED: "The plan has no free seat left.",
  WORKSPACE_LIMIT_REACHED: "The plan has no free workspace left.",
  ORGANIZATION_LIMIT_REACHED: "The person created too many organizations that are on a free plan.",
  ROLE_TOO_HIGH: "The role is above what the viewer may grant or change.",
  LAST_OWNER: "The organization would have no Owner.",
  DEFAULT_WORKSPACE: "The default workspace cannot be deleted.",
  IMPLICIT_ACCESS: "Owners and Admins have access to every workspace. It cannot be granted or revoked.",
  NAME_TAKEN: "Another workspace of the organization has the name, or one that looks the same.",
  INVITATION_NOT_PENDING: "The invitation was answered or canceled before.",
  INVITATION_EXPIRED: "The invitation has expired.",
  INVITATION_EMAIL_MISMATCH: "The invitation is for another e-mail address.",
  EMAIL_NOT_VERIFIED: "The viewer's e-mail address is not verified.",
  ALREADY_A_MEMBER: "The person is a member already.",
  RESEND_TOO_SOON: "The latest e-mail was queued less than a minute ago, or too many were sent.",
  PLAN_UNKNOWN: "There is no such plan on offer.",
  PLAN_UNCHANGED: "The organization has this plan already.",
  PLAN_LIMIT_EXCEEDED: "The organization uses more than the new plan allows.",
  PLAN_WITHOUT_BYOK: "The plan does not include the use of an own AWS key.",
  PAYMENT_REQUIRED: "The plan has to be paid, or a payment failed.",
  BYOK_NOT_CONFIGURED: "The organization has no AWS key of its own.",
  BYOK_VERIFICATION_FAILED: "AWS rejects the key, or it has expired.",
  CREDITS_EXHAUSTED: "The organization's credits are used up.",
  REVIEW_NOT_OPEN: "The access review was completed or canceled before.",
  REVIEW_INCOMPLETE: "The access review has undecided items.",
  REVIEW_OPEN_ALREADY: "The organization has an open access review.",
  OWN_ACCESS: "Nobody decides on their own access.",
  DECIDED_MEANWHILE: "The decision of the access review is not the expected one any more.",
  NOT_REINSTATABLE: "The person was not removed in the last 30 days, or is a member.",
  IDEMPOTENCY_KEY_REUSED: "The Idempotency-Key belongs to another request.",
  FORBIDDEN: "The viewer lacks the permission. Only in fields; a mutation fails with an error of this code.",
  RATE_LIMITED: "Too many requests. Only in fields; a mutation fails with an error of this code.",
});

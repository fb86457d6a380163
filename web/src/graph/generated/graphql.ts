/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';
/** Part of the world where AWS may run the models. */
export type InferenceProfile =
  /** Anywhere. */
  | 'GLOBAL'
  /** The United States and Canada. */
  | 'US'
  /** The European Union. */
  | 'EU'
  /** Asia and the Pacific. */
  | 'APAC';

/** The rule that does not allow a change. */
export type RefusalCode =
  /** Part of the input is invalid. 'path' leads to it. */
  | 'INVALID_INPUT'
  /** The plan has no free seat left. */
  | 'MEMBER_LIMIT_REACHED'
  /** The plan has no free workspace left. */
  | 'WORKSPACE_LIMIT_REACHED'
  /** The person created too many organizations that are on a free plan. */
  | 'ORGANIZATION_LIMIT_REACHED'
  /** The role is above what the viewer may grant or change. */
  | 'ROLE_TOO_HIGH'
  /** The organization would have no Owner. */
  | 'LAST_OWNER'
  /** The default workspace cannot be deleted. */
  | 'DEFAULT_WORKSPACE'
  /** Owners and Admins have access to every workspace. It cannot be granted or revoked. */
  | 'IMPLICIT_ACCESS'
  /** Another workspace of the organization has the name, or one that looks the same. */
  | 'NAME_TAKEN'
  /** The invitation was answered or canceled before. */
  | 'INVITATION_NOT_PENDING'
  /** The invitation has expired. */
  | 'INVITATION_EXPIRED'
  /** The invitation is for another e-mail address. */
  | 'INVITATION_EMAIL_MISMATCH'
  /** The viewer's e-mail address is not verified. */
  | 'EMAIL_NOT_VERIFIED'
  /** The person is a member already. */
  | 'ALREADY_A_MEMBER'
  /** The latest e-mail was queued less than a minute ago, or too many were sent. */
  | 'RESEND_TOO_SOON'
  /** There is no such plan on offer. */
  | 'PLAN_UNKNOWN'
  /** The organization has this plan already. */
  | 'PLAN_UNCHANGED'
  /** The organization uses more than the new plan allows. */
  | 'PLAN_LIMIT_EXCEEDED'
  /** The plan does not include the use of an own AWS key. */
  | 'PLAN_WITHOUT_BYOK'
  /** The plan has to be paid, or a payment failed. */
  | 'PAYMENT_REQUIRED'
  /** The organization has no AWS key of its own. */
  | 'BYOK_NOT_CONFIGURED'
  /** AWS rejects the key, or it has expired. */
  | 'BYOK_VERIFICATION_FAILED'
  /** The organization's credits are used up. */
  | 'CREDITS_EXHAUSTED'
  /** The access review was completed or canceled before. */
  | 'REVIEW_NOT_OPEN'
  /** The access review has undecided items. */
  | 'REVIEW_INCOMPLETE'
  /** The organization has an open access review. */
  | 'REVIEW_OPEN_ALREADY'
  /** Nobody decides on their own access. */
  | 'OWN_ACCESS'
  /** The decision of the access review is not the expected one any more. */
  | 'DECIDED_MEANWHILE'
  /** The person was not removed in the last 30 days, or is a member. */
  | 'NOT_REINSTATABLE'
  /** The Idempotency-Key belongs to another request. */
  | 'IDEMPOTENCY_KEY_REUSED'
  /** The viewer lacks the permission. Only in fields; a mutation fails with an error of this code. */
  | 'FORBIDDEN'
  /** Too many requests. Only in fields; a mutation fails with an error of this code. */
  | 'RATE_LIMITED';

/** A mutation to try. Give exactly one member, with the mutation's input. */
export type DryRunInput = {
  /** To try updateOrganization. */
  updateOrganization?: UpdateOrganizationInput | null | undefined;
  /** To try transferOwnership. */
  transferOwnership?: TransferOwnershipInput | null | undefined;
  /** To try leaveOrganization. */
  leaveOrganization?: LeaveOrganizationInput | null | undefined;
  /** To try deleteOrganization. */
  deleteOrganization?: DeleteOrganizationInput | null | undefined;
  /** To try inviteMembers. */
  inviteMembers?: InviteMembersInput | null | undefined;
  /** To try cancelInvitation. */
  cancelInvitation?: CancelInvitationInput | null | undefined;
  /** To try updateInvitation. */
  updateInvitation?: UpdateInvitationInput | null | undefined;
  /** To try changeMemberRole. */
  changeMemberRole?: ChangeMemberRoleInput | null | undefined;
  /** To try removeMember. */
  removeMember?: RemoveMemberInput | null | undefined;
  /** To try setWorkspaceAccess. */
  setWorkspaceAccess?: SetWorkspaceAccessInput | null | undefined;
  /** To try grantWorkspaceAccess. */
  grantWorkspaceAccess?: GrantWorkspaceAccessInput | null | undefined;
  /** To try revokeWorkspaceAccess. */
  revokeWorkspaceAccess?: RevokeWorkspaceAccessInput | null | undefined;
  /** To try createWorkspace. */
  createWorkspace?: CreateWorkspaceInput | null | undefined;
  /** To try deleteWorkspace. */
  deleteWorkspace?: DeleteWorkspaceInput | null | undefined;
  /** To try changePlan. */
  changePlan?: ChangePlanInput | null | undefined;
  /** To try setByokEnabled. */
  setByokEnabled?: SetByokEnabledInput | null | undefined;
  /** To try removeByokConfig. */
  removeByokConfig?: RemoveByokConfigInput | null | undefined;
  /** To try completeAccessReview. */
  completeAccessReview?: CompleteAccessReviewInput | null | undefined;
};

/** Input of updateOrganization. */
export type UpdateOrganizationInput = {
  /** The organization's id. */
  organizationId: string | number;
  /** New display name, 1 to 100 characters. Null or absent: unchanged. */
  name?: string | null | undefined;
  /** New description, at most 500 characters. Null removes it. Absent: unchanged. */
  description?: string | null | undefined;
};

/** Input of transferOwnership. */
export type TransferOwnershipInput = {
  /** The organization's id. */
  organizationId: string | number;
  /** The membership of the new Owner. */
  memberId: string | number;
};

/** Input of leaveOrganization. */
export type LeaveOrganizationInput = {
  /** The organization's id. */
  organizationId: string | number;
};

/** Input of deleteOrganization. */
export type DeleteOrganizationInput = {
  /** The organization's id. */
  organizationId: string | number;
  /** The organization's name, to confirm the deletion. */
  confirmName: string;
};

/** Input of inviteMembers. */
export type InviteMembersInput = {
  /** The organization's id. */
  organizationId: string | number;
  /** One to ten e-mail addresses. */
  emails: Array<string>;
  /** Role for the invitees: ADMIN, DEVELOPER or VIEWER. Only a member can become an Owner. */
  role: OrganizationRole;
  /** Workspaces that the invitees get access to. Null or absent: none. */
  workspaces?: Array<WorkspaceGrantInput> | null | undefined;
};

/** A member's role in an organization. */
export type OrganizationRole =
  /** May do everything, including billing, ownership and the organization's own AWS key. */
  | 'OWNER'
  /** Manages members and workspaces. Has access to every workspace. */
  | 'ADMIN'
  /** Works in the workspaces assigned to them. */
  | 'DEVELOPER'
  /** Reads the workspaces assigned to them. */
  | 'VIEWER';

/** Access to a workspace. */
export type WorkspaceGrantInput = {
  /** The workspace's id. */
  workspaceId: string | number;
  /** Role in this workspace. Null or absent: the organization role applies. */
  roleOverride?: WorkspaceRole | null | undefined;
  /** When the access ends by itself: in the future, at most 5 years from now. Null or absent: it does not end by itself. */
  expiresAt?: string | null | undefined;
};

/** A member's role in a workspace. */
export type WorkspaceRole =
  /** Changes the workspace and its access. The organization's Owners and Admins are ADMIN in every workspace. */
  | 'ADMIN'
  /** Runs operations and changes resources. */
  | 'DEVELOPER'
  /** Reads the workspace. */
  | 'VIEWER';

/** Input of cancelInvitation. */
export type CancelInvitationInput = {
  /** The organization's id. */
  organizationId: string | number;
  /** The invitation's id. */
  invitationId: string | number;
};

/** Input of updateInvitation. Fields that are null or absent stay unchanged. */
export type UpdateInvitationInput = {
  /** The organization's id. */
  organizationId: string | number;
  /** The invitation's id. */
  invitationId: string | number;
  /** New role: ADMIN, DEVELOPER or VIEWER. */
  role?: OrganizationRole | null | undefined;
  /** All workspaces that the invitee gets access to from now on. An empty list: none. */
  workspaces?: Array<WorkspaceGrantInput> | null | undefined;
};

/** Input of changeMemberRole. */
export type ChangeMemberRoleInput = {
  /** The organization's id. */
  organizationId: string | number;
  /** The membership's id. */
  memberId: string | number;
  /** The new role in the organization. */
  role: OrganizationRole;
};

/** Input of removeMember. */
export type RemoveMemberInput = {
  /** The organization's id. */
  organizationId: string | number;
  /** The membership's id. */
  memberId: string | number;
};

/** Input of setWorkspaceAccess. */
export type SetWorkspaceAccessInput = {
  /** The organization's id. */
  organizationId: string | number;
  /** The membership's id. */
  memberId: string | number;
  /** The workspaces that the member is assigned to from now on. Other assignments end. */
  grants: Array<WorkspaceGrantInput>;
};

/** Input of grantWorkspaceAccess. */
export type GrantWorkspaceAccessInput = {
  /** The organization's id. */
  organizationId: string | number;
  /** The workspace's id. */
  workspaceId: string | number;
  /** The membership's id. */
  memberId: string | number;
  /** Role in this workspace. Null or absent: the organization role applies. */
  roleOverride?: WorkspaceRole | null | undefined;
  /** When the access ends by itself: in the future, at most 5 years from now. Null or absent: it does not end by itself. */
  expiresAt?: string | null | undefined;
};

/** Input of revokeWorkspaceAccess. */
export type RevokeWorkspaceAccessInput = {
  /** The organization's id. */
  organizationId: string | number;
  /** The workspace's id. */
  workspaceId: string | number;
  /** The membership's id. */
  memberId: string | number;
};

/** Input of createWorkspace. */
export type CreateWorkspaceInput = {
  /** The organization's id. */
  organizationId: string | number;
  /** Name, unique among the organization's workspaces. */
  name: string;
  /** Free text, at most 1,000 characters. Null or absent: none. */
  description?: string | null | undefined;
  /** Cloud provider that the workspace works with. Cannot be changed later. */
  cloudProvider: CloudProvider;
};

/** A cloud provider. */
export type CloudProvider =
  /** Amazon Web Services. */
  | 'AWS'
  /** Google Cloud. */
  | 'GCP'
  /** Microsoft Azure. */
  | 'AZURE';

/** Input of deleteWorkspace. */
export type DeleteWorkspaceInput = {
  /** The organization's id. */
  organizationId: string | number;
  /** The workspace's id. */
  workspaceId: string | number;
};

/** Input of changePlan. */
export type ChangePlanInput = {
  /** The organization's id. */
  organizationId: string | number;
  /** Code of the new plan. */
  planCode: string;
  /** The new billing interval. Null or absent: unchanged. */
  billingInterval?: BillingInterval | null | undefined;
};

/** How often a plan is billed. */
export type BillingInterval =
  /** Every month. */
  | 'MONTHLY'
  /** Every year. */
  | 'ANNUAL';

/** Input of setByokEnabled. */
export type SetByokEnabledInput = {
  /** The organization's id. */
  organizationId: string | number;
  /** False to pause the key, true to use it again. */
  enabled: boolean;
};

/** Input of removeByokConfig. */
export type RemoveByokConfigInput = {
  /** The organization's id. */
  organizationId: string | number;
};

/** Input of completeAccessReview. */
export type CompleteAccessReviewInput = {
  /** The organization's id. */
  organizationId: string | number;
  /** The review's id. */
  reviewId: string | number;
  /** Decision for undecided items: KEEP or REMOVE. Null or absent: no item may be undecided, except the viewer's own. */
  undecided?: AccessReviewDecision | null | undefined;
};

/** A decision on a member's access. */
export type AccessReviewDecision =
  /** The access stays as it is. */
  | 'KEEP'
  /** The member gets another role, other workspaces or both. */
  | 'CHANGE'
  /** The member is removed from the organization. */
  | 'REMOVE';

/** State of an invitation. */
export type InvitationStatus =
  /** Waits for the invitee. */
  | 'PENDING'
  /** The invitee joined. */
  | 'ACCEPTED'
  /** The invitee declined. */
  | 'DECLINED'
  /** The organization withdrew it. */
  | 'CANCELED'
  /** Nobody answered in time. */
  | 'EXPIRED';

/** Whether calls may run on the platform's credits when a key fails. */
export type ByokFallback =
  /** Calls go on and spend the platform's credits. */
  | 'ALLOW'
  /** Calls are refused until the key works again. */
  | 'DENY';

/** Delivery state of an invitation e-mail. */
export type InvitationDelivery =
  /** Waits to be sent. */
  | 'QUEUED'
  /** The mail server accepted it. */
  | 'SENT'
  /** It could not be sent. Resend the invitation to try again. */
  | 'FAILED';

/** A permission that a role can have in a workspace. */
export type WorkspacePermission =
  /** See the workspace and what is in it. */
  | 'VIEW_WORKSPACE'
  /** Run operations. */
  | 'RUN_OPERATIONS'
  /** Create, change and delete resources. */
  | 'MODIFY_RESOURCES'
  /** Change the workspace's name and description. */
  | 'EDIT_WORKSPACE'
  /** Grant and revoke access to the workspace. */
  | 'MANAGE_WORKSPACE_ACCESS';

/** Why a member has access to a workspace. */
export type WorkspaceAccessSource =
  /** As Owner or Admin of the organization. */
  | 'ORGANIZATION_ROLE'
  /** By an assignment, with the organization role. */
  | 'ASSIGNED'
  /** By an assignment, with a role of its own. */
  | 'OVERRIDE';

/** A permission that a role can have in an organization. */
export type OrganizationPermission =
  /** Change the organization's name and description. Roles: Owner, Admin. */
  | 'EDIT_ORGANIZATION'
  /** See and change the plan, payment and usage. Roles: Owner. */
  | 'MANAGE_BILLING'
  /** Bring, pause, check and remove the organization's own AWS key. Roles: Owner. */
  | 'CONFIGURE_BYOK'
  /** Invite people, manage invitations and remove members. Roles: Owner, Admin. */
  | 'INVITE_AND_REMOVE_MEMBERS'
  /** Change the roles of members. Roles: Owner, Admin. */
  | 'CHANGE_MEMBER_ROLES'
  /** Transfer ownership to another member. Roles: Owner. */
  | 'TRANSFER_OWNERSHIP'
  /** Delete and restore the organization. Roles: Owner. */
  | 'DELETE_ORGANIZATION'
  /** Create workspaces. Roles: Owner, Admin. */
  | 'CREATE_WORKSPACES'
  /** Delete workspaces. Roles: Owner, Admin. */
  | 'DELETE_WORKSPACES'
  /** Enter every workspace without an assignment. Roles: Owner, Admin. */
  | 'ACCESS_ALL_WORKSPACES'
  /** Read the audit log. Roles: Owner, Admin. */
  | 'VIEW_AUDIT_LOG'
  /** Start, decide and complete access reviews. Roles: Owner, Admin. */
  | 'REVIEW_ACCESS';

/** Order of a list of members. */
export type MemberOrder =
  /** By the date of joining, oldest first. */
  | 'JOINED'
  /** By name, ignoring case, in the order of Unicode code points. */
  | 'NAME'
  /** By role: Owners, Admins, Developers, Viewers. Within a role by the date of joining, oldest first. */
  | 'ROLE'
  /** By last use of the platform, latest first. Members who never used it come last. */
  | 'LAST_SEEN';

/** State of a subscription. */
export type SubscriptionStatus =
  /** Paid, or free of charge. */
  | 'ACTIVE'
  /** In a trial period. */
  | 'TRIALING'
  /** A payment failed. Nobody can be invited or reinstated, and no workspace created, until it is settled. */
  | 'PAST_DUE'
  /** Ended at the payment provider. */
  | 'CANCELED';

/** State of an invoice. */
export type SubscriptionInvoiceStatus =
  /** Waits for the payment. */
  | 'OPEN'
  /** Paid. */
  | 'PAID'
  /** Withdrawn. Nothing has to be paid. */
  | 'VOID'
  /** Given up. The payment is not expected any more. */
  | 'UNCOLLECTIBLE';

/** Length of an interval, in UTC. */
export type UsageInterval =
  /** A full hour. */
  | 'HOUR'
  /** A day from midnight. */
  | 'DAY'
  /** A week from Monday. */
  | 'WEEK'
  /** A calendar month. */
  | 'MONTH';

/** Which workspaces a series of a trend covers. */
export type WorkspaceTrendKind =
  /** One workspace. */
  | 'WORKSPACE'
  /** All other existing workspaces together. */
  | 'OTHERS'
  /** All deleted workspaces together. */
  | 'DELETED';

/** Whether LLM calls run on an organization's own AWS key. */
export type ByokStatus =
  /** There is no key. */
  | 'NOT_CONFIGURED'
  /** Calls run on the key. */
  | 'ACTIVE'
  /** The organization paused the key. */
  | 'PAUSED'
  /** The temporary key has expired. */
  | 'EXPIRED'
  /** AWS rejects the key. */
  | 'FAILING'
  /** The plan does not include the use of an own AWS key. */
  | 'PLAN_INACTIVE';

/** What a check of a key tests. */
export type ByokCheckKind =
  /** Whether AWS knows the key. */
  | 'CREDENTIALS'
  /** Whether the key can use a model. */
  | 'MODEL_ACCESS'
  /** Whether the key has the permissions of byokPolicy. */
  | 'PERMISSIONS';

/** State of an access review. */
export type AccessReviewStatus =
  /** Decisions are being made. */
  | 'OPEN'
  /** The decisions were applied. */
  | 'COMPLETED'
  /** It was given up. Nothing was applied. */
  | 'CANCELED';

/** Result of a decision when the review was completed. */
export type AccessReviewOutcome =
  /** The access was changed as decided. */
  | 'APPLIED'
  /** There was nothing to change. */
  | 'UNCHANGED'
  /** The member had left before. */
  | 'MEMBER_GONE'
  /** The access had been changed since the start of the review, and stayed so. */
  | 'CHANGED_MEANWHILE';

/** A reason to look at a member's access. */
export type AccessReviewFinding =
  /** The member has not used the platform for 90 days, or never since they joined at least 90 days ago. */
  | 'UNUSED_90_DAYS'
  /** An Owner beyond the two who joined first. */
  | 'MANY_OWNERS'
  /** An override gives more than the organization role in a workspace. */
  | 'RAISED_BY_OVERRIDE'
  /** A Developer or Viewer without any workspace. */
  | 'UNASSIGNED'
  /** An override in a workspace without an end. */
  | 'PERMANENT_OVERRIDE';

/** Input of startAccessReview. */
export type StartAccessReviewInput = {
  /** The organization's id. */
  organizationId: string | number;
  /** Name of the review, e.g. 'First quarter'. At most 100 characters. */
  name: string;
  /** When it is due, in the future. Owners and Admins get an e-mail a week and a day before. */
  dueAt: string;
  /** Only members with one of these roles. Null or absent: all. */
  roles?: Array<OrganizationRole> | null | undefined;
  /** Only members with access to one of these workspaces. Null or absent: all. */
  workspaceIds?: Array<string | number> | null | undefined;
};

/** Input of decideAccessReview. */
export type DecideAccessReviewInput = {
  /** The organization's id. */
  organizationId: string | number;
  /** The review's id. */
  reviewId: string | number;
  /** Decisions, at most one per item. They replace earlier ones. Together with 'takenBack', 1 to 100 items. */
  decisions: Array<AccessReviewDecisionInput>;
  /** Ids of items that become undecided again. Null or absent: none. */
  takenBack?: Array<string | number> | null | undefined;
  /** What the viewer has seen, for items of 'decisions' and 'takenBack'. Refuses DECIDED_MEANWHILE if one of them has another decision by now. Null or absent: earlier decisions are replaced whatever they are. */
  expected?: Array<ExpectedDecisionInput> | null | undefined;
};

/** A decision on one member. */
export type AccessReviewDecisionInput = {
  /** The item's id. */
  itemId: string | number;
  /** The decision. CHANGE needs a new role, new workspaces or both. */
  decision: AccessReviewDecision;
  /** The new role, with CHANGE only. Null or absent: the role stays. */
  newRole?: OrganizationRole | null | undefined;
  /** The workspaces from then on, with CHANGE only and for Developers and Viewers. Other assignments end. Null or absent: they stay. */
  newGrants?: Array<WorkspaceGrantInput> | null | undefined;
  /** The reviewer's note, at most 1,000 characters. Null or absent: none. */
  note?: string | null | undefined;
};

/** The decision that a reviewer expects on an item. */
export type ExpectedDecisionInput = {
  /** The item's id. */
  itemId: string | number;
  /** 'decidedAt' of the decision. Null or absent: there is no decision. */
  decidedAt?: string | null | undefined;
};

/** Input of cancelAccessReview. */
export type CancelAccessReviewInput = {
  /** The organization's id. */
  organizationId: string | number;
  /** The review's id. */
  reviewId: string | number;
};

/** An AWS key and where to use it. */
export type ByokCredentialsInput = {
  /** The organization's id. */
  organizationId: string | number;
  /** Access key id: AKIA… for a long-term key, ASIA… for a temporary one. */
  accessKeyId: string;
  /** Secret access key. It is stored encrypted and never returned to clients. */
  secretAccessKey: string;
  /** Session token. Required for a temporary key, refused for a long-term one. */
  sessionToken?: string | null | undefined;
  /** When the temporary key expires, so that Owners are warned in time. Null or absent: unknown. */
  sessionTokenExpiresAt?: string | null | undefined;
  /** AWS region to send calls to, e.g. eu-central-1. */
  region: string;
  /** Part of the world where AWS may run the models. */
  inferenceProfile?: InferenceProfile;
};

/** Input of saveByokConfig. */
export type SaveByokConfigInput = {
  /** The key to verify and save. */
  credentials: ByokCredentialsInput;
  /** Whether calls may run on the platform's credits when the key fails. */
  fallback?: ByokFallback;
};

/** Input of verifyByokConfig. */
export type VerifyByokConfigInput = {
  /** The organization's id. */
  organizationId: string | number;
};

/** Why an address was not invited. */
export type SkippedInviteeReason =
  /** A member has this address. */
  | 'ALREADY_A_MEMBER'
  /** A pending invitation has this address. */
  | 'ALREADY_INVITED'
  /** It is not a valid e-mail address. */
  | 'INVALID_EMAIL'
  /** It is in the list more than once. */
  | 'DUPLICATE';

/** Input of resendInvitation. */
export type ResendInvitationInput = {
  /** The organization's id. */
  organizationId: string | number;
  /** The invitation's id. */
  invitationId: string | number;
};

/** Input of renewInvitationLink. */
export type RenewInvitationLinkInput = {
  /** The organization's id. */
  organizationId: string | number;
  /** The invitation's id. */
  invitationId: string | number;
};

/** Input of requestInvitation. */
export type RequestInvitationInput = {
  /** The secret in the invitation's link, which no longer works. */
  token: string;
};

/** Input of acceptInvitation: either the token or the id. */
export type AcceptInvitationInput = {
  /** The secret in the invitation's link. Null or absent if the id is given. */
  token?: string | null | undefined;
  /** Id of an invitation to the viewer's verified e-mail address. Null or absent if the token is given. */
  invitationId?: string | number | null | undefined;
};

/** Input of declineInvitation: either the token or the id. */
export type DeclineInvitationInput = {
  /** The secret in the invitation's link. Null or absent if the id is given. */
  token?: string | null | undefined;
  /** Id of an invitation to the viewer's verified e-mail address. Null or absent if the token is given. */
  invitationId?: string | number | null | undefined;
};

/** Input of reinstateMember. */
export type ReinstateMemberInput = {
  /** The organization's id. */
  organizationId: string | number;
  /** Id of the membership that ended. */
  memberId: string | number;
};

/** Input of createOrganization. */
export type CreateOrganizationInput = {
  /** Display name, 1 to 100 characters. */
  name: string;
  /** Free text, at most 500 characters. Null or absent: none. */
  description?: string | null | undefined;
};

/** Input of restoreOrganization. */
export type RestoreOrganizationInput = {
  /** The organization's id. */
  organizationId: string | number;
};

/** Input of cancelScheduledPlan. */
export type CancelScheduledPlanInput = {
  /** The organization's id. */
  organizationId: string | number;
};

/** Input of openBillingPortal. */
export type OpenBillingPortalInput = {
  /** The organization's id. */
  organizationId: string | number;
  /** URL that the portal's back link leads to. */
  returnUrl: string;
};

/** Input of updateWorkspace. */
export type UpdateWorkspaceInput = {
  /** The organization's id. */
  organizationId: string | number;
  /** The workspace's id. */
  workspaceId: string | number;
  /** New name, unique among the organization's workspaces. Null or absent: unchanged. */
  name?: string | null | undefined;
  /** New description, at most 1,000 characters. Null removes it. Absent: unchanged. */
  description?: string | null | undefined;
};

/** What happened to an invitation. */
export type InvitationChange =
  /** The address was invited. */
  | 'CREATED'
  /** A new e-mail was queued. */
  | 'RESENT'
  /** The role or the workspaces were changed. */
  | 'UPDATED'
  /** A new link was made for copying by hand. */
  | 'LINK_RENEWED'
  /** Somebody with an old link asked for a new invitation. */
  | 'REQUESTED'
  /** The e-mail was sent. */
  | 'SENT'
  /** The e-mail could not be sent. */
  | 'DELIVERY_FAILED'
  /** The invitee joined. */
  | 'ACCEPTED'
  /** The invitee declined. */
  | 'DECLINED'
  /** The organization withdrew it. */
  | 'CANCELED'
  /** Nobody answered in time. */
  | 'EXPIRED';

/** What happened to a membership. */
export type MembershipChange =
  /** The person joined. */
  | 'JOINED'
  /** The organization role changed. */
  | 'ROLE_CHANGED'
  /** The member was removed. */
  | 'REMOVED'
  /** A removed member was taken back. */
  | 'REINSTATED'
  /** The member left. */
  | 'LEFT'
  /** The member transferred or received ownership. */
  | 'OWNERSHIP_TRANSFERRED'
  /** Workspace assignments or overrides changed. */
  | 'WORKSPACE_ACCESS_CHANGED'
  /** The organization was deleted. Only in viewerMembershipChanged. */
  | 'ORGANIZATION_DELETED'
  /** The organization was restored. Only in viewerMembershipChanged. */
  | 'ORGANIZATION_RESTORED';

export type EventCursorQueryVariables = Exact<{
  organizationId: string | number;
}>;


export type EventCursorQuery = { organization: { __typename: 'Organization', id: string, eventCursor: string } | null };

export type MembershipCursorQueryVariables = Exact<{ [key: string]: never; }>;


export type MembershipCursorQuery = { viewer: { __typename: 'User', id: string, membershipCursor: string | null } };

export type MyOrganizationsQueryVariables = Exact<{ [key: string]: never; }>;


export type MyOrganizationsQuery = { viewer: { __typename: 'User', id: string, name: string, memberships: Array<{ __typename: 'Member', id: string, role: OrganizationRole, organization: { __typename: 'Organization', id: string, name: string } }> | null } };

export type MembersPageQueryVariables = Exact<{
  organizationId: string | number;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type MembersPageQuery = { organization: { __typename: 'Organization', id: string, name: string, eventCursor: string, members: { __typename: 'MemberConnection', edges: Array<{ __typename: 'MemberEdge', cursor: string, node: { __typename: 'Member', id: string, role: OrganizationRole, user: { __typename: 'User', id: string, name: string } } }>, pageInfo: { __typename: 'PageInfo', hasNextPage: boolean, endCursor: string | null } } } | null };

export type CreateOrganizationMutationVariables = Exact<{
  input: CreateOrganizationInput;
}>;


export type CreateOrganizationMutation = { createOrganization:
    | { __typename: 'CreateOrganizationSuccess', organization: { __typename: 'Organization', id: string, name: string } }
    | { __typename: 'Refusal', code: RefusalCode, message: string, path: Array<string> | null, retryAfterSeconds: number | null, limit: { __typename: 'LimitUsage', used: number, limit: number | null } | null }
   };

export type RenameOrganizationMutationVariables = Exact<{
  input: UpdateOrganizationInput;
}>;


export type RenameOrganizationMutation = { updateOrganization:
    | { __typename: 'UpdateOrganizationSuccess', organization: { __typename: 'Organization', id: string, name: string } }
    | { __typename: 'Refusal', code: RefusalCode, message: string, path: Array<string> | null, retryAfterSeconds: number | null, limit: { __typename: 'LimitUsage', used: number, limit: number | null } | null }
   };

export type ChangeRoleMutationVariables = Exact<{
  input: ChangeMemberRoleInput;
}>;


export type ChangeRoleMutation = { changeMemberRole:
    | { __typename: 'ChangeMemberRoleSuccess', member: { __typename: 'Member', id: string, role: OrganizationRole } }
    | { __typename: 'Refusal', code: RefusalCode, message: string, path: Array<string> | null, retryAfterSeconds: number | null, limit: { __typename: 'LimitUsage', used: number, limit: number | null } | null }
   };

export type MembershipChangesSubscriptionVariables = Exact<{
  organizationId: string | number;
  after?: string | null | undefined;
}>;


export type MembershipChangesSubscription = { membershipChanged: { __typename: 'MembershipEvent', cursor: string, change: MembershipChange, memberId: string, member: { __typename: 'Member', id: string, role: OrganizationRole, user: { __typename: 'User', id: string, name: string } } | null } };

export type RefusalPartsFragment = { __typename: 'Refusal', code: RefusalCode, message: string, path: Array<string> | null, retryAfterSeconds: number | null, limit: { __typename: 'LimitUsage', used: number, limit: number | null } | null };

export type AccessWorkspacesQueryVariables = Exact<{
  organizationId: string | number;
  search?: string | null | undefined;
  after?: string | null | undefined;
}>;


export type AccessWorkspacesQuery = { organization: { __typename: 'Organization', id: string, workspaces: { __typename: 'WorkspaceConnection', totalCount: number, edges: Array<{ __typename: 'WorkspaceEdge', cursor: string, node: { __typename: 'Workspace', id: string, name: string, cloudProvider: CloudProvider } }>, pageInfo: { __typename: 'PageInfo', hasNextPage: boolean, endCursor: string | null } } } | null };

export type AccessSetMutationVariables = Exact<{
  input: SetWorkspaceAccessInput;
}>;


export type AccessSetMutation = { setWorkspaceAccess:
    | { __typename: 'SetWorkspaceAccessSuccess', member: { __typename: 'Member', id: string, role: OrganizationRole, joinedAt: string, lastSeenAt: string | null, workspaceAccess: Array<{ __typename: 'WorkspaceAccess', role: WorkspaceRole, source: WorkspaceAccessSource, roleOverride: WorkspaceRole | null, dormantOverride: WorkspaceRole | null, expiresAt: string | null, workspace: { __typename: 'Workspace', id: string, name: string } }>, roleOptions: Array<{ __typename: 'RoleOption', role: OrganizationRole, refusal: { __typename: 'Refusal', code: RefusalCode, message: string } | null }>, removalRefusal: { __typename: 'Refusal', code: RefusalCode, message: string } | null, workspaceAccessRefusal: { __typename: 'Refusal', code: RefusalCode, message: string } | null, invitedBy: { __typename: 'User', id: string, name: string } | null, user: { __typename: 'User', id: string, name: string, email: string | null } } }
    | { __typename: 'Refusal', code: RefusalCode, message: string, path: Array<string> | null, retryAfterSeconds: number | null, limit: { __typename: 'LimitUsage', used: number, limit: number | null } | null }
   };

export type AccountMembershipsQueryVariables = Exact<{
  after?: string | null | undefined;
}>;


export type AccountMembershipsQuery = { viewer: { __typename: 'User', id: string, allMemberships: { __typename: 'MemberConnection', totalCount: number, edges: Array<{ __typename: 'MemberEdge', cursor: string, node: { __typename: 'Member', id: string, role: OrganizationRole, organization: { __typename: 'Organization', id: string, name: string, leaveRefusal: { __typename: 'Refusal', code: RefusalCode, message: string } | null } } }>, pageInfo: { __typename: 'PageInfo', hasNextPage: boolean, endCursor: string | null } } | null } };

export type AuditLogQueryVariables = Exact<{
  organizationId: string | number;
  types?: Array<string> | string | null | undefined;
  actorId?: string | number | null | undefined;
  workspaceId?: string | number | null | undefined;
  since?: string | null | undefined;
  until?: string | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type AuditLogQuery = { organization: { __typename: 'Organization', id: string, eventCursor: string, auditLog: { __typename: 'AuditEventConnection', totalCount: number, edges: Array<{ __typename: 'AuditEventEdge', cursor: string, node: { __typename: 'AuditEvent', sequence: number, type: string, occurredAt: string, actorLabel: string, workspaceId: string | null, summary: string, hash: string, actor: { __typename: 'User', id: string, name: string, email: string | null } | null, changes: Array<{ __typename: 'AuditFieldChange', field: string, before: string | null, after: string | null }> } }>, pageInfo: { __typename: 'PageInfo', hasNextPage: boolean, endCursor: string | null } } | null } | null };

export type AuditRowFragment = { __typename: 'AuditEvent', sequence: number, type: string, occurredAt: string, actorLabel: string, workspaceId: string | null, summary: string, hash: string, actor: { __typename: 'User', id: string, name: string, email: string | null } | null, changes: Array<{ __typename: 'AuditFieldChange', field: string, before: string | null, after: string | null }> };

export type AuditNewsQueryVariables = Exact<{
  organizationId: string | number;
  types?: Array<string> | string | null | undefined;
  actorId?: string | number | null | undefined;
  workspaceId?: string | number | null | undefined;
  since?: string | null | undefined;
  until?: string | null | undefined;
}>;


export type AuditNewsQuery = { organization: { __typename: 'Organization', id: string, auditLog: { __typename: 'AuditEventConnection', nodes: Array<{ __typename: 'AuditEvent', sequence: number }> } | null } | null };

export type AuditWorkspaceQueryVariables = Exact<{
  workspaceId: string | number;
}>;


export type AuditWorkspaceQuery = { workspace: { __typename: 'Workspace', id: string, name: string } | null };

export type AuditWorkspaceNamesQueryVariables = Exact<{
  organizationId: string | number;
  after?: string | null | undefined;
}>;


export type AuditWorkspaceNamesQuery = { organization: { __typename: 'Organization', id: string, workspaces: { __typename: 'WorkspaceConnection', nodes: Array<{ __typename: 'Workspace', id: string, name: string }>, pageInfo: { __typename: 'PageInfo', hasNextPage: boolean, endCursor: string | null } } } | null };

export type AuditPersonQueryVariables = Exact<{
  organizationId: string | number;
  actorId: string | number;
}>;


export type AuditPersonQuery = { organization: { __typename: 'Organization', id: string, auditLog: { __typename: 'AuditEventConnection', nodes: Array<{ __typename: 'AuditEvent', actorLabel: string, actor: { __typename: 'User', id: string, name: string } | null }> } | null } | null };

export type AuditLogLiveSubscriptionVariables = Exact<{
  organizationId: string | number;
  after?: string | null | undefined;
}>;


export type AuditLogLiveSubscription = { auditLogChanged: { __typename: 'AuditLogChange', cursor: string } };

export type ByokPageQueryVariables = Exact<{
  organizationId: string | number;
  from: string;
  to: string;
}>;


export type ByokPageQuery = { organization: { __typename: 'Organization', id: string, byokStatus: ByokStatus, byokConfig: { __typename: 'ByokConfig', id: string, accessKeyIdHint: string, isTemporary: boolean, sessionTokenExpiresAt: string | null, region: string, inferenceProfile: InferenceProfile, fallback: ByokFallback, enabled: boolean, updatedAt: string, status: ByokStatus, nextVerificationAt: string | null, savedBy: { __typename: 'User', id: string, name: string } | null, lastVerification: { __typename: 'ByokVerification', ok: boolean, checkedAt: string, checks: Array<{ __typename: 'ByokCheck', kind: ByokCheckKind, modelId: string | null, ok: boolean, code: string | null, message: string | null }> } | null } | null, subscription: { __typename: 'OrganizationSubscription', id: string, plan: { __typename: 'Plan', code: string, name: string, byok: boolean }, usage: { __typename: 'Usage', ownKey: Array<{ __typename: 'UsagePoint', at: string, byokCalls: number }> } } | null } | null, byokOptions: { __typename: 'ByokOptions', regions: Array<string>, models: Array<{ __typename: 'ByokModel', id: string, name: string, inferenceProfiles: Array<InferenceProfile> }> } };

export type ByokPageOptionsFragment = { __typename: 'ByokOptions', regions: Array<string>, models: Array<{ __typename: 'ByokModel', id: string, name: string, inferenceProfiles: Array<InferenceProfile> }> };

export type ByokPageConfigFragment = { __typename: 'ByokConfig', id: string, accessKeyIdHint: string, isTemporary: boolean, sessionTokenExpiresAt: string | null, region: string, inferenceProfile: InferenceProfile, fallback: ByokFallback, enabled: boolean, updatedAt: string, status: ByokStatus, nextVerificationAt: string | null, savedBy: { __typename: 'User', id: string, name: string } | null, lastVerification: { __typename: 'ByokVerification', ok: boolean, checkedAt: string, checks: Array<{ __typename: 'ByokCheck', kind: ByokCheckKind, modelId: string | null, ok: boolean, code: string | null, message: string | null }> } | null };

export type ByokPageChecksFragment = { __typename: 'ByokVerification', ok: boolean, checkedAt: string, checks: Array<{ __typename: 'ByokCheck', kind: ByokCheckKind, modelId: string | null, ok: boolean, code: string | null, message: string | null }> };

export type ByokPagePolicyQueryVariables = Exact<{
  inferenceProfile: InferenceProfile;
}>;


export type ByokPagePolicyQuery = { byokPolicy: string };

export type ByokPageTestMutationVariables = Exact<{
  input: ByokCredentialsInput;
}>;


export type ByokPageTestMutation = { testByokCredentials:
    | { __typename: 'TestByokCredentialsSuccess', verification: { __typename: 'ByokVerification', ok: boolean, checkedAt: string, checks: Array<{ __typename: 'ByokCheck', kind: ByokCheckKind, modelId: string | null, ok: boolean, code: string | null, message: string | null }> } }
    | { __typename: 'Refusal', code: RefusalCode, message: string, path: Array<string> | null, retryAfterSeconds: number | null, limit: { __typename: 'LimitUsage', used: number, limit: number | null } | null }
   };

export type ByokPageSaveMutationVariables = Exact<{
  input: SaveByokConfigInput;
}>;


export type ByokPageSaveMutation = { saveByokConfig:
    | { __typename: 'SaveByokConfigSuccess', byokConfig: { __typename: 'ByokConfig', id: string, status: ByokStatus } }
    | { __typename: 'ByokVerificationFailed', message: string, verification: { __typename: 'ByokVerification', ok: boolean, checkedAt: string, checks: Array<{ __typename: 'ByokCheck', kind: ByokCheckKind, modelId: string | null, ok: boolean, code: string | null, message: string | null }> } }
    | { __typename: 'Refusal', code: RefusalCode, message: string, path: Array<string> | null, retryAfterSeconds: number | null, limit: { __typename: 'LimitUsage', used: number, limit: number | null } | null }
   };

export type ByokPageSetEnabledMutationVariables = Exact<{
  input: SetByokEnabledInput;
}>;


export type ByokPageSetEnabledMutation = { setByokEnabled:
    | { __typename: 'SetByokEnabledSuccess', byokConfig: { __typename: 'ByokConfig', id: string, accessKeyIdHint: string, isTemporary: boolean, sessionTokenExpiresAt: string | null, region: string, inferenceProfile: InferenceProfile, fallback: ByokFallback, enabled: boolean, updatedAt: string, status: ByokStatus, nextVerificationAt: string | null, savedBy: { __typename: 'User', id: string, name: string } | null, lastVerification: { __typename: 'ByokVerification', ok: boolean, checkedAt: string, checks: Array<{ __typename: 'ByokCheck', kind: ByokCheckKind, modelId: string | null, ok: boolean, code: string | null, message: string | null }> } | null } }
    | { __typename: 'Refusal', code: RefusalCode, message: string, path: Array<string> | null, retryAfterSeconds: number | null, limit: { __typename: 'LimitUsage', used: number, limit: number | null } | null }
   };

export type ByokPageVerifyMutationVariables = Exact<{
  input: VerifyByokConfigInput;
}>;


export type ByokPageVerifyMutation = { verifyByokConfig:
    | { __typename: 'VerifyByokConfigSuccess', byokConfig: { __typename: 'ByokConfig', id: string, accessKeyIdHint: string, isTemporary: boolean, sessionTokenExpiresAt: string | null, region: string, inferenceProfile: InferenceProfile, fallback: ByokFallback, enabled: boolean, updatedAt: string, status: ByokStatus, nextVerificationAt: string | null, savedBy: { __typename: 'User', id: string, name: string } | null, lastVerification: { __typename: 'ByokVerification', ok: boolean, checkedAt: string, checks: Array<{ __typename: 'ByokCheck', kind: ByokCheckKind, modelId: string | null, ok: boolean, code: string | null, message: string | null }> } | null } }
    | { __typename: 'Refusal', code: RefusalCode, message: string, path: Array<string> | null, retryAfterSeconds: number | null, limit: { __typename: 'LimitUsage', used: number, limit: number | null } | null }
   };

export type ByokPageRemoveMutationVariables = Exact<{
  input: RemoveByokConfigInput;
}>;


export type ByokPageRemoveMutation = { removeByokConfig:
    | { __typename: 'RemoveByokConfigSuccess', organization: { __typename: 'Organization', id: string, byokStatus: ByokStatus, byokConfig: { __typename: 'ByokConfig', id: string } | null } }
    | { __typename: 'Refusal', code: RefusalCode, message: string, path: Array<string> | null, retryAfterSeconds: number | null, limit: { __typename: 'LimitUsage', used: number, limit: number | null } | null }
   };

export type GeneralQueryVariables = Exact<{
  organizationId: string | number;
}>;


export type GeneralQuery = { organization: { __typename: 'Organization', id: string, name: string, description: string | null, isPersonal: boolean, createdAt: string, eventCursor: string, members: { __typename: 'MemberConnection', totalCount: number, edges: Array<{ __typename: 'MemberEdge', cursor: string, node: { __typename: 'Member', id: string, role: OrganizationRole, user: { __typename: 'User', id: string, name: string, email: string | null } } }>, pageInfo: { __typename: 'PageInfo', hasNextPage: boolean, endCursor: string | null } }, leaveRefusal: { __typename: 'Refusal', code: RefusalCode, message: string } | null, deletionRefusal: { __typename: 'Refusal', code: RefusalCode, message: string } | null } | null };

export type GeneralCountsQueryVariables = Exact<{
  organizationId: string | number;
}>;


export type GeneralCountsQuery = { organization: { __typename: 'Organization', id: string, members: { __typename: 'MemberConnection', totalCount: number }, workspaces: { __typename: 'WorkspaceConnection', totalCount: number } } | null };

export type GeneralUpdateMutationVariables = Exact<{
  input: UpdateOrganizationInput;
}>;


export type GeneralUpdateMutation = { updateOrganization:
    | { __typename: 'UpdateOrganizationSuccess', organization: { __typename: 'Organization', id: string, name: string, description: string | null } }
    | { __typename: 'Refusal', code: RefusalCode, message: string, path: Array<string> | null, retryAfterSeconds: number | null, limit: { __typename: 'LimitUsage', used: number, limit: number | null } | null }
   };

export type GeneralLeaveMutationVariables = Exact<{
  input: LeaveOrganizationInput;
}>;


export type GeneralLeaveMutation = { leaveOrganization:
    | { __typename: 'LeaveOrganizationSuccess', organizationId: string }
    | { __typename: 'Refusal', code: RefusalCode, message: string, path: Array<string> | null, retryAfterSeconds: number | null, limit: { __typename: 'LimitUsage', used: number, limit: number | null } | null }
   };

export type GeneralDeleteMutationVariables = Exact<{
  input: DeleteOrganizationInput;
}>;


export type GeneralDeleteMutation = { deleteOrganization:
    | { __typename: 'DeleteOrganizationSuccess', organizationId: string, restorableUntil: string }
    | { __typename: 'Refusal', code: RefusalCode, message: string, path: Array<string> | null, retryAfterSeconds: number | null, limit: { __typename: 'LimitUsage', used: number, limit: number | null } | null }
   };

export type InvitationOfLinkQueryVariables = Exact<{
  token: string;
}>;


export type InvitationOfLinkQuery = { invitation: { __typename: 'InvitationPreview', organizationName: string, invitedByName: string | null, email: string, role: OrganizationRole, workspaceNames: Array<string>, status: InvitationStatus, expiresAt: string, refusal: { __typename: 'Refusal', code: RefusalCode, message: string } | null } | null, roles: Array<{ __typename: 'RoleDescription', role: OrganizationRole, description: string }> };

export type InvitationViewerQueryVariables = Exact<{ [key: string]: never; }>;


export type InvitationViewerQuery = { viewer: { __typename: 'User', id: string, name: string, email: string | null, emailVerified: boolean | null, memberships: Array<{ __typename: 'Member', id: string, organization: { __typename: 'Organization', id: string, name: string } }> | null } };

export type InvitationAcceptMutationVariables = Exact<{
  input: AcceptInvitationInput;
}>;


export type InvitationAcceptMutation = { acceptInvitation:
    | { __typename: 'AcceptInvitationSuccess', organization: { __typename: 'Organization', id: string, name: string } }
    | { __typename: 'Refusal', code: RefusalCode, message: string, path: Array<string> | null, retryAfterSeconds: number | null, limit: { __typename: 'LimitUsage', used: number, limit: number | null } | null }
   };

export type InvitationDeclineMutationVariables = Exact<{
  input: DeclineInvitationInput;
}>;


export type InvitationDeclineMutation = { declineInvitation:
    | { __typename: 'DeclineInvitationSuccess', invitationId: string }
    | { __typename: 'Refusal', code: RefusalCode, message: string, path: Array<string> | null, retryAfterSeconds: number | null, limit: { __typename: 'LimitUsage', used: number, limit: number | null } | null }
   };

export type InvitationRequestMutationVariables = Exact<{
  input: RequestInvitationInput;
}>;


export type InvitationRequestMutation = { requestInvitation:
    | { __typename: 'RequestInvitationSuccess', organizationName: string }
    | { __typename: 'Refusal', code: RefusalCode, message: string, path: Array<string> | null, retryAfterSeconds: number | null, limit: { __typename: 'LimitUsage', used: number, limit: number | null } | null }
   };

export type InvitationLiveSubscriptionVariables = Exact<{ [key: string]: never; }>;


export type InvitationLiveSubscription = { receivedInvitationChanged: { __typename: 'Invitation', id: string, status: InvitationStatus } };

export type InviteSendMutationVariables = Exact<{
  input: InviteMembersInput;
}>;


export type InviteSendMutation = { inviteMembers:
    | { __typename: 'InviteMembersSuccess', invitations: Array<{ __typename: 'Invitation', id: string, email: string, role: OrganizationRole, status: InvitationStatus, delivery: InvitationDelivery, deliveryProblem: string | null, createdAt: string, lastSentAt: string | null, expiresAt: string, respondedAt: string | null, resendableAt: string | null, invitedBy: { __typename: 'User', id: string, name: string } | null, workspaceGrants: Array<{ __typename: 'WorkspaceGrant', workspaceId: string, workspaceName: string, roleOverride: WorkspaceRole | null, expiresAt: string | null }> }>, skipped: Array<{ __typename: 'SkippedInvitee', email: string, reason: SkippedInviteeReason }>, organization: { __typename: 'Organization', id: string, memberLimit: { __typename: 'LimitUsage', used: number, limit: number | null } | null } }
    | { __typename: 'Refusal', code: RefusalCode, message: string, path: Array<string> | null, retryAfterSeconds: number | null, limit: { __typename: 'LimitUsage', used: number, limit: number | null } | null }
   };

export type InviteFindQueryVariables = Exact<{
  organizationId: string | number;
  email: string;
}>;


export type InviteFindQuery = { organization: { __typename: 'Organization', id: string, invitations: { __typename: 'InvitationConnection', edges: Array<{ __typename: 'InvitationEdge', cursor: string, node: { __typename: 'Invitation', id: string, email: string, role: OrganizationRole, status: InvitationStatus, delivery: InvitationDelivery, deliveryProblem: string | null, createdAt: string, lastSentAt: string | null, expiresAt: string, respondedAt: string | null, resendableAt: string | null, invitedBy: { __typename: 'User', id: string, name: string } | null, workspaceGrants: Array<{ __typename: 'WorkspaceGrant', workspaceId: string, workspaceName: string, roleOverride: WorkspaceRole | null, expiresAt: string | null }> } }> } | null } | null };

export type MembersInvitationsQueryVariables = Exact<{
  organizationId: string | number;
  search?: string | null | undefined;
  statuses?: Array<InvitationStatus> | InvitationStatus | null | undefined;
  after?: string | null | undefined;
}>;


export type MembersInvitationsQuery = { organization: { __typename: 'Organization', id: string, invitations: { __typename: 'InvitationConnection', totalCount: number, edges: Array<{ __typename: 'InvitationEdge', cursor: string, node: { __typename: 'Invitation', id: string, email: string, role: OrganizationRole, status: InvitationStatus, delivery: InvitationDelivery, deliveryProblem: string | null, createdAt: string, lastSentAt: string | null, expiresAt: string, respondedAt: string | null, resendableAt: string | null, invitedBy: { __typename: 'User', id: string, name: string } | null, workspaceGrants: Array<{ __typename: 'WorkspaceGrant', workspaceId: string, workspaceName: string, roleOverride: WorkspaceRole | null, expiresAt: string | null }> } }>, pageInfo: { __typename: 'PageInfo', hasNextPage: boolean, endCursor: string | null } } | null } | null };

export type MembersInvitationFragment = { __typename: 'Invitation', id: string, email: string, role: OrganizationRole, status: InvitationStatus, delivery: InvitationDelivery, deliveryProblem: string | null, createdAt: string, lastSentAt: string | null, expiresAt: string, respondedAt: string | null, resendableAt: string | null, invitedBy: { __typename: 'User', id: string, name: string } | null, workspaceGrants: Array<{ __typename: 'WorkspaceGrant', workspaceId: string, workspaceName: string, roleOverride: WorkspaceRole | null, expiresAt: string | null }> };

export type MembersResendMutationVariables = Exact<{
  input: ResendInvitationInput;
}>;


export type MembersResendMutation = { resendInvitation:
    | { __typename: 'ResendInvitationSuccess', invitation: { __typename: 'Invitation', id: string, email: string, role: OrganizationRole, status: InvitationStatus, delivery: InvitationDelivery, deliveryProblem: string | null, createdAt: string, lastSentAt: string | null, expiresAt: string, respondedAt: string | null, resendableAt: string | null, invitedBy: { __typename: 'User', id: string, name: string } | null, workspaceGrants: Array<{ __typename: 'WorkspaceGrant', workspaceId: string, workspaceName: string, roleOverride: WorkspaceRole | null, expiresAt: string | null }> } }
    | { __typename: 'Refusal', code: RefusalCode, message: string, path: Array<string> | null, retryAfterSeconds: number | null, limit: { __typename: 'LimitUsage', used: number, limit: number | null } | null }
   };

export type MembersCancelMutationVariables = Exact<{
  input: CancelInvitationInput;
}>;


export type MembersCancelMutation = { cancelInvitation:
    | { __typename: 'CancelInvitationSuccess', invitation: { __typename: 'Invitation', id: string, email: string, role: OrganizationRole, status: InvitationStatus, delivery: InvitationDelivery, deliveryProblem: string | null, createdAt: string, lastSentAt: string | null, expiresAt: string, respondedAt: string | null, resendableAt: string | null, invitedBy: { __typename: 'User', id: string, name: string } | null, workspaceGrants: Array<{ __typename: 'WorkspaceGrant', workspaceId: string, workspaceName: string, roleOverride: WorkspaceRole | null, expiresAt: string | null }> } }
    | { __typename: 'Refusal', code: RefusalCode, message: string, path: Array<string> | null, retryAfterSeconds: number | null, limit: { __typename: 'LimitUsage', used: number, limit: number | null } | null }
   };

export type MembersEditInvitationMutationVariables = Exact<{
  input: UpdateInvitationInput;
}>;


export type MembersEditInvitationMutation = { updateInvitation:
    | { __typename: 'UpdateInvitationSuccess', invitation: { __typename: 'Invitation', id: string, email: string, role: OrganizationRole, status: InvitationStatus, delivery: InvitationDelivery, deliveryProblem: string | null, createdAt: string, lastSentAt: string | null, expiresAt: string, respondedAt: string | null, resendableAt: string | null, invitedBy: { __typename: 'User', id: string, name: string } | null, workspaceGrants: Array<{ __typename: 'WorkspaceGrant', workspaceId: string, workspaceName: string, roleOverride: WorkspaceRole | null, expiresAt: string | null }> } }
    | { __typename: 'Refusal', code: RefusalCode, message: string, path: Array<string> | null, retryAfterSeconds: number | null, limit: { __typename: 'LimitUsage', used: number, limit: number | null } | null }
   };

export type MembersRenewLinkMutationVariables = Exact<{
  input: RenewInvitationLinkInput;
}>;


export type MembersRenewLinkMutation = { renewInvitationLink:
    | { __typename: 'RenewInvitationLinkSuccess', link: string, invitation: { __typename: 'Invitation', id: string, email: string, role: OrganizationRole, status: InvitationStatus, delivery: InvitationDelivery, deliveryProblem: string | null, createdAt: string, lastSentAt: string | null, expiresAt: string, respondedAt: string | null, resendableAt: string | null, invitedBy: { __typename: 'User', id: string, name: string } | null, workspaceGrants: Array<{ __typename: 'WorkspaceGrant', workspaceId: string, workspaceName: string, roleOverride: WorkspaceRole | null, expiresAt: string | null }> } }
    | { __typename: 'Refusal', code: RefusalCode, message: string, path: Array<string> | null, retryAfterSeconds: number | null, limit: { __typename: 'LimitUsage', used: number, limit: number | null } | null }
   };

export type MembersInvitationsLiveSubscriptionVariables = Exact<{
  organizationId: string | number;
  after?: string | null | undefined;
}>;


export type MembersInvitationsLiveSubscription = { invitationChanged: { __typename: 'InvitationEvent', cursor: string, change: InvitationChange, invitation: { __typename: 'Invitation', id: string, email: string, role: OrganizationRole, status: InvitationStatus, delivery: InvitationDelivery, deliveryProblem: string | null, createdAt: string, lastSentAt: string | null, expiresAt: string, respondedAt: string | null, resendableAt: string | null, invitedBy: { __typename: 'User', id: string, name: string } | null, workspaceGrants: Array<{ __typename: 'WorkspaceGrant', workspaceId: string, workspaceName: string, roleOverride: WorkspaceRole | null, expiresAt: string | null }> } } };

export type MembersSummaryQueryVariables = Exact<{
  organizationId: string | number;
  search?: string | null | undefined;
  manages: boolean;
}>;


export type MembersSummaryQuery = { organization: { __typename: 'Organization', id: string, eventCursor: string, invitationRefusal: { __typename: 'Refusal', code: RefusalCode, message: string, retryAfterSeconds: number | null, limit: { __typename: 'LimitUsage', used: number, limit: number | null } | null } | null, memberLimit?: { __typename: 'LimitUsage', used: number, limit: number | null } | null, all: { __typename: 'MemberConnection', totalCount: number }, owners: { __typename: 'MemberConnection', totalCount: number, nodes: Array<{ __typename: 'Member', id: string, roleOptions: Array<{ __typename: 'RoleOption', role: OrganizationRole, refusal: { __typename: 'Refusal', code: RefusalCode, message: string } | null }>, removalRefusal: { __typename: 'Refusal', code: RefusalCode, message: string } | null, workspaceAccessRefusal: { __typename: 'Refusal', code: RefusalCode, message: string } | null }> }, admins: { __typename: 'MemberConnection', totalCount: number }, developers: { __typename: 'MemberConnection', totalCount: number }, viewers: { __typename: 'MemberConnection', totalCount: number }, workspaces: { __typename: 'WorkspaceConnection', totalCount: number }, invitations?: { __typename: 'InvitationConnection', totalCount: number } | null } | null };

export type MembersListQueryVariables = Exact<{
  organizationId: string | number;
  search?: string | null | undefined;
  roles?: Array<OrganizationRole> | OrganizationRole | null | undefined;
  orderBy: MemberOrder;
  after?: string | null | undefined;
}>;


export type MembersListQuery = { organization: { __typename: 'Organization', id: string, members: { __typename: 'MemberConnection', totalCount: number, edges: Array<{ __typename: 'MemberEdge', cursor: string, node: { __typename: 'Member', id: string, role: OrganizationRole, joinedAt: string, lastSeenAt: string | null, workspaceAccess: Array<{ __typename: 'WorkspaceAccess', role: WorkspaceRole, source: WorkspaceAccessSource, roleOverride: WorkspaceRole | null, dormantOverride: WorkspaceRole | null, expiresAt: string | null, workspace: { __typename: 'Workspace', id: string, name: string } }>, roleOptions: Array<{ __typename: 'RoleOption', role: OrganizationRole, refusal: { __typename: 'Refusal', code: RefusalCode, message: string } | null }>, removalRefusal: { __typename: 'Refusal', code: RefusalCode, message: string } | null, workspaceAccessRefusal: { __typename: 'Refusal', code: RefusalCode, message: string } | null, invitedBy: { __typename: 'User', id: string, name: string } | null, user: { __typename: 'User', id: string, name: string, email: string | null } } }>, pageInfo: { __typename: 'PageInfo', hasNextPage: boolean, endCursor: string | null } } } | null };

export type MembersOneQueryVariables = Exact<{
  organizationId: string | number;
  memberId: string | number;
}>;


export type MembersOneQuery = { organization: { __typename: 'Organization', id: string, member: { __typename: 'Member', id: string, role: OrganizationRole, joinedAt: string, lastSeenAt: string | null, workspaceAccess: Array<{ __typename: 'WorkspaceAccess', role: WorkspaceRole, source: WorkspaceAccessSource, roleOverride: WorkspaceRole | null, dormantOverride: WorkspaceRole | null, expiresAt: string | null, workspace: { __typename: 'Workspace', id: string, name: string } }>, roleOptions: Array<{ __typename: 'RoleOption', role: OrganizationRole, refusal: { __typename: 'Refusal', code: RefusalCode, message: string } | null }>, removalRefusal: { __typename: 'Refusal', code: RefusalCode, message: string } | null, workspaceAccessRefusal: { __typename: 'Refusal', code: RefusalCode, message: string } | null, invitedBy: { __typename: 'User', id: string, name: string } | null, user: { __typename: 'User', id: string, name: string, email: string | null } } | null } | null };

export type MembersActionsFragment = { __typename: 'Member', id: string, roleOptions: Array<{ __typename: 'RoleOption', role: OrganizationRole, refusal: { __typename: 'Refusal', code: RefusalCode, message: string } | null }>, removalRefusal: { __typename: 'Refusal', code: RefusalCode, message: string } | null, workspaceAccessRefusal: { __typename: 'Refusal', code: RefusalCode, message: string } | null };

export type MembersRowFragment = { __typename: 'Member', id: string, role: OrganizationRole, joinedAt: string, lastSeenAt: string | null, workspaceAccess: Array<{ __typename: 'WorkspaceAccess', role: WorkspaceRole, source: WorkspaceAccessSource, roleOverride: WorkspaceRole | null, dormantOverride: WorkspaceRole | null, expiresAt: string | null, workspace: { __typename: 'Workspace', id: string, name: string } }>, roleOptions: Array<{ __typename: 'RoleOption', role: OrganizationRole, refusal: { __typename: 'Refusal', code: RefusalCode, message: string } | null }>, removalRefusal: { __typename: 'Refusal', code: RefusalCode, message: string } | null, workspaceAccessRefusal: { __typename: 'Refusal', code: RefusalCode, message: string } | null, invitedBy: { __typename: 'User', id: string, name: string } | null, user: { __typename: 'User', id: string, name: string, email: string | null } };

export type MembersProfileFragment = { __typename: 'Member', id: string, role: OrganizationRole, joinedAt: string, lastSeenAt: string | null, invitedBy: { __typename: 'User', id: string, name: string } | null, user: { __typename: 'User', id: string, name: string, email: string | null } };

export type MembersAccessFragment = { __typename: 'WorkspaceAccess', role: WorkspaceRole, source: WorkspaceAccessSource, roleOverride: WorkspaceRole | null, dormantOverride: WorkspaceRole | null, expiresAt: string | null, workspace: { __typename: 'Workspace', id: string, name: string } };

export type MembersExportQueryVariables = Exact<{
  organizationId: string | number;
  search?: string | null | undefined;
  roles?: Array<OrganizationRole> | OrganizationRole | null | undefined;
  orderBy: MemberOrder;
  after?: string | null | undefined;
}>;


export type MembersExportQuery = { organization: { __typename: 'Organization', id: string, members: { __typename: 'MemberConnection', totalCount: number, nodes: Array<{ __typename: 'Member', id: string, role: OrganizationRole, joinedAt: string, lastSeenAt: string | null, workspaceAccess: Array<{ __typename: 'WorkspaceAccess', role: WorkspaceRole, workspace: { __typename: 'Workspace', id: string, name: string } }>, invitedBy: { __typename: 'User', id: string, name: string } | null, user: { __typename: 'User', id: string, name: string, email: string | null } }>, pageInfo: { __typename: 'PageInfo', hasNextPage: boolean, endCursor: string | null } } } | null };

export type MembersRolesQueryVariables = Exact<{ [key: string]: never; }>;


export type MembersRolesQuery = { roles: Array<{ __typename: 'RoleDescription', role: OrganizationRole, name: string, description: string, permissions: Array<OrganizationPermission>, workspaceRole: WorkspaceRole, workspacePermissions: Array<WorkspacePermission>, isInvitable: boolean }> };

export type MembersSetRoleMutationVariables = Exact<{
  input: ChangeMemberRoleInput;
}>;


export type MembersSetRoleMutation = { changeMemberRole:
    | { __typename: 'ChangeMemberRoleSuccess', member: { __typename: 'Member', id: string, role: OrganizationRole, joinedAt: string, lastSeenAt: string | null, workspaceAccess: Array<{ __typename: 'WorkspaceAccess', role: WorkspaceRole, source: WorkspaceAccessSource, roleOverride: WorkspaceRole | null, dormantOverride: WorkspaceRole | null, expiresAt: string | null, workspace: { __typename: 'Workspace', id: string, name: string } }>, roleOptions: Array<{ __typename: 'RoleOption', role: OrganizationRole, refusal: { __typename: 'Refusal', code: RefusalCode, message: string } | null }>, removalRefusal: { __typename: 'Refusal', code: RefusalCode, message: string } | null, workspaceAccessRefusal: { __typename: 'Refusal', code: RefusalCode, message: string } | null, invitedBy: { __typename: 'User', id: string, name: string } | null, user: { __typename: 'User', id: string, name: string, email: string | null } } }
    | { __typename: 'Refusal', code: RefusalCode, message: string, path: Array<string> | null, retryAfterSeconds: number | null, limit: { __typename: 'LimitUsage', used: number, limit: number | null } | null }
   };

export type MembersGiveWorkspaceMutationVariables = Exact<{
  input: GrantWorkspaceAccessInput;
}>;


export type MembersGiveWorkspaceMutation = { grantWorkspaceAccess:
    | { __typename: 'GrantWorkspaceAccessSuccess', access: { __typename: 'WorkspaceAccess', member: { __typename: 'Member', id: string, role: OrganizationRole, joinedAt: string, lastSeenAt: string | null, workspaceAccess: Array<{ __typename: 'WorkspaceAccess', role: WorkspaceRole, source: WorkspaceAccessSource, roleOverride: WorkspaceRole | null, dormantOverride: WorkspaceRole | null, expiresAt: string | null, workspace: { __typename: 'Workspace', id: string, name: string } }>, roleOptions: Array<{ __typename: 'RoleOption', role: OrganizationRole, refusal: { __typename: 'Refusal', code: RefusalCode, message: string } | null }>, removalRefusal: { __typename: 'Refusal', code: RefusalCode, message: string } | null, workspaceAccessRefusal: { __typename: 'Refusal', code: RefusalCode, message: string } | null, invitedBy: { __typename: 'User', id: string, name: string } | null, user: { __typename: 'User', id: string, name: string, email: string | null } } } }
    | { __typename: 'Refusal', code: RefusalCode, message: string, path: Array<string> | null, retryAfterSeconds: number | null, limit: { __typename: 'LimitUsage', used: number, limit: number | null } | null }
   };

export type MembersRemoveMutationVariables = Exact<{
  input: RemoveMemberInput;
}>;


export type MembersRemoveMutation = { removeMember:
    | { __typename: 'RemoveMemberSuccess', memberId: string }
    | { __typename: 'Refusal', code: RefusalCode, message: string, path: Array<string> | null, retryAfterSeconds: number | null, limit: { __typename: 'LimitUsage', used: number, limit: number | null } | null }
   };

export type MembersReinstateMutationVariables = Exact<{
  input: ReinstateMemberInput;
}>;


export type MembersReinstateMutation = { reinstateMember:
    | { __typename: 'ReinstateMemberSuccess', member: { __typename: 'Member', id: string, role: OrganizationRole, joinedAt: string, lastSeenAt: string | null, workspaceAccess: Array<{ __typename: 'WorkspaceAccess', role: WorkspaceRole, source: WorkspaceAccessSource, roleOverride: WorkspaceRole | null, dormantOverride: WorkspaceRole | null, expiresAt: string | null, workspace: { __typename: 'Workspace', id: string, name: string } }>, roleOptions: Array<{ __typename: 'RoleOption', role: OrganizationRole, refusal: { __typename: 'Refusal', code: RefusalCode, message: string } | null }>, removalRefusal: { __typename: 'Refusal', code: RefusalCode, message: string } | null, workspaceAccessRefusal: { __typename: 'Refusal', code: RefusalCode, message: string } | null, invitedBy: { __typename: 'User', id: string, name: string } | null, user: { __typename: 'User', id: string, name: string, email: string | null } } }
    | { __typename: 'Refusal', code: RefusalCode, message: string, path: Array<string> | null, retryAfterSeconds: number | null, limit: { __typename: 'LimitUsage', used: number, limit: number | null } | null }
   };

export type MembersRemovedQueryVariables = Exact<{
  organizationId: string | number;
  since: string;
  after?: string | null | undefined;
}>;


export type MembersRemovedQuery = { organization: { __typename: 'Organization', id: string, auditLog: { __typename: 'AuditEventConnection', edges: Array<{ __typename: 'AuditEventEdge', cursor: string, node: { __typename: 'AuditEvent', sequence: number, occurredAt: string, actorLabel: string, subjectId: string | null, summary: string, actor: { __typename: 'User', id: string, name: string } | null, reinstatementRefusal: { __typename: 'Refusal', code: RefusalCode, message: string } | null } }>, pageInfo: { __typename: 'PageInfo', hasNextPage: boolean, endCursor: string | null } } | null } | null };

export type MembersLiveSubscriptionVariables = Exact<{
  organizationId: string | number;
  after?: string | null | undefined;
}>;


export type MembersLiveSubscription = { membershipChanged: { __typename: 'MembershipEvent', cursor: string, change: MembershipChange, memberId: string, member: { __typename: 'Member', id: string, role: OrganizationRole, joinedAt: string, lastSeenAt: string | null, workspaceAccess: Array<{ __typename: 'WorkspaceAccess', role: WorkspaceRole, source: WorkspaceAccessSource, roleOverride: WorkspaceRole | null, dormantOverride: WorkspaceRole | null, expiresAt: string | null, workspace: { __typename: 'Workspace', id: string, name: string } }>, roleOptions: Array<{ __typename: 'RoleOption', role: OrganizationRole, refusal: { __typename: 'Refusal', code: RefusalCode, message: string } | null }>, removalRefusal: { __typename: 'Refusal', code: RefusalCode, message: string } | null, workspaceAccessRefusal: { __typename: 'Refusal', code: RefusalCode, message: string } | null, invitedBy: { __typename: 'User', id: string, name: string } | null, user: { __typename: 'User', id: string, name: string, email: string | null } } | null } };

export type OrganizationsSnapshotQueryVariables = Exact<{ [key: string]: never; }>;


export type OrganizationsSnapshotQuery = { viewer: { __typename: 'User', id: string, memberships: Array<{ __typename: 'Member', id: string, role: OrganizationRole, organization: { __typename: 'Organization', id: string, eventCursor: string, name: string, description: string | null, isPersonal: boolean, createdAt: string, viewerPermissions: Array<OrganizationPermission>, byokStatus: ByokStatus, workspaceCreationRefusal: { __typename: 'Refusal', code: RefusalCode, message: string, limit: { __typename: 'LimitUsage', used: number, limit: number | null } | null } | null, viewerMember: { __typename: 'Member', id: string, role: OrganizationRole, organization: { __typename: 'Organization', id: string } } | null, members: { __typename: 'MemberConnection', totalCount: number }, workspaces: { __typename: 'WorkspaceConnection', totalCount: number, nodes: Array<{ __typename: 'Workspace', id: string, name: string, description: string | null, cloudProvider: CloudProvider, isDefault: boolean, createdAt: string, viewerRole: WorkspaceRole | null, viewerPermissions: Array<WorkspacePermission>, memberCount: number, deletionRefusal: { __typename: 'Refusal', code: RefusalCode, message: string } | null }> } } }> | null } };

export type RestorableOrganizationsQueryVariables = Exact<{ [key: string]: never; }>;


export type RestorableOrganizationsQuery = { viewer: { __typename: 'User', id: string, restorableOrganizations: Array<{ __typename: 'RestorableOrganization', id: string, name: string, deletedAt: string, restorableUntil: string }> | null } };

export type OrganizationsRestoreMutationVariables = Exact<{
  input: RestoreOrganizationInput;
}>;


export type OrganizationsRestoreMutation = { restoreOrganization:
    | { __typename: 'RestoreOrganizationSuccess', organization: { __typename: 'Organization', id: string, name: string, description: string | null, isPersonal: boolean, createdAt: string, viewerPermissions: Array<OrganizationPermission>, byokStatus: ByokStatus, workspaceCreationRefusal: { __typename: 'Refusal', code: RefusalCode, message: string, limit: { __typename: 'LimitUsage', used: number, limit: number | null } | null } | null, viewerMember: { __typename: 'Member', id: string, role: OrganizationRole, organization: { __typename: 'Organization', id: string } } | null, members: { __typename: 'MemberConnection', totalCount: number }, workspaces: { __typename: 'WorkspaceConnection', totalCount: number, nodes: Array<{ __typename: 'Workspace', id: string, name: string, description: string | null, cloudProvider: CloudProvider, isDefault: boolean, createdAt: string, viewerRole: WorkspaceRole | null, viewerPermissions: Array<WorkspacePermission>, memberCount: number, deletionRefusal: { __typename: 'Refusal', code: RefusalCode, message: string } | null }> } } }
    | { __typename: 'Refusal', code: RefusalCode, message: string, path: Array<string> | null, retryAfterSeconds: number | null, limit: { __typename: 'LimitUsage', used: number, limit: number | null } | null }
   };

export type OrganizationsDeleteWorkspaceMutationVariables = Exact<{
  input: DeleteWorkspaceInput;
}>;


export type OrganizationsDeleteWorkspaceMutation = { deleteWorkspace:
    | { __typename: 'DeleteWorkspaceSuccess', workspaceId: string, organization: { __typename: 'Organization', id: string, name: string, description: string | null, isPersonal: boolean, createdAt: string, viewerPermissions: Array<OrganizationPermission>, byokStatus: ByokStatus, workspaceCreationRefusal: { __typename: 'Refusal', code: RefusalCode, message: string, limit: { __typename: 'LimitUsage', used: number, limit: number | null } | null } | null, viewerMember: { __typename: 'Member', id: string, role: OrganizationRole, organization: { __typename: 'Organization', id: string } } | null, members: { __typename: 'MemberConnection', totalCount: number }, workspaces: { __typename: 'WorkspaceConnection', totalCount: number, nodes: Array<{ __typename: 'Workspace', id: string, name: string, description: string | null, cloudProvider: CloudProvider, isDefault: boolean, createdAt: string, viewerRole: WorkspaceRole | null, viewerPermissions: Array<WorkspacePermission>, memberCount: number, deletionRefusal: { __typename: 'Refusal', code: RefusalCode, message: string } | null }> } } }
    | { __typename: 'Refusal', code: RefusalCode, message: string, path: Array<string> | null, retryAfterSeconds: number | null, limit: { __typename: 'LimitUsage', used: number, limit: number | null } | null }
   };

export type OwnershipMembersQueryVariables = Exact<{
  organizationId: string | number;
  search?: string | null | undefined;
}>;


export type OwnershipMembersQuery = { organization: { __typename: 'Organization', id: string, members: { __typename: 'MemberConnection', totalCount: number, edges: Array<{ __typename: 'MemberEdge', cursor: string, node: { __typename: 'Member', id: string, role: OrganizationRole, user: { __typename: 'User', id: string, name: string, email: string | null } } }>, pageInfo: { __typename: 'PageInfo', hasNextPage: boolean, endCursor: string | null } } } | null };

export type OwnershipTransferMutationVariables = Exact<{
  input: TransferOwnershipInput;
}>;


export type OwnershipTransferMutation = { transferOwnership:
    | { __typename: 'TransferOwnershipSuccess', organization: { __typename: 'Organization', id: string, isPersonal: boolean, viewerPermissions: Array<OrganizationPermission>, leaveRefusal: { __typename: 'Refusal', code: RefusalCode, message: string } | null, deletionRefusal: { __typename: 'Refusal', code: RefusalCode, message: string } | null }, newOwner: { __typename: 'Member', id: string, role: OrganizationRole }, formerOwner: { __typename: 'Member', id: string, role: OrganizationRole } }
    | { __typename: 'Refusal', code: RefusalCode, message: string, path: Array<string> | null, retryAfterSeconds: number | null, limit: { __typename: 'LimitUsage', used: number, limit: number | null } | null }
   };

export type OwnershipMakeOwnerMutationVariables = Exact<{
  input: ChangeMemberRoleInput;
}>;


export type OwnershipMakeOwnerMutation = { changeMemberRole:
    | { __typename: 'ChangeMemberRoleSuccess', member: { __typename: 'Member', id: string, role: OrganizationRole, organization: { __typename: 'Organization', id: string, leaveRefusal: { __typename: 'Refusal', code: RefusalCode, message: string } | null, deletionRefusal: { __typename: 'Refusal', code: RefusalCode, message: string } | null } } }
    | { __typename: 'Refusal', code: RefusalCode, message: string, path: Array<string> | null, retryAfterSeconds: number | null, limit: { __typename: 'LimitUsage', used: number, limit: number | null } | null }
   };

export type OwnershipRefusalsFragment = { __typename: 'Organization', id: string, leaveRefusal: { __typename: 'Refusal', code: RefusalCode, message: string } | null, deletionRefusal: { __typename: 'Refusal', code: RefusalCode, message: string } | null };

export type ReviewFindQueryVariables = Exact<{
  organizationId: string | number;
  after?: string | null | undefined;
}>;


export type ReviewFindQuery = { organization: { __typename: 'Organization', id: string, accessReviews: { __typename: 'AccessReviewConnection', edges: Array<{ __typename: 'AccessReviewEdge', cursor: string, node: { __typename: 'AccessReview', id: string, name: string, status: AccessReviewStatus, startedAt: string, dueAt: string, completedAt: string | null, itemCount: number, decidedCount: number, evidenceHash: string | null, startedBy: { __typename: 'User', id: string, name: string } | null, completedBy: { __typename: 'User', id: string, name: string } | null } }>, pageInfo: { __typename: 'PageInfo', hasNextPage: boolean, endCursor: string | null } } | null } | null };

export type ReviewHeadFragment = { __typename: 'AccessReview', id: string, name: string, status: AccessReviewStatus, startedAt: string, dueAt: string, completedAt: string | null, itemCount: number, decidedCount: number, evidenceHash: string | null, startedBy: { __typename: 'User', id: string, name: string } | null, completedBy: { __typename: 'User', id: string, name: string } | null };

export type ReviewItemsQueryVariables = Exact<{
  organizationId: string | number;
  afterReview?: string | null | undefined;
  after?: string | null | undefined;
}>;


export type ReviewItemsQuery = { organization: { __typename: 'Organization', id: string, accessReviews: { __typename: 'AccessReviewConnection', nodes: Array<{ __typename: 'AccessReview', id: string, name: string, status: AccessReviewStatus, startedAt: string, dueAt: string, completedAt: string | null, itemCount: number, decidedCount: number, evidenceHash: string | null, items: { __typename: 'AccessReviewItemConnection', nodes: Array<{ __typename: 'AccessReviewItem', id: string, userName: string, role: OrganizationRole, lastSeenAt: string | null, decision: AccessReviewDecision | null, decidedAt: string | null, note: string | null, newRole: OrganizationRole | null, outcome: AccessReviewOutcome | null, findings: Array<AccessReviewFinding>, decisionRefusal: { __typename: 'Refusal', code: RefusalCode, message: string } | null, decidedBy: { __typename: 'User', id: string, name: string } | null, grants: Array<{ __typename: 'WorkspaceGrant', workspaceId: string, workspaceName: string, roleOverride: WorkspaceRole | null, expiresAt: string | null }>, newGrants: Array<{ __typename: 'WorkspaceGrant', workspaceId: string, workspaceName: string, roleOverride: WorkspaceRole | null, expiresAt: string | null }> | null }>, pageInfo: { __typename: 'PageInfo', hasNextPage: boolean, endCursor: string | null } }, startedBy: { __typename: 'User', id: string, name: string } | null, completedBy: { __typename: 'User', id: string, name: string } | null }> } | null } | null };

export type ReviewItemFragment = { __typename: 'AccessReviewItem', id: string, userName: string, role: OrganizationRole, lastSeenAt: string | null, decision: AccessReviewDecision | null, decidedAt: string | null, note: string | null, newRole: OrganizationRole | null, outcome: AccessReviewOutcome | null, findings: Array<AccessReviewFinding>, decisionRefusal: { __typename: 'Refusal', code: RefusalCode, message: string } | null, decidedBy: { __typename: 'User', id: string, name: string } | null, grants: Array<{ __typename: 'WorkspaceGrant', workspaceId: string, workspaceName: string, roleOverride: WorkspaceRole | null, expiresAt: string | null }>, newGrants: Array<{ __typename: 'WorkspaceGrant', workspaceId: string, workspaceName: string, roleOverride: WorkspaceRole | null, expiresAt: string | null }> | null };

export type ReviewDecidedEventsQueryVariables = Exact<{
  organizationId: string | number;
  since: string;
}>;


export type ReviewDecidedEventsQuery = { organization: { __typename: 'Organization', id: string, auditLog: { __typename: 'AuditEventConnection', nodes: Array<{ __typename: 'AuditEvent', subjectId: string | null, changes: Array<{ __typename: 'AuditFieldChange', field: string }> }> } | null } | null };

export type ReviewDecideMutationVariables = Exact<{
  input: DecideAccessReviewInput;
}>;


export type ReviewDecideMutation = { decideAccessReview:
    | { __typename: 'DecideAccessReviewSuccess', review: { __typename: 'AccessReview', id: string, name: string, status: AccessReviewStatus, startedAt: string, dueAt: string, completedAt: string | null, itemCount: number, decidedCount: number, evidenceHash: string | null, startedBy: { __typename: 'User', id: string, name: string } | null, completedBy: { __typename: 'User', id: string, name: string } | null }, items: Array<{ __typename: 'AccessReviewItem', id: string, userName: string, role: OrganizationRole, lastSeenAt: string | null, decision: AccessReviewDecision | null, decidedAt: string | null, note: string | null, newRole: OrganizationRole | null, outcome: AccessReviewOutcome | null, findings: Array<AccessReviewFinding>, decisionRefusal: { __typename: 'Refusal', code: RefusalCode, message: string } | null, decidedBy: { __typename: 'User', id: string, name: string } | null, grants: Array<{ __typename: 'WorkspaceGrant', workspaceId: string, workspaceName: string, roleOverride: WorkspaceRole | null, expiresAt: string | null }>, newGrants: Array<{ __typename: 'WorkspaceGrant', workspaceId: string, workspaceName: string, roleOverride: WorkspaceRole | null, expiresAt: string | null }> | null }> }
    | { __typename: 'Refusal', code: RefusalCode, message: string, path: Array<string> | null, retryAfterSeconds: number | null, limit: { __typename: 'LimitUsage', used: number, limit: number | null } | null }
   };

export type ReviewCompleteMutationVariables = Exact<{
  input: CompleteAccessReviewInput;
}>;


export type ReviewCompleteMutation = { completeAccessReview:
    | { __typename: 'CompleteAccessReviewSuccess', review: { __typename: 'AccessReview', id: string, name: string, status: AccessReviewStatus, startedAt: string, dueAt: string, completedAt: string | null, itemCount: number, decidedCount: number, evidenceHash: string | null, startedBy: { __typename: 'User', id: string, name: string } | null, completedBy: { __typename: 'User', id: string, name: string } | null } }
    | { __typename: 'Refusal', code: RefusalCode, message: string, path: Array<string> | null, retryAfterSeconds: number | null, limit: { __typename: 'LimitUsage', used: number, limit: number | null } | null }
   };

export type ReviewCancelMutationVariables = Exact<{
  input: CancelAccessReviewInput;
}>;


export type ReviewCancelMutation = { cancelAccessReview:
    | { __typename: 'CancelAccessReviewSuccess', review: { __typename: 'AccessReview', id: string, name: string, status: AccessReviewStatus, startedAt: string, dueAt: string, completedAt: string | null, itemCount: number, decidedCount: number, evidenceHash: string | null, startedBy: { __typename: 'User', id: string, name: string } | null, completedBy: { __typename: 'User', id: string, name: string } | null } }
    | { __typename: 'Refusal', code: RefusalCode, message: string, path: Array<string> | null, retryAfterSeconds: number | null, limit: { __typename: 'LimitUsage', used: number, limit: number | null } | null }
   };

export type ReviewsPageQueryVariables = Exact<{
  organizationId: string | number;
  after?: string | null | undefined;
}>;


export type ReviewsPageQuery = { organization: { __typename: 'Organization', id: string, accessReviews: { __typename: 'AccessReviewConnection', totalCount: number, nodes: Array<{ __typename: 'AccessReview', id: string, name: string, status: AccessReviewStatus, startedAt: string, dueAt: string, itemCount: number, decidedCount: number, startedBy: { __typename: 'User', id: string, name: string } | null }>, pageInfo: { __typename: 'PageInfo', hasNextPage: boolean, endCursor: string | null } } | null } | null };

export type ReviewsOpenQueryVariables = Exact<{
  organizationId: string | number;
}>;


export type ReviewsOpenQuery = { organization: { __typename: 'Organization', id: string, accessReviews: { __typename: 'AccessReviewConnection', nodes: Array<{ __typename: 'AccessReview', id: string }> } | null } | null };

export type ReviewsStartMutationVariables = Exact<{
  input: StartAccessReviewInput;
}>;


export type ReviewsStartMutation = { startAccessReview:
    | { __typename: 'StartAccessReviewSuccess', review: { __typename: 'AccessReview', id: string, itemCount: number } }
    | { __typename: 'Refusal', code: RefusalCode, message: string, path: Array<string> | null, retryAfterSeconds: number | null, limit: { __typename: 'LimitUsage', used: number, limit: number | null } | null }
   };

export type RolesHeldQueryVariables = Exact<{
  organizationId: string | number;
}>;


export type RolesHeldQuery = { organization: { __typename: 'Organization', id: string, eventCursor: string, owners: { __typename: 'MemberConnection', totalCount: number }, admins: { __typename: 'MemberConnection', totalCount: number }, developers: { __typename: 'MemberConnection', totalCount: number }, viewers: { __typename: 'MemberConnection', totalCount: number } } | null };

export type SubscriptionPageQueryVariables = Exact<{
  organizationId: string | number;
}>;


export type SubscriptionPageQuery = { organization: { __typename: 'Organization', id: string, subscription: { __typename: 'OrganizationSubscription', id: string, status: SubscriptionStatus, billingInterval: BillingInterval, currentPeriodEnd: string, isBilledManually: boolean, paymentMethodLabel: string | null, scheduledBillingInterval: BillingInterval | null, paymentMethod: { __typename: 'PaymentMethod', brand: string, last4: string, expiryMonth: number, expiryYear: number } | null, plan: { __typename: 'Plan', code: string, name: string, monthlyPriceCents: number | null, annualPriceCents: number | null, memberLimit: number | null, workspaceLimit: number | null, monthlyCredits: number | null, dailyCredits: number, byok: boolean, features: Array<string> }, scheduledPlan: { __typename: 'Plan', code: string, name: string, monthlyPriceCents: number | null, annualPriceCents: number | null, memberLimit: number | null, workspaceLimit: number | null, monthlyCredits: number | null, dailyCredits: number, byok: boolean, features: Array<string> } | null, planOptions: Array<{ __typename: 'PlanOption', isUpgrade: boolean, plan: { __typename: 'Plan', code: string, name: string, monthlyPriceCents: number | null, annualPriceCents: number | null, memberLimit: number | null, workspaceLimit: number | null, monthlyCredits: number | null, dailyCredits: number, byok: boolean, features: Array<string> }, blockers: Array<{ __typename: 'Refusal', code: RefusalCode, message: string, limit: { __typename: 'LimitUsage', used: number, limit: number | null } | null }> }>, usage: { __typename: 'Usage', members: { __typename: 'LimitUsage', used: number, limit: number | null }, workspaces: { __typename: 'LimitUsage', used: number, limit: number | null } } } | null } | null };

export type SubscriptionPagePlanFragment = { __typename: 'OrganizationSubscription', id: string, status: SubscriptionStatus, billingInterval: BillingInterval, currentPeriodEnd: string, isBilledManually: boolean, paymentMethodLabel: string | null, scheduledBillingInterval: BillingInterval | null, paymentMethod: { __typename: 'PaymentMethod', brand: string, last4: string, expiryMonth: number, expiryYear: number } | null, plan: { __typename: 'Plan', code: string, name: string, monthlyPriceCents: number | null, annualPriceCents: number | null, memberLimit: number | null, workspaceLimit: number | null, monthlyCredits: number | null, dailyCredits: number, byok: boolean, features: Array<string> }, scheduledPlan: { __typename: 'Plan', code: string, name: string, monthlyPriceCents: number | null, annualPriceCents: number | null, memberLimit: number | null, workspaceLimit: number | null, monthlyCredits: number | null, dailyCredits: number, byok: boolean, features: Array<string> } | null, planOptions: Array<{ __typename: 'PlanOption', isUpgrade: boolean, plan: { __typename: 'Plan', code: string, name: string, monthlyPriceCents: number | null, annualPriceCents: number | null, memberLimit: number | null, workspaceLimit: number | null, monthlyCredits: number | null, dailyCredits: number, byok: boolean, features: Array<string> }, blockers: Array<{ __typename: 'Refusal', code: RefusalCode, message: string, limit: { __typename: 'LimitUsage', used: number, limit: number | null } | null }> }>, usage: { __typename: 'Usage', members: { __typename: 'LimitUsage', used: number, limit: number | null }, workspaces: { __typename: 'LimitUsage', used: number, limit: number | null } } };

export type SubscriptionPageOfferFragment = { __typename: 'Plan', code: string, name: string, monthlyPriceCents: number | null, annualPriceCents: number | null, memberLimit: number | null, workspaceLimit: number | null, monthlyCredits: number | null, dailyCredits: number, byok: boolean, features: Array<string> };

export type SubscriptionPageInvoicesQueryVariables = Exact<{
  organizationId: string | number;
  after?: string | null | undefined;
}>;


export type SubscriptionPageInvoicesQuery = { organization: { __typename: 'Organization', id: string, subscription: { __typename: 'OrganizationSubscription', id: string, invoices: { __typename: 'SubscriptionInvoiceConnection', nodes: Array<{ __typename: 'SubscriptionInvoice', id: string, number: string | null, status: SubscriptionInvoiceStatus, totalCents: number, issuedAt: string, paidAt: string | null, url: string | null }>, pageInfo: { __typename: 'PageInfo', hasNextPage: boolean, endCursor: string | null } } } | null } | null };

export type SubscriptionPageChangePlanMutationVariables = Exact<{
  input: ChangePlanInput;
}>;


export type SubscriptionPageChangePlanMutation = { changePlan:
    | { __typename: 'ChangePlanSuccess', checkoutUrl: string | null, subscription: { __typename: 'OrganizationSubscription', id: string, status: SubscriptionStatus, billingInterval: BillingInterval, currentPeriodEnd: string, isBilledManually: boolean, paymentMethodLabel: string | null, scheduledBillingInterval: BillingInterval | null, paymentMethod: { __typename: 'PaymentMethod', brand: string, last4: string, expiryMonth: number, expiryYear: number } | null, plan: { __typename: 'Plan', code: string, name: string, monthlyPriceCents: number | null, annualPriceCents: number | null, memberLimit: number | null, workspaceLimit: number | null, monthlyCredits: number | null, dailyCredits: number, byok: boolean, features: Array<string> }, scheduledPlan: { __typename: 'Plan', code: string, name: string, monthlyPriceCents: number | null, annualPriceCents: number | null, memberLimit: number | null, workspaceLimit: number | null, monthlyCredits: number | null, dailyCredits: number, byok: boolean, features: Array<string> } | null, planOptions: Array<{ __typename: 'PlanOption', isUpgrade: boolean, plan: { __typename: 'Plan', code: string, name: string, monthlyPriceCents: number | null, annualPriceCents: number | null, memberLimit: number | null, workspaceLimit: number | null, monthlyCredits: number | null, dailyCredits: number, byok: boolean, features: Array<string> }, blockers: Array<{ __typename: 'Refusal', code: RefusalCode, message: string, limit: { __typename: 'LimitUsage', used: number, limit: number | null } | null }> }>, usage: { __typename: 'Usage', members: { __typename: 'LimitUsage', used: number, limit: number | null }, workspaces: { __typename: 'LimitUsage', used: number, limit: number | null } } } }
    | { __typename: 'Refusal', code: RefusalCode, message: string, path: Array<string> | null, retryAfterSeconds: number | null, limit: { __typename: 'LimitUsage', used: number, limit: number | null } | null }
   };

export type SubscriptionPageKeepPlanMutationVariables = Exact<{
  input: CancelScheduledPlanInput;
}>;


export type SubscriptionPageKeepPlanMutation = { cancelScheduledPlan:
    | { __typename: 'CancelScheduledPlanSuccess', subscription: { __typename: 'OrganizationSubscription', id: string, status: SubscriptionStatus, billingInterval: BillingInterval, currentPeriodEnd: string, isBilledManually: boolean, paymentMethodLabel: string | null, scheduledBillingInterval: BillingInterval | null, paymentMethod: { __typename: 'PaymentMethod', brand: string, last4: string, expiryMonth: number, expiryYear: number } | null, plan: { __typename: 'Plan', code: string, name: string, monthlyPriceCents: number | null, annualPriceCents: number | null, memberLimit: number | null, workspaceLimit: number | null, monthlyCredits: number | null, dailyCredits: number, byok: boolean, features: Array<string> }, scheduledPlan: { __typename: 'Plan', code: string, name: string, monthlyPriceCents: number | null, annualPriceCents: number | null, memberLimit: number | null, workspaceLimit: number | null, monthlyCredits: number | null, dailyCredits: number, byok: boolean, features: Array<string> } | null, planOptions: Array<{ __typename: 'PlanOption', isUpgrade: boolean, plan: { __typename: 'Plan', code: string, name: string, monthlyPriceCents: number | null, annualPriceCents: number | null, memberLimit: number | null, workspaceLimit: number | null, monthlyCredits: number | null, dailyCredits: number, byok: boolean, features: Array<string> }, blockers: Array<{ __typename: 'Refusal', code: RefusalCode, message: string, limit: { __typename: 'LimitUsage', used: number, limit: number | null } | null }> }>, usage: { __typename: 'Usage', members: { __typename: 'LimitUsage', used: number, limit: number | null }, workspaces: { __typename: 'LimitUsage', used: number, limit: number | null } } } }
    | { __typename: 'Refusal', code: RefusalCode, message: string, path: Array<string> | null, retryAfterSeconds: number | null, limit: { __typename: 'LimitUsage', used: number, limit: number | null } | null }
   };

export type SubscriptionPagePortalMutationVariables = Exact<{
  input: OpenBillingPortalInput;
}>;


export type SubscriptionPagePortalMutation = { openBillingPortal:
    | { __typename: 'OpenBillingPortalSuccess', url: string }
    | { __typename: 'Refusal', code: RefusalCode, message: string, path: Array<string> | null, retryAfterSeconds: number | null, limit: { __typename: 'LimitUsage', used: number, limit: number | null } | null }
   };

export type SubscriptionUsageQueryVariables = Exact<{
  organizationId: string | number;
  from: string;
  to: string;
  interval: UsageInterval;
  poolFrom: string;
  poolTo: string;
}>;


export type SubscriptionUsageQuery = { organization: { __typename: 'Organization', id: string, subscription: { __typename: 'OrganizationSubscription', id: string, usage: { __typename: 'Usage', forecast: string | null, projectedPeriodCredits: number | null, members: { __typename: 'LimitUsage', used: number, limit: number | null }, workspaces: { __typename: 'LimitUsage', used: number, limit: number | null }, credits: { __typename: 'CreditUsage', used: number, monthlyLimit: number | null, monthlyRemaining: number | null, dailyLimit: number, dailyRemaining: number, resetsAt: string }, pool: Array<{ __typename: 'UsagePoint', at: string, periodCredits: number }>, trendByWorkspace: Array<{ __typename: 'WorkspaceTrend', kind: WorkspaceTrendKind, workspace: { __typename: 'Workspace', id: string, name: string } | null, points: Array<{ __typename: 'UsagePoint', at: string, credits: number, byokCalls: number, calls: number }> }>, byWorkspace: Array<{ __typename: 'WorkspaceUsage', credits: number, byokCalls: number, calls: number, workspace: { __typename: 'Workspace', id: string, name: string } }> } } | null } | null };

export type WorkspacePageQueryVariables = Exact<{
  workspaceId: string | number;
}>;


export type WorkspacePageQuery = { workspace: { __typename: 'Workspace', id: string, name: string, description: string | null, cloudProvider: CloudProvider, isDefault: boolean, createdAt: string, viewerRole: WorkspaceRole | null, viewerPermissions: Array<WorkspacePermission>, organization: { __typename: 'Organization', id: string, eventCursor: string }, deletionRefusal: { __typename: 'Refusal', code: RefusalCode, message: string } | null } | null };

export type WorkspacePartsFragment = { __typename: 'Workspace', id: string, name: string, description: string | null, cloudProvider: CloudProvider, isDefault: boolean, createdAt: string, viewerRole: WorkspaceRole | null, viewerPermissions: Array<WorkspacePermission>, deletionRefusal: { __typename: 'Refusal', code: RefusalCode, message: string } | null };

export type WorkspacePeopleQueryVariables = Exact<{
  workspaceId: string | number;
  after?: string | null | undefined;
}>;


export type WorkspacePeopleQuery = { workspace: { __typename: 'Workspace', id: string, access: { __typename: 'WorkspaceAccessConnection', totalCount: number, nodes: Array<{ __typename: 'WorkspaceAccess', role: WorkspaceRole, source: WorkspaceAccessSource, roleOverride: WorkspaceRole | null, expiresAt: string | null, changeRefusal: { __typename: 'Refusal', code: RefusalCode, message: string } | null, member: { __typename: 'Member', id: string, role: OrganizationRole, user: { __typename: 'User', id: string, name: string, email: string | null } } }>, pageInfo: { __typename: 'PageInfo', hasNextPage: boolean, endCursor: string | null } } } | null };

export type WorkspaceUpdateMutationVariables = Exact<{
  input: UpdateWorkspaceInput;
}>;


export type WorkspaceUpdateMutation = { updateWorkspace:
    | { __typename: 'UpdateWorkspaceSuccess', workspace: { __typename: 'Workspace', id: string, name: string, description: string | null, cloudProvider: CloudProvider, isDefault: boolean, createdAt: string, viewerRole: WorkspaceRole | null, viewerPermissions: Array<WorkspacePermission>, deletionRefusal: { __typename: 'Refusal', code: RefusalCode, message: string } | null } }
    | { __typename: 'Refusal', code: RefusalCode, message: string, path: Array<string> | null, retryAfterSeconds: number | null, limit: { __typename: 'LimitUsage', used: number, limit: number | null } | null }
   };

export type WorkspaceGrantMutationVariables = Exact<{
  input: GrantWorkspaceAccessInput;
}>;


export type WorkspaceGrantMutation = { grantWorkspaceAccess:
    | { __typename: 'GrantWorkspaceAccessSuccess', access: { __typename: 'WorkspaceAccess', role: WorkspaceRole, source: WorkspaceAccessSource } }
    | { __typename: 'Refusal', code: RefusalCode, message: string, path: Array<string> | null, retryAfterSeconds: number | null, limit: { __typename: 'LimitUsage', used: number, limit: number | null } | null }
   };

export type WorkspaceRevokeMutationVariables = Exact<{
  input: RevokeWorkspaceAccessInput;
}>;


export type WorkspaceRevokeMutation = { revokeWorkspaceAccess:
    | { __typename: 'RevokeWorkspaceAccessSuccess', workspace: { __typename: 'Workspace', id: string, viewerRole: WorkspaceRole | null, viewerPermissions: Array<WorkspacePermission> } }
    | { __typename: 'Refusal', code: RefusalCode, message: string, path: Array<string> | null, retryAfterSeconds: number | null, limit: { __typename: 'LimitUsage', used: number, limit: number | null } | null }
   };

export type WorkspaceDeleteMutationVariables = Exact<{
  input: DeleteWorkspaceInput;
}>;


export type WorkspaceDeleteMutation = { deleteWorkspace:
    | { __typename: 'DeleteWorkspaceSuccess', workspaceId: string }
    | { __typename: 'Refusal', code: RefusalCode, message: string, path: Array<string> | null, retryAfterSeconds: number | null, limit: { __typename: 'LimitUsage', used: number, limit: number | null } | null }
   };

export type WorkspacesPageQueryVariables = Exact<{
  organizationId: string | number;
  search?: string | null | undefined;
  after?: string | null | undefined;
  withLimit: boolean;
}>;


export type WorkspacesPageQuery = { organization: { __typename: 'Organization', id: string, workspaceLimit?: { __typename: 'LimitUsage', used: number, limit: number | null } | null, workspaceCreationRefusal: { __typename: 'Refusal', code: RefusalCode, message: string } | null, workspaces: { __typename: 'WorkspaceConnection', totalCount: number, nodes: Array<{ __typename: 'Workspace', id: string, name: string, description: string | null, cloudProvider: CloudProvider, isDefault: boolean, viewerRole: WorkspaceRole | null, memberCount: number, createdAt: string }>, pageInfo: { __typename: 'PageInfo', hasNextPage: boolean, endCursor: string | null } } } | null };

export type WorkspacesCreateMutationVariables = Exact<{
  input: CreateWorkspaceInput;
}>;


export type WorkspacesCreateMutation = { createWorkspace:
    | { __typename: 'CreateWorkspaceSuccess', workspace: { __typename: 'Workspace', id: string, name: string, organization: { __typename: 'Organization', id: string, name: string, description: string | null, isPersonal: boolean, createdAt: string, viewerPermissions: Array<OrganizationPermission>, byokStatus: ByokStatus, workspaceCreationRefusal: { __typename: 'Refusal', code: RefusalCode, message: string, limit: { __typename: 'LimitUsage', used: number, limit: number | null } | null } | null, viewerMember: { __typename: 'Member', id: string, role: OrganizationRole, organization: { __typename: 'Organization', id: string } } | null, members: { __typename: 'MemberConnection', totalCount: number }, workspaces: { __typename: 'WorkspaceConnection', totalCount: number, nodes: Array<{ __typename: 'Workspace', id: string, name: string, description: string | null, cloudProvider: CloudProvider, isDefault: boolean, createdAt: string, viewerRole: WorkspaceRole | null, viewerPermissions: Array<WorkspacePermission>, memberCount: number, deletionRefusal: { __typename: 'Refusal', code: RefusalCode, message: string } | null }> } } } }
    | { __typename: 'Refusal', code: RefusalCode, message: string, path: Array<string> | null, retryAfterSeconds: number | null, limit: { __typename: 'LimitUsage', used: number, limit: number | null } | null }
   };

export type DryRunQueryVariables = Exact<{
  mutation: DryRunInput;
  organizationId: string | number;
}>;


export type DryRunQuery = { organization: { __typename: 'Organization', id: string, eventCursor: string, viewerPermissions: Array<OrganizationPermission> } | null, dryRun:
    | { __typename: 'DryRunSuccess', effects: Array<{ __typename: 'DryRunEffect', type: string, summary: string, subjectId: string | null, workspaceId: string | null }>, memberLimit: { __typename: 'LimitUsage', used: number, limit: number | null } | null, workspaceLimit: { __typename: 'LimitUsage', used: number, limit: number | null } | null, emails: Array<{ __typename: 'DryRunEmail', to: string, subject: string }>, charge: { __typename: 'DryRunCharge', dueNowCents: number, nextAmountCents: number | null, nextChargeAt: string | null, takesEffectAt: string } | null }
    | { __typename: 'Refusal', code: RefusalCode, message: string, path: Array<string> | null, retryAfterSeconds: number | null, limit: { __typename: 'LimitUsage', used: number, limit: number | null } | null }
   };

export type DryRunOrganizationLiveSubscriptionVariables = Exact<{
  organizationId: string | number;
  after?: string | null | undefined;
}>;


export type DryRunOrganizationLiveSubscription = { organizationChanged: { __typename: 'OrganizationEvent', cursor: string } };

export type DryRunMembersLiveSubscriptionVariables = Exact<{
  organizationId: string | number;
  after?: string | null | undefined;
}>;


export type DryRunMembersLiveSubscription = { membershipChanged: { __typename: 'MembershipEvent', cursor: string } };

export type DryRunInvitationsLiveSubscriptionVariables = Exact<{
  organizationId: string | number;
  after?: string | null | undefined;
}>;


export type DryRunInvitationsLiveSubscription = { invitationChanged: { __typename: 'InvitationEvent', cursor: string } };

export type MemberPickerQueryVariables = Exact<{
  organizationId: string | number;
  search?: string | null | undefined;
  roles?: Array<OrganizationRole> | OrganizationRole | null | undefined;
  after?: string | null | undefined;
}>;


export type MemberPickerQuery = { organization: { __typename: 'Organization', id: string, members: { __typename: 'MemberConnection', nodes: Array<{ __typename: 'Member', id: string, role: OrganizationRole, user: { __typename: 'User', id: string, name: string, email: string | null }, workspaceAccess: Array<{ __typename: 'WorkspaceAccess', workspace: { __typename: 'Workspace', id: string } }> }>, pageInfo: { __typename: 'PageInfo', hasNextPage: boolean, endCursor: string | null } } } | null };

export type WorkspacePickerQueryVariables = Exact<{
  organizationId: string | number;
  search?: string | null | undefined;
}>;


export type WorkspacePickerQuery = { organization: { __typename: 'Organization', id: string, workspaces: { __typename: 'WorkspaceConnection', nodes: Array<{ __typename: 'Workspace', id: string, name: string, cloudProvider: CloudProvider }> } } | null };

export type OrganizationMembersLiveSubscriptionVariables = Exact<{
  organizationId: string | number;
  after?: string | null | undefined;
}>;


export type OrganizationMembersLiveSubscription = { membershipChanged: { __typename: 'MembershipEvent', cursor: string } };

export type OrganizationPlaceQueryVariables = Exact<{
  organizationId: string | number;
}>;


export type OrganizationPlaceQuery = { organization: { __typename: 'Organization', eventCursor: string, id: string, name: string, description: string | null, isPersonal: boolean, viewerPermissions: Array<OrganizationPermission>, byokStatus: ByokStatus, viewerMember: { __typename: 'Member', id: string, role: OrganizationRole } | null } | null };

export type OrganizationPlaceFragment = { __typename: 'Organization', id: string, name: string, description: string | null, isPersonal: boolean, viewerPermissions: Array<OrganizationPermission>, byokStatus: ByokStatus, viewerMember: { __typename: 'Member', id: string, role: OrganizationRole } | null };

export type OrganizationLiveSubscriptionVariables = Exact<{
  organizationId: string | number;
  after?: string | null | undefined;
}>;


export type OrganizationLiveSubscription = { organizationChanged: { __typename: 'OrganizationEvent', cursor: string, type: string, occurredAt: string, workspaceId: string | null, summary: string, organization: { __typename: 'Organization', id: string, name: string, description: string | null, isPersonal: boolean, viewerPermissions: Array<OrganizationPermission>, byokStatus: ByokStatus, viewerMember: { __typename: 'Member', id: string, role: OrganizationRole } | null } | null } };

export type PermissionReasonsQueryVariables = Exact<{
  organizationId: string | number;
  permission: OrganizationPermission;
}>;


export type PermissionReasonsQuery = { organizationPermissions: Array<{ __typename: 'PermissionDecision', allowed: boolean }>, roles: Array<{ __typename: 'RoleDescription', role: OrganizationRole, name: string, permissions: Array<OrganizationPermission> }> };

export type PermissionHoldersQueryVariables = Exact<{
  organizationId: string | number;
  roles?: Array<OrganizationRole> | OrganizationRole | null | undefined;
}>;


export type PermissionHoldersQuery = { organization: { __typename: 'Organization', id: string, members: { __typename: 'MemberConnection', totalCount: number, edges: Array<{ __typename: 'MemberEdge', cursor: string, node: { __typename: 'Member', id: string, role: OrganizationRole, user: { __typename: 'User', id: string, name: string } } }>, pageInfo: { __typename: 'PageInfo', hasNextPage: boolean, endCursor: string | null } } } | null };

export type NewOrganizationMutationVariables = Exact<{
  input: CreateOrganizationInput;
}>;


export type NewOrganizationMutation = { createOrganization:
    | { __typename: 'CreateOrganizationSuccess', organization: { __typename: 'Organization', id: string, name: string, description: string | null, isPersonal: boolean, createdAt: string, viewerPermissions: Array<OrganizationPermission>, byokStatus: ByokStatus, workspaceCreationRefusal: { __typename: 'Refusal', code: RefusalCode, message: string, limit: { __typename: 'LimitUsage', used: number, limit: number | null } | null } | null, viewerMember: { __typename: 'Member', id: string, role: OrganizationRole, organization: { __typename: 'Organization', id: string } } | null, members: { __typename: 'MemberConnection', totalCount: number }, workspaces: { __typename: 'WorkspaceConnection', totalCount: number, nodes: Array<{ __typename: 'Workspace', id: string, name: string, description: string | null, cloudProvider: CloudProvider, isDefault: boolean, createdAt: string, viewerRole: WorkspaceRole | null, viewerPermissions: Array<WorkspacePermission>, memberCount: number, deletionRefusal: { __typename: 'Refusal', code: RefusalCode, message: string } | null }> } } }
    | { __typename: 'Refusal', code: RefusalCode, message: string, path: Array<string> | null, retryAfterSeconds: number | null, limit: { __typename: 'LimitUsage', used: number, limit: number | null } | null }
   };

export type ViewerQueryVariables = Exact<{ [key: string]: never; }>;


export type ViewerQuery = { viewer: { __typename: 'User', id: string, name: string, email: string | null, emailVerified: boolean | null, membershipCursor: string | null, memberships: Array<{ __typename: 'Member', id: string, role: OrganizationRole, organization: { __typename: 'Organization', id: string, name: string, description: string | null, isPersonal: boolean, createdAt: string, viewerPermissions: Array<OrganizationPermission>, byokStatus: ByokStatus, workspaceCreationRefusal: { __typename: 'Refusal', code: RefusalCode, message: string, limit: { __typename: 'LimitUsage', used: number, limit: number | null } | null } | null, viewerMember: { __typename: 'Member', id: string, role: OrganizationRole, organization: { __typename: 'Organization', id: string } } | null, members: { __typename: 'MemberConnection', totalCount: number }, workspaces: { __typename: 'WorkspaceConnection', totalCount: number, nodes: Array<{ __typename: 'Workspace', id: string, name: string, description: string | null, cloudProvider: CloudProvider, isDefault: boolean, createdAt: string, viewerRole: WorkspaceRole | null, viewerPermissions: Array<WorkspacePermission>, memberCount: number, deletionRefusal: { __typename: 'Refusal', code: RefusalCode, message: string } | null }> } } }> | null } };

export type ViewerMembershipFragment = { __typename: 'Member', id: string, role: OrganizationRole, organization: { __typename: 'Organization', id: string, name: string, description: string | null, isPersonal: boolean, createdAt: string, viewerPermissions: Array<OrganizationPermission>, byokStatus: ByokStatus, workspaceCreationRefusal: { __typename: 'Refusal', code: RefusalCode, message: string, limit: { __typename: 'LimitUsage', used: number, limit: number | null } | null } | null, viewerMember: { __typename: 'Member', id: string, role: OrganizationRole, organization: { __typename: 'Organization', id: string } } | null, members: { __typename: 'MemberConnection', totalCount: number }, workspaces: { __typename: 'WorkspaceConnection', totalCount: number, nodes: Array<{ __typename: 'Workspace', id: string, name: string, description: string | null, cloudProvider: CloudProvider, isDefault: boolean, createdAt: string, viewerRole: WorkspaceRole | null, viewerPermissions: Array<WorkspacePermission>, memberCount: number, deletionRefusal: { __typename: 'Refusal', code: RefusalCode, message: string } | null }> } } };

export type ViewerOrganizationFragment = { __typename: 'Organization', id: string, name: string, description: string | null, isPersonal: boolean, createdAt: string, viewerPermissions: Array<OrganizationPermission>, byokStatus: ByokStatus, workspaceCreationRefusal: { __typename: 'Refusal', code: RefusalCode, message: string, limit: { __typename: 'LimitUsage', used: number, limit: number | null } | null } | null, viewerMember: { __typename: 'Member', id: string, role: OrganizationRole, organization: { __typename: 'Organization', id: string } } | null, members: { __typename: 'MemberConnection', totalCount: number }, workspaces: { __typename: 'WorkspaceConnection', totalCount: number, nodes: Array<{ __typename: 'Workspace', id: string, name: string, description: string | null, cloudProvider: CloudProvider, isDefault: boolean, createdAt: string, viewerRole: WorkspaceRole | null, viewerPermissions: Array<WorkspacePermission>, memberCount: number, deletionRefusal: { __typename: 'Refusal', code: RefusalCode, message: string } | null }> } };

export type ViewerWorkspaceFragment = { __typename: 'Workspace', id: string, name: string, description: string | null, cloudProvider: CloudProvider, isDefault: boolean, createdAt: string, viewerRole: WorkspaceRole | null, viewerPermissions: Array<WorkspacePermission>, memberCount: number, deletionRefusal: { __typename: 'Refusal', code: RefusalCode, message: string } | null };

export type WorkspaceNameFragment = { __typename: 'Workspace', id: string, name: string };

export type WorkspacesFoundQueryVariables = Exact<{
  search: string;
}>;


export type WorkspacesFoundQuery = { viewer: { __typename: 'User', id: string, memberships: Array<{ __typename: 'Member', id: string, organization: { __typename: 'Organization', id: string, workspaces: { __typename: 'WorkspaceConnection', totalCount: number, nodes: Array<{ __typename: 'Workspace', id: string, name: string, description: string | null, cloudProvider: CloudProvider, isDefault: boolean, createdAt: string, viewerRole: WorkspaceRole | null, viewerPermissions: Array<WorkspacePermission>, memberCount: number, deletionRefusal: { __typename: 'Refusal', code: RefusalCode, message: string } | null }> } } }> | null } };

export type OrganizationOfViewerQueryVariables = Exact<{
  organizationId: string | number;
}>;


export type OrganizationOfViewerQuery = { organization: { __typename: 'Organization', id: string, name: string, description: string | null, isPersonal: boolean, createdAt: string, viewerPermissions: Array<OrganizationPermission>, byokStatus: ByokStatus, workspaceCreationRefusal: { __typename: 'Refusal', code: RefusalCode, message: string, limit: { __typename: 'LimitUsage', used: number, limit: number | null } | null } | null, viewerMember: { __typename: 'Member', id: string, role: OrganizationRole, organization: { __typename: 'Organization', id: string } } | null, members: { __typename: 'MemberConnection', totalCount: number }, workspaces: { __typename: 'WorkspaceConnection', totalCount: number, nodes: Array<{ __typename: 'Workspace', id: string, name: string, description: string | null, cloudProvider: CloudProvider, isDefault: boolean, createdAt: string, viewerRole: WorkspaceRole | null, viewerPermissions: Array<WorkspacePermission>, memberCount: number, deletionRefusal: { __typename: 'Refusal', code: RefusalCode, message: string } | null }> } } | null };

export type ViewerMembershipLiveSubscriptionVariables = Exact<{
  after?: string | null | undefined;
}>;


export type ViewerMembershipLiveSubscription = { viewerMembershipChanged: { __typename: 'ViewerMembershipEvent', cursor: string, change: MembershipChange, occurredAt: string, organizationId: string, organization: { __typename: 'Organization', id: string, name: string, description: string | null, isPersonal: boolean, createdAt: string, viewerPermissions: Array<OrganizationPermission>, byokStatus: ByokStatus, workspaceCreationRefusal: { __typename: 'Refusal', code: RefusalCode, message: string, limit: { __typename: 'LimitUsage', used: number, limit: number | null } | null } | null, viewerMember: { __typename: 'Member', id: string, role: OrganizationRole, organization: { __typename: 'Organization', id: string } } | null, members: { __typename: 'MemberConnection', totalCount: number }, workspaces: { __typename: 'WorkspaceConnection', totalCount: number, nodes: Array<{ __typename: 'Workspace', id: string, name: string, description: string | null, cloudProvider: CloudProvider, isDefault: boolean, createdAt: string, viewerRole: WorkspaceRole | null, viewerPermissions: Array<WorkspacePermission>, memberCount: number, deletionRefusal: { __typename: 'Refusal', code: RefusalCode, message: string } | null }> } } | null } };

export type ReceivedInvitationsQueryVariables = Exact<{ [key: string]: never; }>;


export type ReceivedInvitationsQuery = { viewer: { __typename: 'User', id: string, receivedInvitations: Array<{ __typename: 'Invitation', id: string, role: OrganizationRole, status: InvitationStatus, expiresAt: string, organization: { __typename: 'InvitingOrganization', id: string, name: string }, workspaceGrants: Array<{ __typename: 'WorkspaceGrant', workspaceId: string, workspaceName: string, roleOverride: WorkspaceRole | null }>, invitedBy: { __typename: 'User', id: string, name: string } | null }> | null } };

export type ReceivedInvitationFragment = { __typename: 'Invitation', id: string, role: OrganizationRole, status: InvitationStatus, expiresAt: string, organization: { __typename: 'InvitingOrganization', id: string, name: string }, workspaceGrants: Array<{ __typename: 'WorkspaceGrant', workspaceId: string, workspaceName: string, roleOverride: WorkspaceRole | null }>, invitedBy: { __typename: 'User', id: string, name: string } | null };

export type ReceivedInvitationLiveSubscriptionVariables = Exact<{ [key: string]: never; }>;


export type ReceivedInvitationLiveSubscription = { receivedInvitationChanged: { __typename: 'Invitation', id: string, role: OrganizationRole, status: InvitationStatus, expiresAt: string, organization: { __typename: 'InvitingOrganization', id: string, name: string }, workspaceGrants: Array<{ __typename: 'WorkspaceGrant', workspaceId: string, workspaceName: string, roleOverride: WorkspaceRole | null }>, invitedBy: { __typename: 'User', id: string, name: string } | null } };

export type AcceptReceivedMutationVariables = Exact<{
  input: AcceptInvitationInput;
}>;


export type AcceptReceivedMutation = { acceptInvitation:
    | { __typename: 'AcceptInvitationSuccess', member: { __typename: 'Member', id: string, role: OrganizationRole, organization: { __typename: 'Organization', id: string, name: string, description: string | null, isPersonal: boolean, createdAt: string, viewerPermissions: Array<OrganizationPermission>, byokStatus: ByokStatus, workspaceCreationRefusal: { __typename: 'Refusal', code: RefusalCode, message: string, limit: { __typename: 'LimitUsage', used: number, limit: number | null } | null } | null, viewerMember: { __typename: 'Member', id: string, role: OrganizationRole, organization: { __typename: 'Organization', id: string } } | null, members: { __typename: 'MemberConnection', totalCount: number }, workspaces: { __typename: 'WorkspaceConnection', totalCount: number, nodes: Array<{ __typename: 'Workspace', id: string, name: string, description: string | null, cloudProvider: CloudProvider, isDefault: boolean, createdAt: string, viewerRole: WorkspaceRole | null, viewerPermissions: Array<WorkspacePermission>, memberCount: number, deletionRefusal: { __typename: 'Refusal', code: RefusalCode, message: string } | null }> } } } }
    | { __typename: 'Refusal', code: RefusalCode, message: string, path: Array<string> | null, retryAfterSeconds: number | null, limit: { __typename: 'LimitUsage', used: number, limit: number | null } | null }
   };

export type DeclineReceivedMutationVariables = Exact<{
  input: DeclineInvitationInput;
}>;


export type DeclineReceivedMutation = { declineInvitation:
    | { __typename: 'DeclineInvitationSuccess', invitationId: string }
    | { __typename: 'Refusal', code: RefusalCode, message: string, path: Array<string> | null, retryAfterSeconds: number | null, limit: { __typename: 'LimitUsage', used: number, limit: number | null } | null }
   };

export const RefusalPartsFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"RefusalParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Refusal"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"path"}},{"kind":"Field","name":{"kind":"Name","value":"limit"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"used"}},{"kind":"Field","name":{"kind":"Name","value":"limit"}}]}},{"kind":"Field","name":{"kind":"Name","value":"retryAfterSeconds"}}]}}]} as unknown as DocumentNode<RefusalPartsFragment, unknown>;
export const AuditRowFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"AuditRow"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"AuditEvent"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"sequence"}},{"kind":"Field","name":{"kind":"Name","value":"type"}},{"kind":"Field","name":{"kind":"Name","value":"occurredAt"}},{"kind":"Field","name":{"kind":"Name","value":"actorLabel"}},{"kind":"Field","name":{"kind":"Name","value":"workspaceId"}},{"kind":"Field","name":{"kind":"Name","value":"summary"}},{"kind":"Field","name":{"kind":"Name","value":"hash"}},{"kind":"Field","name":{"kind":"Name","value":"actor"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"email"}}]}},{"kind":"Field","name":{"kind":"Name","value":"changes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"field"}},{"kind":"Field","name":{"kind":"Name","value":"before"}},{"kind":"Field","name":{"kind":"Name","value":"after"}}]}}]}}]} as unknown as DocumentNode<AuditRowFragment, unknown>;
export const ByokPageOptionsFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ByokPageOptions"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ByokOptions"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"regions"}},{"kind":"Field","name":{"kind":"Name","value":"models"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"inferenceProfiles"}}]}}]}}]} as unknown as DocumentNode<ByokPageOptionsFragment, unknown>;
export const ByokPageChecksFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ByokPageChecks"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ByokVerification"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"ok"}},{"kind":"Field","name":{"kind":"Name","value":"checkedAt"}},{"kind":"Field","name":{"kind":"Name","value":"checks"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"modelId"}},{"kind":"Field","name":{"kind":"Name","value":"ok"}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]} as unknown as DocumentNode<ByokPageChecksFragment, unknown>;
export const ByokPageConfigFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ByokPageConfig"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ByokConfig"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"accessKeyIdHint"}},{"kind":"Field","name":{"kind":"Name","value":"isTemporary"}},{"kind":"Field","name":{"kind":"Name","value":"sessionTokenExpiresAt"}},{"kind":"Field","name":{"kind":"Name","value":"region"}},{"kind":"Field","name":{"kind":"Name","value":"inferenceProfile"}},{"kind":"Field","name":{"kind":"Name","value":"fallback"}},{"kind":"Field","name":{"kind":"Name","value":"enabled"}},{"kind":"Field","name":{"kind":"Name","value":"updatedAt"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"nextVerificationAt"}},{"kind":"Field","name":{"kind":"Name","value":"savedBy"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"lastVerification"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"ByokPageChecks"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ByokPageChecks"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ByokVerification"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"ok"}},{"kind":"Field","name":{"kind":"Name","value":"checkedAt"}},{"kind":"Field","name":{"kind":"Name","value":"checks"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"modelId"}},{"kind":"Field","name":{"kind":"Name","value":"ok"}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]} as unknown as DocumentNode<ByokPageConfigFragment, unknown>;
export const MembersInvitationFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"MembersInvitation"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Invitation"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"email"}},{"kind":"Field","name":{"kind":"Name","value":"role"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"delivery"}},{"kind":"Field","name":{"kind":"Name","value":"deliveryProblem"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"lastSentAt"}},{"kind":"Field","name":{"kind":"Name","value":"expiresAt"}},{"kind":"Field","name":{"kind":"Name","value":"respondedAt"}},{"kind":"Field","name":{"kind":"Name","value":"resendableAt"}},{"kind":"Field","name":{"kind":"Name","value":"invitedBy"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"workspaceGrants"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"workspaceId"}},{"kind":"Field","name":{"kind":"Name","value":"workspaceName"}},{"kind":"Field","name":{"kind":"Name","value":"roleOverride"}},{"kind":"Field","name":{"kind":"Name","value":"expiresAt"}}]}}]}}]} as unknown as DocumentNode<MembersInvitationFragment, unknown>;
export const MembersActionsFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"MembersActions"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Member"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"roleOptions"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"role"}},{"kind":"Field","name":{"kind":"Name","value":"refusal"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"removalRefusal"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}},{"kind":"Field","name":{"kind":"Name","value":"workspaceAccessRefusal"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]} as unknown as DocumentNode<MembersActionsFragment, unknown>;
export const MembersProfileFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"MembersProfile"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Member"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"role"}},{"kind":"Field","name":{"kind":"Name","value":"joinedAt"}},{"kind":"Field","name":{"kind":"Name","value":"lastSeenAt"}},{"kind":"Field","name":{"kind":"Name","value":"invitedBy"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"user"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"email"}}]}}]}}]} as unknown as DocumentNode<MembersProfileFragment, unknown>;
export const MembersAccessFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"MembersAccess"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"WorkspaceAccess"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"workspace"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"role"}},{"kind":"Field","name":{"kind":"Name","value":"source"}},{"kind":"Field","name":{"kind":"Name","value":"roleOverride"}},{"kind":"Field","name":{"kind":"Name","value":"dormantOverride"}},{"kind":"Field","name":{"kind":"Name","value":"expiresAt"}}]}}]} as unknown as DocumentNode<MembersAccessFragment, unknown>;
export const MembersRowFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"MembersRow"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Member"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"MembersActions"}},{"kind":"FragmentSpread","name":{"kind":"Name","value":"MembersProfile"}},{"kind":"Field","name":{"kind":"Name","value":"workspaceAccess"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"MembersAccess"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"MembersActions"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Member"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"roleOptions"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"role"}},{"kind":"Field","name":{"kind":"Name","value":"refusal"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"removalRefusal"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}},{"kind":"Field","name":{"kind":"Name","value":"workspaceAccessRefusal"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"MembersProfile"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Member"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"role"}},{"kind":"Field","name":{"kind":"Name","value":"joinedAt"}},{"kind":"Field","name":{"kind":"Name","value":"lastSeenAt"}},{"kind":"Field","name":{"kind":"Name","value":"invitedBy"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"user"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"email"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"MembersAccess"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"WorkspaceAccess"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"workspace"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"role"}},{"kind":"Field","name":{"kind":"Name","value":"source"}},{"kind":"Field","name":{"kind":"Name","value":"roleOverride"}},{"kind":"Field","name":{"kind":"Name","value":"dormantOverride"}},{"kind":"Field","name":{"kind":"Name","value":"expiresAt"}}]}}]} as unknown as DocumentNode<MembersRowFragment, unknown>;
export const OwnershipRefusalsFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"OwnershipRefusals"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Organization"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"leaveRefusal"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}},{"kind":"Field","name":{"kind":"Name","value":"deletionRefusal"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]} as unknown as DocumentNode<OwnershipRefusalsFragment, unknown>;
export const ReviewHeadFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ReviewHead"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"AccessReview"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"startedAt"}},{"kind":"Field","name":{"kind":"Name","value":"dueAt"}},{"kind":"Field","name":{"kind":"Name","value":"completedAt"}},{"kind":"Field","name":{"kind":"Name","value":"itemCount"}},{"kind":"Field","name":{"kind":"Name","value":"decidedCount"}},{"kind":"Field","name":{"kind":"Name","value":"evidenceHash"}},{"kind":"Field","name":{"kind":"Name","value":"startedBy"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"completedBy"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}}]} as unknown as DocumentNode<ReviewHeadFragment, unknown>;
export const ReviewItemFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ReviewItem"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"AccessReviewItem"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"userName"}},{"kind":"Field","name":{"kind":"Name","value":"role"}},{"kind":"Field","name":{"kind":"Name","value":"lastSeenAt"}},{"kind":"Field","name":{"kind":"Name","value":"decision"}},{"kind":"Field","name":{"kind":"Name","value":"decidedAt"}},{"kind":"Field","name":{"kind":"Name","value":"note"}},{"kind":"Field","name":{"kind":"Name","value":"newRole"}},{"kind":"Field","name":{"kind":"Name","value":"outcome"}},{"kind":"Field","name":{"kind":"Name","value":"findings"}},{"kind":"Field","name":{"kind":"Name","value":"decisionRefusal"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}},{"kind":"Field","name":{"kind":"Name","value":"decidedBy"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"grants"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"workspaceId"}},{"kind":"Field","name":{"kind":"Name","value":"workspaceName"}},{"kind":"Field","name":{"kind":"Name","value":"roleOverride"}},{"kind":"Field","name":{"kind":"Name","value":"expiresAt"}}]}},{"kind":"Field","name":{"kind":"Name","value":"newGrants"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"workspaceId"}},{"kind":"Field","name":{"kind":"Name","value":"workspaceName"}},{"kind":"Field","name":{"kind":"Name","value":"roleOverride"}},{"kind":"Field","name":{"kind":"Name","value":"expiresAt"}}]}}]}}]} as unknown as DocumentNode<ReviewItemFragment, unknown>;
export const SubscriptionPageOfferFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"SubscriptionPageOffer"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Plan"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"monthlyPriceCents"}},{"kind":"Field","name":{"kind":"Name","value":"annualPriceCents"}},{"kind":"Field","name":{"kind":"Name","value":"memberLimit"}},{"kind":"Field","name":{"kind":"Name","value":"workspaceLimit"}},{"kind":"Field","name":{"kind":"Name","value":"monthlyCredits"}},{"kind":"Field","name":{"kind":"Name","value":"dailyCredits"}},{"kind":"Field","name":{"kind":"Name","value":"byok"}},{"kind":"Field","name":{"kind":"Name","value":"features"}}]}}]} as unknown as DocumentNode<SubscriptionPageOfferFragment, unknown>;
export const SubscriptionPagePlanFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"SubscriptionPagePlan"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"OrganizationSubscription"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"billingInterval"}},{"kind":"Field","name":{"kind":"Name","value":"currentPeriodEnd"}},{"kind":"Field","name":{"kind":"Name","value":"isBilledManually"}},{"kind":"Field","name":{"kind":"Name","value":"paymentMethod"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"brand"}},{"kind":"Field","name":{"kind":"Name","value":"last4"}},{"kind":"Field","name":{"kind":"Name","value":"expiryMonth"}},{"kind":"Field","name":{"kind":"Name","value":"expiryYear"}}]}},{"kind":"Field","name":{"kind":"Name","value":"paymentMethodLabel"}},{"kind":"Field","name":{"kind":"Name","value":"scheduledBillingInterval"}},{"kind":"Field","name":{"kind":"Name","value":"plan"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"SubscriptionPageOffer"}}]}},{"kind":"Field","name":{"kind":"Name","value":"scheduledPlan"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"SubscriptionPageOffer"}}]}},{"kind":"Field","name":{"kind":"Name","value":"planOptions"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"isUpgrade"}},{"kind":"Field","name":{"kind":"Name","value":"plan"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"SubscriptionPageOffer"}}]}},{"kind":"Field","name":{"kind":"Name","value":"blockers"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"limit"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"used"}},{"kind":"Field","name":{"kind":"Name","value":"limit"}}]}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"usage"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"members"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"used"}},{"kind":"Field","name":{"kind":"Name","value":"limit"}}]}},{"kind":"Field","name":{"kind":"Name","value":"workspaces"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"used"}},{"kind":"Field","name":{"kind":"Name","value":"limit"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"SubscriptionPageOffer"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Plan"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"monthlyPriceCents"}},{"kind":"Field","name":{"kind":"Name","value":"annualPriceCents"}},{"kind":"Field","name":{"kind":"Name","value":"memberLimit"}},{"kind":"Field","name":{"kind":"Name","value":"workspaceLimit"}},{"kind":"Field","name":{"kind":"Name","value":"monthlyCredits"}},{"kind":"Field","name":{"kind":"Name","value":"dailyCredits"}},{"kind":"Field","name":{"kind":"Name","value":"byok"}},{"kind":"Field","name":{"kind":"Name","value":"features"}}]}}]} as unknown as DocumentNode<SubscriptionPagePlanFragment, unknown>;
export const WorkspacePartsFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"WorkspaceParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Workspace"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"description"}},{"kind":"Field","name":{"kind":"Name","value":"cloudProvider"}},{"kind":"Field","name":{"kind":"Name","value":"isDefault"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"viewerRole"}},{"kind":"Field","name":{"kind":"Name","value":"viewerPermissions"}},{"kind":"Field","name":{"kind":"Name","value":"deletionRefusal"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]} as unknown as DocumentNode<WorkspacePartsFragment, unknown>;
export const OrganizationPlaceFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"OrganizationPlace"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Organization"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"description"}},{"kind":"Field","name":{"kind":"Name","value":"isPersonal"}},{"kind":"Field","name":{"kind":"Name","value":"viewerPermissions"}},{"kind":"Field","name":{"kind":"Name","value":"byokStatus"}},{"kind":"Field","name":{"kind":"Name","value":"viewerMember"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"role"}}]}}]}}]} as unknown as DocumentNode<OrganizationPlaceFragment, unknown>;
export const ViewerWorkspaceFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ViewerWorkspace"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Workspace"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"description"}},{"kind":"Field","name":{"kind":"Name","value":"cloudProvider"}},{"kind":"Field","name":{"kind":"Name","value":"isDefault"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"viewerRole"}},{"kind":"Field","name":{"kind":"Name","value":"viewerPermissions"}},{"kind":"Field","name":{"kind":"Name","value":"memberCount"}},{"kind":"Field","name":{"kind":"Name","value":"deletionRefusal"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]} as unknown as DocumentNode<ViewerWorkspaceFragment, unknown>;
export const ViewerOrganizationFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ViewerOrganization"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Organization"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"description"}},{"kind":"Field","name":{"kind":"Name","value":"isPersonal"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"viewerPermissions"}},{"kind":"Field","name":{"kind":"Name","value":"byokStatus"}},{"kind":"Field","name":{"kind":"Name","value":"workspaceCreationRefusal"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"limit"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"used"}},{"kind":"Field","name":{"kind":"Name","value":"limit"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"viewerMember"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"role"}},{"kind":"Field","name":{"kind":"Name","value":"organization"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"members"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"1"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"totalCount"}}]}},{"kind":"Field","name":{"kind":"Name","value":"workspaces"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"100"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"totalCount"}},{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"ViewerWorkspace"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ViewerWorkspace"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Workspace"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"description"}},{"kind":"Field","name":{"kind":"Name","value":"cloudProvider"}},{"kind":"Field","name":{"kind":"Name","value":"isDefault"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"viewerRole"}},{"kind":"Field","name":{"kind":"Name","value":"viewerPermissions"}},{"kind":"Field","name":{"kind":"Name","value":"memberCount"}},{"kind":"Field","name":{"kind":"Name","value":"deletionRefusal"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]} as unknown as DocumentNode<ViewerOrganizationFragment, unknown>;
export const ViewerMembershipFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ViewerMembership"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Member"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"role"}},{"kind":"Field","name":{"kind":"Name","value":"organization"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"ViewerOrganization"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ViewerWorkspace"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Workspace"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"description"}},{"kind":"Field","name":{"kind":"Name","value":"cloudProvider"}},{"kind":"Field","name":{"kind":"Name","value":"isDefault"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"viewerRole"}},{"kind":"Field","name":{"kind":"Name","value":"viewerPermissions"}},{"kind":"Field","name":{"kind":"Name","value":"memberCount"}},{"kind":"Field","name":{"kind":"Name","value":"deletionRefusal"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ViewerOrganization"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Organization"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"description"}},{"kind":"Field","name":{"kind":"Name","value":"isPersonal"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"viewerPermissions"}},{"kind":"Field","name":{"kind":"Name","value":"byokStatus"}},{"kind":"Field","name":{"kind":"Name","value":"workspaceCreationRefusal"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"limit"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"used"}},{"kind":"Field","name":{"kind":"Name","value":"limit"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"viewerMember"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"role"}},{"kind":"Field","name":{"kind":"Name","value":"organization"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"members"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"1"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"totalCount"}}]}},{"kind":"Field","name":{"kind":"Name","value":"workspaces"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"100"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"totalCount"}},{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"ViewerWorkspace"}}]}}]}}]}}]} as unknown as DocumentNode<ViewerMembershipFragment, unknown>;
export const WorkspaceNameFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"WorkspaceName"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Workspace"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]} as unknown as DocumentNode<WorkspaceNameFragment, unknown>;
export const ReceivedInvitationFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ReceivedInvitation"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Invitation"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"role"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"expiresAt"}},{"kind":"Field","name":{"kind":"Name","value":"organization"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"workspaceGrants"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"workspaceId"}},{"kind":"Field","name":{"kind":"Name","value":"workspaceName"}},{"kind":"Field","name":{"kind":"Name","value":"roleOverride"}}]}},{"kind":"Field","name":{"kind":"Name","value":"invitedBy"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}}]} as unknown as DocumentNode<ReceivedInvitationFragment, unknown>;

export * from "./documents/graph/cursors";
export * from "./documents/graph/operations";
export * from "./documents/pages/access/access";
export * from "./documents/pages/account/account";
export * from "./documents/pages/audit/audit";
export * from "./documents/pages/byok/byok";
export * from "./documents/pages/general/general";
export * from "./documents/pages/invitation/invitation";
export * from "./documents/pages/invite/invite";
export * from "./documents/pages/members/invitations";
export * from "./documents/pages/members/members";
export * from "./documents/pages/organizations/organizations";
export * from "./documents/pages/ownership/ownership";
export * from "./documents/pages/review/review";
export * from "./documents/pages/reviews/reviews";
export * from "./documents/pages/roles/roles";
export * from "./documents/pages/subscription/subscription";
export * from "./documents/pages/subscription/usage/usage";
export * from "./documents/pages/workspace/workspace";
export * from "./documents/pages/workspaces/workspaces";
export * from "./documents/parts/dry-run";
export * from "./documents/parts/member-picker";
export * from "./documents/parts/workspace-picker";
export * from "./documents/shell/organization-members";
export * from "./documents/shell/organization";
export * from "./documents/shell/permission-gate";
export * from "./documents/shell/selector/new-organization";
export * from "./documents/shell/shell";

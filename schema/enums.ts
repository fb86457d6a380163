import {
  AccessReviewDecision,
  AccessReviewFinding,
  AccessReviewItemOrder,
  AccessReviewOutcome,
  AccessReviewStatus,
} from "../src/domain/access-review";
import { InvoiceStatus, PaymentMethodKind } from "../src/domain/billing";
import { ByokCheckKind, ByokFallback, ByokStatus, InferenceProfile } from "../src/domain/byok";
import { InvitationDelivery, InvitationStatus } from "../src/domain/invitation";
import { SkippedInviteeReason } from "../src/domain/inviting";
import { InvitationChange, MembershipChange } from "../src/domain/live";
import { PlatformLlmReason } from "../src/domain/llm-access";
import { MemberOrder } from "../src/domain/member-order";
import { BillingInterval, SubscriptionStatus } from "../src/domain/plan";
import { OrganizationRole, WorkspaceRole } from "../src/domain/role";
import { UsageInterval, WorkspaceTrendKind } from "../src/domain/usage";
import { CloudProvider } from "../src/domain/workspace";
import { WorkspaceAccessSource } from "../src/domain/workspace-access";
import { describeEnum } from "./describe-enum";
import "./enums-of-rules";

describeEnum("OrganizationRole", "A member's role in an organization.", OrganizationRole, {
  OWNER: "May do everything, including billing, ownership and the organization's own AWS key.",
  ADMIN: "Manages members and workspaces. Has access to every workspace.",
  DEVELOPER: "Works in the workspaces assigned to them.",
  VIEWER: "Reads the workspaces assigned to them.",
});
describeEnum("WorkspaceRole", "A member's role in a workspace.", WorkspaceRole, {
  ADMIN: "Changes the workspace and its access. The organization's Owners and Admins are ADMIN in every workspace.",
  DEVELOPER: "Runs operations and changes resources.",
  VIEWER: "Reads the workspace.",
});
describeEnum("WorkspaceAccessSource", "Why a member has access to a workspace.", WorkspaceAccessSource, {
  ORGANIZATION_ROLE: "As Owner or Admin of the organization.",
  ASSIGNED: "By an assignment, with the organization role.",
  OVERRIDE: "By an assignment, with a role of its own.",
});
describeEnum("CloudProvider", "A cloud provider.", CloudProvider, {
  AWS: "Amazon Web Services.",
  GCP: "Google Cloud.",
  AZURE: "Microsoft Azure.",
});
describeEnum("InvitationStatus", "State of an invitation.", InvitationStatus, {
  PENDING: "Waits for the invitee.",
  ACCEPTED: "The invitee joined.",
  DECLINED: "The invitee declined.",
  CANCELED: "The organization withdrew it.",
  EXPIRED: "Nobody answered in time.",
});
describeEnum("InvitationDelivery", "Delivery state of an invitation e-mail.", InvitationDelivery, {
  QUEUED: "Waits to be sent.",
  SENT: "The mail server accepted it.",
  FAILED: "It could not be sent. Resend the invitation to try again.",
});
describeEnum("InvitationChange", "What happened to an invitation.", InvitationChange, {
  CREATED: "The address was invited.",
  RESENT: "A new e-mail was queued.",
  UPDATED: "The role or the workspaces were changed.",
  LINK_RENEWED: "A new link was made for copying by hand.",
  REQUESTED: "Somebody with an old link asked for a new invitation.",
  SENT: "The e-mail was sent.",
  DELIVERY_FAILED: "The e-mail could not be sent.",
  ACCEPTED: "The invitee joined.",
  DECLINED: "The invitee declined.",
  CANCELED: "The organization withdrew it.",
  EXPIRED: "Nobody answered in time.",
});
describeEnum("MemberOrder", "Order of a list of members.", MemberOrder, {
  JOINED: "By the date of joining, oldest first.",
  NAME: "By name, ignoring case, in the order of Unicode code points.",
  ROLE: "By role: Owners, Admins, Developers, Viewers. Within a role by the date of joining, oldest first.",
  LAST_SEEN: "By last use of the platform, latest first. Members who never used it come last.",
});
describeEnum("AccessReviewItemOrder", "Order of the members in a review.", AccessReviewItemOrder, {
  JOINED: "By the date of joining, oldest first.",
  FINDINGS: "Members with findings first, then the others. Both by the date of joining, oldest first.",
});
describeEnum("MembershipChange", "What happened to a membership.", MembershipChange, {
  JOINED: "The person joined.",
  ROLE_CHANGED: "The organization role changed.",
  REMOVED: "The member was removed.",
  REINSTATED: "A removed member was taken back.",
  LEFT: "The member left.",
  OWNERSHIP_TRANSFERRED: "The member transferred or received ownership.",
  WORKSPACE_ACCESS_CHANGED: "Workspace assignments or overrides changed.",
  ORGANIZATION_DELETED: "The organization was deleted. Only in viewerMembershipChanged.",
  ORGANIZATION_RESTORED: "The organization was restored. Only in viewerMembershipChanged.",
});
describeEnum("AccessReviewStatus", "State of an access review.", AccessReviewStatus, {
  OPEN: "Decisions are being made.",
  COMPLETED: "The decisions were applied.",
  CANCELED: "It was given up. Nothing was applied.",
});
describeEnum("AccessReviewDecision", "A decision on a member's access.", AccessReviewDecision, {
  KEEP: "The access stays as it is.",
  CHANGE: "The member gets another role, other workspaces or both.",
  REMOVE: "The member is removed from the organization.",
});
describeEnum("AccessReviewOutcome", "Result of a decision when the review was completed.", AccessReviewOutcome, {
  APPLIED: "The access was changed as decided.",
  UNCHANGED: "There was nothing to change.",
  MEMBER_GONE: "The member had left before.",
  CHANGED_MEANWHILE: "The access had been changed since the start of the review, and stayed so.",
});
describeEnum("AccessReviewFinding", "A reason to look at a member's access.", AccessReviewFinding, {
  UNUSED_90_DAYS: "The member has not used the platform for 90 days, or never since they joined at least 90 days ago.",
  MANY_OWNERS: "An Owner beyond the two who joined first.",
  RAISED_BY_OVERRIDE: "An override gives more than the organization role in a workspace.",
  UNASSIGNED: "A Developer or Viewer without any workspace.",
  PERMANENT_OVERRIDE: "An override in a workspace without an end.",
});
describeEnum("SkippedInviteeReason", "Why an address was not invited.", SkippedInviteeReason, {
  ALREADY_A_MEMBER: "A member has this address.",
  ALREADY_INVITED: "A pending invitation has this address.",
  INVALID_EMAIL: "It is not a valid e-mail address.",
  DUPLICATE: "It is in the list more than once.",
});
describeEnum("SubscriptionStatus", "State of a subscription.", SubscriptionStatus, {
  ACTIVE: "Paid, or free of charge.",
  TRIALING: "In a trial period.",
  PAST_DUE: "A payment failed. Nobody can be invited or reinstated, and no workspace created, until it is settled.",
  CANCELED: "Ended at the payment provider.",
});
describeEnum("PaymentMethodKind", "Kind of a payment method.", PaymentMethodKind, {
  CARD: "Credit or debit card.",
  SEPA_DEBIT: "SEPA direct debit.",
  LINK: "Link, the wallet of Stripe.",
  OTHER: "Any other method.",
});
describeEnum("BillingInterval", "How often a plan is billed.", BillingInterval, {
  MONTHLY: "Every month.",
  ANNUAL: "Every year.",
});
describeEnum("PlatformLlmReason", "Why a call runs on the platform's credentials.", PlatformLlmReason, {
  NO_KEY: "The organization has no AWS key of its own.",
  KEY_PAUSED: "The organization paused its key.",
  KEY_EXPIRED: "The temporary key has expired, and fallback is allowed.",
  KEY_FAILING: "AWS rejects the key, and fallback is allowed.",
  PLAN_WITHOUT_BYOK: "The plan does not include the use of an own AWS key, and fallback is allowed.",
});
describeEnum("ByokStatus", "Whether LLM calls run on an organization's own AWS key.", ByokStatus, {
  NOT_CONFIGURED: "There is no key.",
  ACTIVE: "Calls run on the key.",
  PAUSED: "The organization paused the key.",
  EXPIRED: "The temporary key has expired.",
  FAILING: "AWS rejects the key.",
  PLAN_INACTIVE: "The plan does not include the use of an own AWS key.",
});
describeEnum("ByokFallback", "Whether calls may run on the platform's credits when a key fails.", ByokFallback, {
  ALLOW: "Calls go on and spend the platform's credits.",
  DENY: "Calls are refused until the key works again.",
});
describeEnum("ByokCheckKind", "What a check of a key tests.", ByokCheckKind, {
  CREDENTIALS: "Whether AWS knows the key.",
  MODEL_ACCESS: "Whether the key can use a model.",
  PERMISSIONS: "Whether the key has the permissions of byokPolicy.",
});
describeEnum("InferenceProfile", "Part of the world where AWS may run the models.", InferenceProfile, {
  GLOBAL: "Anywhere.",
  US: "The United States and Canada.",
  EU: "The European Union.",
  APAC: "Asia and the Pacific.",
});
describeEnum("UsageInterval", "Length of an interval, in UTC.", UsageInterval, {
  HOUR: "A full hour.",
  DAY: "A day from midnight.",
  WEEK: "A week from Monday.",
  MONTH: "A calendar month.",
});
describeEnum("WorkspaceTrendKind", "Which workspaces a series of a trend covers.", WorkspaceTrendKind, {
  WORKSPACE: "One workspace.",
  OTHERS: "All other existing workspaces together.",
  DELETED: "All deleted workspaces together.",
});
describeEnum("SubscriptionInvoiceStatus", "State of an invoice.", InvoiceStatus, {
  OPEN: "Waits for the payment.",
  PAID: "Paid.",
  VOID: "Withdrawn. Nothing has to be paid.",
  UNCOLLECTIBLE: "Given up. The payment is not expected any more.",
});

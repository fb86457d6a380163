import { AccessReviewItemResolver, AccessReviewResolver } from "./access-review";
import { AccessReviewMutations } from "./access-review-mutations";
import { AuditEventResolver } from "./audit-event";
import { ByokConfigResolver } from "./byok";
import { ByokMutations } from "./byok-mutations";
import { DryRunResolver } from "./dry-run";
import { InvitationResolver } from "./invitation";
import { InvitationMutations } from "./invitation-mutations";
import { LiveResolver, OrganizationEventResolver, ViewerMembershipEventResolver } from "./live";
import { LlmAccessResolver } from "./llm-access";
import { MemberResolver } from "./member";
import { MemberMutations } from "./member-mutations";
import { OrganizationResolver } from "./organization";
import { OrganizationMutations } from "./organization-mutations";
import { PermissionResolver } from "./permission";
import { PlanResolver } from "./plan";
import {
  AuditEventRefusals,
  MemberRefusals,
  OrganizationRefusals,
  WorkspaceAccessRefusals,
  WorkspaceRefusals,
} from "./refusals";
import { ServiceEventResolver } from "./service-event";
import { SubscriptionResolver } from "./subscription";
import { SubscriptionMutations } from "./subscription-mutations";
import { UsageMutations, UsageResolver, WorkspaceTrendResolver, WorkspaceUsageResolver } from "./usage";
import { UserResolver } from "./user";
import { UserMutations } from "./user-mutations";
import { WorkspaceResolver } from "./workspace";
import { WorkspaceMutations } from "./workspace-mutations";

/** Every resolver class of the graph. */
export const resolvers = [
  AccessReviewItemResolver,
  AccessReviewMutations,
  AccessReviewResolver,
  AuditEventRefusals,
  AuditEventResolver,
  ByokConfigResolver,
  ByokMutations,
  DryRunResolver,
  InvitationMutations,
  InvitationResolver,
  LiveResolver,
  LlmAccessResolver,
  MemberMutations,
  MemberRefusals,
  MemberResolver,
  OrganizationEventResolver,
  OrganizationMutations,
  OrganizationRefusals,
  OrganizationResolver,
  PermissionResolver,
  PlanResolver,
  SubscriptionMutations,
  ServiceEventResolver,
  SubscriptionResolver,
  UsageMutations,
  UsageResolver,
  UserMutations,
  UserResolver,
  ViewerMembershipEventResolver,
  WorkspaceMutations,
  WorkspaceAccessRefusals,
  WorkspaceRefusals,
  WorkspaceResolver,
  WorkspaceTrendResolver,
  WorkspaceUsageResolver,
] as const;

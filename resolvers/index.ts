import { AuditEventResolver } from "./audit-event";
import { InvitationResolver } from "./invitation";
import { InvitationMutations } from "./invitation-mutations";
import { LiveResolver } from "./live";
import { MemberResolver } from "./member";
import { MemberMutations } from "./member-mutations";
import { OrganizationResolver } from "./organization";
import { OrganizationMutations } from "./organization-mutations";
import { PermissionResolver } from "./permission";
import { SubscriptionResolver, UsageResolver } from "./subscription";
import { SubscriptionMutations } from "./subscription-mutations";
import { UserResolver } from "./user";
import { UserMutations } from "./user-mutations";
import { WorkspaceResolver } from "./workspace";
import { WorkspaceMutations } from "./workspace-mutations";

/** Every resolver class of the graph. */
export const resolvers = [
  AuditEventResolver,
  InvitationMutations,
  InvitationResolver,
  LiveResolver,
  MemberMutations,
  MemberResolver,
  OrganizationMutations,
  OrganizationResolver,
  PermissionResolver,
  SubscriptionMutations,
  SubscriptionResolver,
  UsageResolver,
  UserMutations,
  UserResolver,
  WorkspaceMutations,
  WorkspaceResolver,
] as const;

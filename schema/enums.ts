import { registerEnumType } from "type-graphql";
import { PaymentMethodKind } from "../src/domain/billing";
import { ByokCheckKind, ByokFallback, ByokStatus, InferenceProfile } from "../src/domain/byok";
import { InvitationDelivery, InvitationStatus, SkippedInviteeReason } from "../src/domain/invitation";
import { InvitationChange, MembershipChange } from "../src/domain/live";
import { PlatformLlmReason } from "../src/domain/llm-access";
import { OrganizationPermission, WorkspacePermission } from "../src/domain/permission";
import { BillingInterval, SubscriptionStatus } from "../src/domain/plan";
import { RefusalCode } from "../src/domain/refusal";
import { OrganizationRole, WorkspaceRole } from "../src/domain/role";
import { UsageInterval } from "../src/domain/usage";
import { CloudProvider } from "../src/domain/workspace";
import { WorkspaceAccessSource } from "../src/domain/workspace-access";

registerEnumType(OrganizationRole, { name: "OrganizationRole", description: "What somebody is in an organization." });
registerEnumType(WorkspaceRole, {
  name: "WorkspaceRole",
  description: "What somebody is inside one workspace. The organization's Owners and Admins are ADMIN in every one.",
});
registerEnumType(OrganizationPermission, {
  name: "OrganizationPermission",
  description: "What an organization role may; the matrix stands in the README.",
});
registerEnumType(WorkspacePermission, { name: "WorkspacePermission", description: "What a workspace role may." });
registerEnumType(WorkspaceAccessSource, {
  name: "WorkspaceAccessSource",
  description: "How a member comes to a workspace.",
});
registerEnumType(CloudProvider, { name: "CloudProvider" });
registerEnumType(InvitationStatus, { name: "InvitationStatus" });
registerEnumType(InvitationDelivery, { name: "InvitationDelivery", description: "How an invitation's e-mail fares." });
registerEnumType(InvitationChange, { name: "InvitationChange" });
registerEnumType(MembershipChange, { name: "MembershipChange" });
registerEnumType(SkippedInviteeReason, { name: "SkippedInviteeReason" });
registerEnumType(SubscriptionStatus, { name: "SubscriptionStatus" });
registerEnumType(PaymentMethodKind, { name: "PaymentMethodKind" });
registerEnumType(BillingInterval, { name: "BillingInterval" });
registerEnumType(PlatformLlmReason, { name: "PlatformLlmReason" });
registerEnumType(ByokStatus, { name: "ByokStatus" });
registerEnumType(ByokFallback, { name: "ByokFallback" });
registerEnumType(ByokCheckKind, { name: "ByokCheckKind" });
registerEnumType(InferenceProfile, {
  name: "InferenceProfile",
  description: "Where in the world a call may be served.",
});
registerEnumType(UsageInterval, { name: "UsageInterval" });
registerEnumType(RefusalCode, { name: "RefusalCode", description: "Which rule of the domain says no." });

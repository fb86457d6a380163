import { cancelAccessReview } from "./access-review/cancel-access-review";
import { completeAccessReview } from "./access-review/complete-access-review";
import { decideAccessReview } from "./access-review/decide-access-review";
import { startAccessReview } from "./access-review/start-access-review";
import { removeByokConfig } from "./byok/remove-byok-config";
import { reportByokFailure } from "./byok/report-byok-failure";
import { saveByokConfig } from "./byok/save-byok-config";
import { setByokEnabled } from "./byok/set-byok-enabled";
import { testByokCredentials } from "./byok/test-byok-credentials";
import { verifyByokConfig } from "./byok/verify-byok-config";
import { acceptInvitation } from "./invitation/accept-invitation";
import { cancelInvitation } from "./invitation/cancel-invitation";
import { declineInvitation } from "./invitation/decline-invitation";
import { inviteMembers } from "./invitation/invite-members";
import { renewInvitationLink } from "./invitation/renew-invitation-link";
import { requestInvitation } from "./invitation/request-invitation";
import { resendInvitation } from "./invitation/resend-invitation";
import { updateInvitation } from "./invitation/update-invitation";
import { changeMemberRole } from "./member/change-member-role";
import { leaveOrganization } from "./member/leave-organization";
import { reinstateMember } from "./member/reinstate-member";
import { removeMember } from "./member/remove-member";
import { createOrganization } from "./organization/create-organization";
import { deleteOrganization } from "./organization/delete-organization";
import { restoreOrganization } from "./organization/restore-organization";
import { transferOwnership } from "./organization/transfer-ownership";
import { updateOrganization } from "./organization/update-organization";
import { cancelScheduledPlan } from "./subscription/cancel-scheduled-plan";
import { changePlan } from "./subscription/change-plan";
import { openBillingPortal } from "./subscription/open-billing-portal";
import { recordUsage } from "./usage/record-usage";
import { provisionUser } from "./user/provision-user";
import { createWorkspace } from "./workspace/create-workspace";
import { deleteWorkspace } from "./workspace/delete-workspace";
import { grantWorkspaceAccess } from "./workspace/grant-workspace-access";
import { revokeWorkspaceAccess } from "./workspace/revoke-workspace-access";
import { setWorkspaceAccess } from "./workspace/set-workspace-access";
import { updateWorkspace } from "./workspace/update-workspace";

/** Every mutation of the graph, by name. The guard derives its rules from this list. */
export const commands = {
  acceptInvitation,
  cancelAccessReview,
  cancelInvitation,
  cancelScheduledPlan,
  changeMemberRole,
  changePlan,
  createOrganization,
  createWorkspace,
  completeAccessReview,
  decideAccessReview,
  declineInvitation,
  deleteOrganization,
  deleteWorkspace,
  grantWorkspaceAccess,
  inviteMembers,
  leaveOrganization,
  openBillingPortal,
  provisionUser,
  recordUsage,
  reinstateMember,
  removeMember,
  renewInvitationLink,
  requestInvitation,
  resendInvitation,
  restoreOrganization,
  revokeWorkspaceAccess,
  setWorkspaceAccess,
  startAccessReview,
  saveByokConfig,
  testByokCredentials,
  setByokEnabled,
  removeByokConfig,
  verifyByokConfig,
  reportByokFailure,
  transferOwnership,
  updateInvitation,
  updateOrganization,
  updateWorkspace,
};

let names: ReadonlyMap<unknown, string> | null = null;

/** The name of a command: the name of its mutation, or "internal" if no mutation runs it. */
export function commandName(command: unknown): string {
  names ??= new Map(Object.entries(commands).map(([name, each]) => [each, name]));
  return names.get(command) ?? "internal";
}

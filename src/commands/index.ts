import { acceptInvitation } from "./accept-invitation";
import { cancelInvitation } from "./cancel-invitation";
import { cancelScheduledPlan } from "./cancel-scheduled-plan";
import { changeMemberRole } from "./change-member-role";
import { changePlan } from "./change-plan";
import { createOrganization } from "./create-organization";
import { createWorkspace } from "./create-workspace";
import { declineInvitation } from "./decline-invitation";
import { deleteOrganization } from "./delete-organization";
import { deleteWorkspace } from "./delete-workspace";
import { grantWorkspaceAccess } from "./grant-workspace-access";
import { inviteMembers } from "./invite-members";
import { leaveOrganization } from "./leave-organization";
import { openBillingPortal } from "./open-billing-portal";
import { provisionUser } from "./provision-user";
import { recordUsage } from "./record-usage";
import { removeByokConfig } from "./remove-byok-config";
import { removeMember } from "./remove-member";
import { reportByokFailure } from "./report-byok-failure";
import { resendInvitation } from "./resend-invitation";
import { restoreOrganization } from "./restore-organization";
import { revokeWorkspaceAccess } from "./revoke-workspace-access";
import { saveByokConfig } from "./save-byok-config";
import { setByokEnabled } from "./set-byok-enabled";
import { setWorkspaceAccess } from "./set-workspace-access";
import { testByokCredentials } from "./test-byok-credentials";
import { transferOwnership } from "./transfer-ownership";
import { updateOrganization } from "./update-organization";
import { updateWorkspace } from "./update-workspace";
import { verifyByokConfig } from "./verify-byok-config";
/** Every mutation of the graph, by its name: the door derives its rules from this list. */
export const commands = {
  acceptInvitation,
  cancelInvitation,
  cancelScheduledPlan,
  changeMemberRole,
  changePlan,
  createOrganization,
  createWorkspace,
  declineInvitation,
  deleteOrganization,
  deleteWorkspace,
  grantWorkspaceAccess,
  inviteMembers,
  leaveOrganization,
  openBillingPortal,
  provisionUser,
  recordUsage,
  removeMember,
  resendInvitation,
  restoreOrganization,
  revokeWorkspaceAccess,
  setWorkspaceAccess,
  saveByokConfig,
  testByokCredentials,
  setByokEnabled,
  removeByokConfig,
  verifyByokConfig,
  reportByokFailure,
  transferOwnership,
  updateOrganization,
  updateWorkspace,
};

import { deleteEndedAssignments } from "../../store/workspace-assignment";
import type { OrganizationUnitOfWork } from "../runner/unit-of-work";

/**
 * Deletes assignments that have ended and records that they did: all of the organization, or those of one member or to
 * one workspace. Commands call it before they change assignments, so that each end is recorded once, whether the job or
 * a command comes first.
 */
export async function expireAccess(
  { transaction, organization, now, record }: OrganizationUnitOfWork,
  of: { memberId?: string; workspaceId?: string } = {},
): Promise<void> {
  for (const each of await deleteEndedAssignments(transaction, organization.id, now, of)) {
    const { memberId, userId, userName, workspaceId, workspaceName, roleOverride, expiresAt } = each;
    record({
      type: "workspace_access.expired",
      subjectId: memberId,
      workspaceId,
      summary: `${userName}'s access to “${workspaceName}” ended.`,
      data: { userId, before: [{ workspaceId, roleOverride, expiresAt }], after: [] },
    });
  }
}

import { deleteEndedAssignments } from "../../store/workspace-assignment";
import type { OrganizationUnitOfWork } from "../runner/unit-of-work";

/**
 * Deletes assignments that have ended and records their ends: those of the whole organization, of one member, or to one
 * workspace. Commands call it before they change or delete assignments, so that each end is recorded once, whether the
 * job or a command comes first. Returns whether some may be left.
 */
export async function expireAccess(
  { transaction, organization, now, record }: OrganizationUnitOfWork,
  of: { memberId?: string; workspaceId?: string },
  limit: number | null = null,
): Promise<boolean> {
  const ended = await deleteEndedAssignments(transaction, organization.id, now, of, limit);
  for (const { memberId, userId, userName, workspaceId, workspaceName, roleOverride, expiresAt } of ended) {
    record({
      type: "workspace_access.expired",
      subjectId: memberId,
      workspaceId,
      summary: `The access of ${userName} to “${workspaceName}” ended.`,
      data: { userId, before: [{ workspaceId, roleOverride, expiresAt }], after: [] },
    });
  }
  return ended.length === limit;
}

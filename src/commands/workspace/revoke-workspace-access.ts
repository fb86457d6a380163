import { assertAccessIsExplicit } from "../../domain/membership";
import { assignmentsOf, deleteAssignment } from "../../store/member";
import type { WorkspaceWithAssignment } from "../../store/workspace";
import { requireMember } from "../member/require-member";
import { workspaceCommand } from "../runner/command";

export interface RevokeWorkspaceAccessInput {
  organizationId: string;
  workspaceId: string;
  memberId: string;
}

/** Removes a Developer's or Viewer's assignment to a workspace; the membership stays. */
export const revokeWorkspaceAccess = workspaceCommand<
  RevokeWorkspaceAccessInput,
  { memberId: string; workspace: WorkspaceWithAssignment }
>({
  permission: "MANAGE_WORKSPACE_ACCESS",
  run: async (unit, { memberId }) => {
    const { transaction, workspace, record } = unit;
    const member = await requireMember(unit, memberId);
    assertAccessIsExplicit(member.role);
    const assignments = await assignmentsOf(transaction, member.id);
    const before = assignments.find((assignment) => assignment.workspaceId === workspace.id);
    if (before) {
      await deleteAssignment(transaction, member.id, workspace.id);
      record({
        type: "workspace_access.changed",
        subjectId: member.id,
        workspaceId: workspace.id,
        summary: `${member.userName} no longer has access to “${workspace.name}”.`,
        data: { userId: member.userId, before: [before], after: [] },
      });
    }
    return { memberId: member.id, workspace };
  },
});

import { assertAccessIsExplicit } from "../../domain/membership";
import { ROLE_NAMES, type WorkspaceRole } from "../../domain/role";
import { assignmentsOf, deleteAssignment, insertAssignments } from "../../store/member";
import { requireMember } from "../member/require-member";
import { workspaceCommand } from "../runner/command";

export interface GrantWorkspaceAccessInput {
  organizationId: string;
  workspaceId: string;
  memberId: string;
  roleOverride?: WorkspaceRole | null;
}

/** Assigns a workspace to a Developer or Viewer, or changes their role override in it. */
export const grantWorkspaceAccess = workspaceCommand<
  GrantWorkspaceAccessInput,
  { memberId: string; workspaceId: string }
>({
  permission: "MANAGE_WORKSPACE_ACCESS",
  run: async (unit, { memberId, roleOverride = null }) => {
    const { transaction, organization, workspace, record } = unit;
    const member = await requireMember(unit, memberId);
    assertAccessIsExplicit(member.role);
    const outcome = { memberId: member.id, workspaceId: workspace.id };
    const assignments = await assignmentsOf(transaction, member.id);
    const before = assignments.find((assignment) => assignment.workspaceId === workspace.id);
    const after = { workspaceId: workspace.id, roleOverride };
    if (before?.roleOverride === roleOverride) return outcome;
    if (before) await deleteAssignment(transaction, member.id, workspace.id);
    await insertAssignments(transaction, { id: member.id, organizationId: organization.id }, [after]);
    record({
      type: "workspace_access.changed",
      subjectId: member.id,
      workspaceId: workspace.id,
      summary: `${member.userName} has access to “${workspace.name}” as ${ROLE_NAMES[roleOverride ?? member.role]}.`,
      data: { userId: member.userId, before: before ? [before] : [], after: [after] },
    });
    return outcome;
  },
});

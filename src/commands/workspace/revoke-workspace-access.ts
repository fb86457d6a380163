import { assertAccessIsExplicit } from "../../domain/membership";
import type { WorkspaceWithAssignment } from "../../store/workspace";
import { assignmentsOf, deleteAssignment } from "../../store/workspace-assignment";
import { requireMember } from "../member/require-member";
import { workspaceCommand } from "../runner/command";
import { expireAccess } from "./expire-access";
import { lostAccess } from "./lost-access";

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
    const { transaction, organization, workspace, now, record } = unit;
    const member = await requireMember(unit, memberId);
    assertAccessIsExplicit(member.role);
    const key = { id: member.id, organizationId: organization.id };
    await expireAccess(unit, { memberId: member.id });
    const assignments = await assignmentsOf(transaction, key, now);
    const before = assignments.find((assignment) => assignment.workspaceId === workspace.id);
    if (before) {
      await deleteAssignment(transaction, key, workspace.id);
      record(lostAccess(member, { ...before, workspaceName: workspace.name }));
    }
    return { memberId: member.id, workspace };
  },
});

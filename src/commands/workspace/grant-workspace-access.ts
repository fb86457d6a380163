import { isDeepStrictEqual } from "node:util";
import { assertAccessIsExplicit } from "../../domain/membership";
import { ROLE_NAMES, type WorkspaceRole } from "../../domain/role";
import { assertAccessEnd, assertNotExtendingOwn, untilWhen } from "../../domain/temporary-access";
import { assignmentsOf, saveAssignments } from "../../store/workspace-assignment";
import { requireMember } from "../member/require-member";
import { workspaceCommand } from "../runner/command";
import { expireAccess } from "./expire-access";

export interface GrantWorkspaceAccessInput {
  organizationId: string;
  workspaceId: string;
  memberId: string;
  roleOverride?: WorkspaceRole | null;
  expiresAt?: Date | null;
}

/** Assigns a workspace to a Developer or Viewer, or changes their role override in it and when it ends. */
export const grantWorkspaceAccess = workspaceCommand<
  GrantWorkspaceAccessInput,
  { memberId: string; workspaceId: string }
>({
  permission: "MANAGE_WORKSPACE_ACCESS",
  run: async (unit, { memberId, roleOverride = null, expiresAt = null }) => {
    const { transaction, organization, workspace, membership, now, record } = unit;
    const member = await requireMember(unit, memberId);
    assertAccessIsExplicit(member.role);
    const outcome = { memberId: member.id, workspaceId: workspace.id };
    assertAccessEnd(expiresAt, now, "expiresAt");
    const key = { id: member.id, organizationId: organization.id };
    await expireAccess(unit, { memberId: member.id });
    const assignments = await assignmentsOf(transaction, key, now);
    const before = assignments.find((assignment) => assignment.workspaceId === workspace.id);
    if (before && member.id === membership.id) assertNotExtendingOwn(before.expiresAt, expiresAt);
    const after = { workspaceId: workspace.id, roleOverride, expiresAt };
    if (before && isDeepStrictEqual(before, after)) return outcome;
    await saveAssignments(transaction, key, [after], now);
    record({
      type: "workspace_access.changed",
      subjectId: member.id,
      workspaceId: workspace.id,
      summary: `${member.userName} has access to “${workspace.name}” as ${ROLE_NAMES[roleOverride ?? member.role]}${untilWhen(expiresAt)}.`,
      data: { userId: member.userId, before: before ? [before] : [], after: [after] },
    });
    return outcome;
  },
});

import { isDeepStrictEqual } from "node:util";
import { assertAccessIsExplicit } from "../../domain/membership";
import { existingWorkspaces } from "../../store/workspace";
import { assignmentsOf, replaceAssignments } from "../../store/workspace-assignment";
import { requireMember } from "../member/require-member";
import { memberCommand } from "../runner/command";
import { expireAccess } from "./expire-access";
import { assertAllExist, parseGrants, type WorkspaceGrantInput } from "./parse-workspace-grants";

export interface SetWorkspaceAccessInput {
  organizationId: string;
  memberId: string;
  grants: WorkspaceGrantInput[];
}

/** Replaces all of a Developer's or Viewer's workspace assignments. */
export const setWorkspaceAccess = memberCommand<SetWorkspaceAccessInput, { memberId: string }>({
  permission: "ACCESS_ALL_WORKSPACES",
  run: async (unit, { memberId, grants }) => {
    const { transaction, organization, now, record } = unit;
    const member = await requireMember(unit, memberId);
    assertAccessIsExplicit(member.role);
    const after = parseGrants(grants, now, "grants").sort((a, b) => (a.workspaceId < b.workspaceId ? -1 : 1));
    const ids = after.map((grant) => grant.workspaceId);
    const existing = await existingWorkspaces(transaction, organization.id, ids);
    assertAllExist(after, new Set(existing.map((workspace) => workspace.id)));
    const key = { id: member.id, organizationId: organization.id };
    await expireAccess(unit, { memberId: member.id });
    const before = await assignmentsOf(transaction, key, now);
    if (isDeepStrictEqual(before, after)) return { memberId: member.id };
    await replaceAssignments(transaction, key, after, now);
    record({
      type: "workspace_access.changed",
      subjectId: member.id,
      summary: `${member.userName} now has access to ${after.length} ${after.length === 1 ? "workspace" : "workspaces"}.`,
      data: { userId: member.userId, before, after },
    });
    return { memberId: member.id };
  },
});

import { isDeepStrictEqual } from "node:util";
import { assertAccessIsExplicit } from "../../domain/membership";
import { existingWorkspaces } from "../../store/workspace";
import { assignmentsOf, replaceAssignments } from "../../store/workspace-assignment";
import { requireMember } from "../member/require-member";
import { memberCommand } from "../runner/command";
import { accessReplaced, inOrder } from "./access-replaced";
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
    const after = inOrder(parseGrants(grants, now, "grants"));
    const ids = after.map((grant) => grant.workspaceId);
    const existing = await existingWorkspaces(transaction, organization.id, ids);
    assertAllExist(after, new Set(existing.map((workspace) => workspace.id)));
    const key = { id: member.id, organizationId: organization.id };
    await expireAccess(unit, { memberId: member.id });
    const before = await assignmentsOf(transaction, key, now);
    if (isDeepStrictEqual(before, after)) return { memberId: member.id };
    await replaceAssignments(transaction, key, after, now);
    record(accessReplaced(member, before, after));
    return { memberId: member.id };
  },
});

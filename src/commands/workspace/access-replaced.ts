import type { Change } from "../../domain/events";
import type { Membership } from "../../store/member";
import type { WorkspaceGrant } from "../../store/workspace-assignment";

/** The event of a member whose workspace assignments are replaced. */
export function accessReplaced(
  member: Pick<Membership, "id" | "userId" | "userName">,
  before: readonly WorkspaceGrant[],
  after: readonly WorkspaceGrant[],
): Change {
  return {
    type: "workspace_access.changed",
    subjectId: member.id,
    summary: `${member.userName} now has access to ${after.length} ${after.length === 1 ? "workspace" : "workspaces"}.`,
    data: { userId: member.userId, before: inOrder(before), after: inOrder(after) },
  };
}

/** Grants by the workspace's id, without names. */
export function inOrder(grants: readonly WorkspaceGrant[]): WorkspaceGrant[] {
  return grants
    .map(({ workspaceId, roleOverride, expiresAt }) => ({ workspaceId, roleOverride, expiresAt }))
    .sort((a, b) => (a.workspaceId < b.workspaceId ? -1 : 1));
}

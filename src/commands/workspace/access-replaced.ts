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
    summary: `${member.userName} now has access to ${counted(after.length)}${differences(before, after)}.`,
    data: { userId: member.userId, before: inOrder(before), after: inOrder(after) },
  };
}

function counted(workspaces: number): string {
  return workspaces === 1 ? "1 workspace" : `${workspaces} workspaces`;
}

/** What is different in the new grants, because a role or an end changes without their number. */
function differences(before: readonly WorkspaceGrant[], after: readonly WorkspaceGrant[]): string {
  const known = new Map(before.map((grant) => [grant.workspaceId, grant]));
  const kept = after.flatMap((grant) => {
    const from = known.get(grant.workspaceId);
    return from ? [{ from, to: grant }] : [];
  });
  const counts: Array<[count: number, words: string]> = [
    [after.length - kept.length, "added"],
    [before.length - kept.length, "removed"],
    [kept.filter(({ from, to }) => from.roleOverride !== to.roleOverride).length, "with another role"],
    [kept.filter(({ from, to }) => from.expiresAt?.getTime() !== to.expiresAt?.getTime()).length, "with another end"],
  ];
  const parts = counts.filter(([count]) => count > 0).map(([count, words]) => `${count} ${words}`);
  return parts.length > 0 ? `: ${parts.join(", ")}` : "";
}

/** Grants by the workspace's id, without names. */
export function inOrder(grants: readonly WorkspaceGrant[]): WorkspaceGrant[] {
  return grants
    .map(({ workspaceId, roleOverride, expiresAt }) => ({ workspaceId, roleOverride, expiresAt }))
    .sort((a, b) => (a.workspaceId < b.workspaceId ? -1 : 1));
}

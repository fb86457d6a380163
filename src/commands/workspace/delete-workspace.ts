import { notFound } from "../../domain/denial";
import { isIdentifier } from "../../domain/identifier";
import { assertWorkspaceDeletable } from "../../domain/workspace";
import { openInvitationsWith } from "../../store/open-invitations";
import { findWorkspaceWithAssignment, deleteWorkspace as markDeleted } from "../../store/workspace";
import { memberCommand } from "../runner/command";
import { expireAccess } from "./expire-access";
import { lostAccess } from "./lost-access";

export interface DeleteWorkspaceInput {
  organizationId: string;
  workspaceId: string;
}

/**
 * Soft-deletes a workspace. Records an event for each member and each pending invitation that loses it. The default
 * workspace cannot be deleted.
 */
export const deleteWorkspace = memberCommand<DeleteWorkspaceInput, { workspaceId: string; organizationId: string }>({
  permission: "DELETE_WORKSPACES",
  run: async (unit, { workspaceId }) => {
    const { transaction, organization, membership, now, record } = unit;
    const workspace = isIdentifier(workspaceId)
      ? await findWorkspaceWithAssignment(transaction, organization.id, workspaceId, membership.id, now)
      : undefined;
    if (!workspace) throw notFound("workspace");
    assertWorkspaceDeletable(workspace);
    await expireAccess(unit, { workspaceId: workspace.id });
    const lost = await markDeleted(transaction, workspace, now);
    record({
      type: "workspace.deleted",
      subjectId: workspace.id,
      workspaceId: workspace.id,
      summary: `Workspace “${workspace.name}” was deleted.`,
      // These people lose their access, and their streams deliver the event.
      data: { before: { name: workspace.name }, userIds: lost.map(({ userId }) => userId).sort() },
    });
    for (const { roleOverride, expiresAt, ...member } of lost) {
      record(lostAccess(member, { workspaceId: workspace.id, workspaceName: workspace.name, roleOverride, expiresAt }));
    }
    for (const { id, email, ...grant } of await openInvitationsWith(transaction, workspace, now)) {
      record({
        type: "invitation.updated",
        subjectId: id,
        workspaceId: workspace.id,
        summary: `The invitation to ${email} no longer includes “${workspace.name}”.`,
        data: { email, before: { workspaces: [grant] }, after: { workspaces: [] } },
      });
    }
    return { workspaceId: workspace.id, organizationId: organization.id };
  },
});

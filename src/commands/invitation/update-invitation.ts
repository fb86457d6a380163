import { isDeepStrictEqual } from "node:util";
import { assertPending } from "../../domain/invitation";
import { assertInvitableRole } from "../../domain/inviting";
import { type OrganizationRole, ROLE_NAMES } from "../../domain/role";
import { activeGrantsOf, replaceInvitationGrants, updateInvitations } from "../../store/invitation";
import { existingWorkspaces } from "../../store/workspace";
import type { WorkspaceGrant } from "../../store/workspace-assignment";
import { memberCommand } from "../runner/command";
import type { MemberUnitOfWork } from "../runner/unit-of-work";
import { assertAllExist, parseGrants, type WorkspaceGrantInput } from "../workspace/parse-workspace-grants";
import { requireInvitation } from "./require-invitation";

export interface UpdateInvitationInput {
  organizationId: string;
  invitationId: string;
  role?: OrganizationRole | null;
  workspaces?: WorkspaceGrantInput[] | null;
}

/** Changes the role or the workspaces of a pending invitation. Its link and expiry date stay. */
export const updateInvitation = memberCommand<UpdateInvitationInput, { invitationId: string }>({
  permission: "INVITE_AND_REMOVE_MEMBERS",
  run: async (unit, input) => {
    const { transaction, organization, membership, now, record } = unit;
    const invitation = await requireInvitation(unit, input.invitationId);
    const { id, email } = invitation;
    if (input.role) assertInvitableRole(membership.role, input.role);
    assertPending(invitation, now);
    const before = { role: invitation.role, workspaces: sorted(await activeGrantsOf(transaction, invitation, now)) };
    const grants = await grantsOf(unit, input);
    const after = { role: input.role ?? before.role, workspaces: grants ?? before.workspaces };
    if (isDeepStrictEqual(before, after)) return { invitationId: id };
    await updateInvitations(transaction, organization.id, [id], { role: after.role });
    if (grants) await replaceInvitationGrants(transaction, invitation, grants);
    record({
      type: "invitation.updated",
      subjectId: id,
      summary: `The invitation to ${email} was changed: ${describe(after)}.`,
      data: { email, before, after },
    });
    return { invitationId: id };
  },
});

/** The workspaces that the input names; null if it names none. */
async function grantsOf(
  { transaction, organization, now }: MemberUnitOfWork,
  { workspaces }: UpdateInvitationInput,
): Promise<WorkspaceGrant[] | null> {
  if (!workspaces) return null;
  const grants = sorted(parseGrants(workspaces, now, "workspaces"));
  const ids = grants.map(({ workspaceId }) => workspaceId);
  const existing = await existingWorkspaces(transaction, organization.id, ids);
  assertAllExist(grants, new Set(existing.map((workspace) => workspace.id)));
  return grants;
}

function sorted(grants: readonly WorkspaceGrant[]): WorkspaceGrant[] {
  return [...grants].sort((a, b) => (a.workspaceId < b.workspaceId ? -1 : 1));
}

function describe({ role, workspaces }: { role: OrganizationRole; workspaces: readonly WorkspaceGrant[] }): string {
  return `${ROLE_NAMES[role]}, ${workspaces.length} ${workspaces.length === 1 ? "workspace" : "workspaces"}`;
}

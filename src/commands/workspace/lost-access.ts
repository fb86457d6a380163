import type { Change } from "../../domain/events";
import type { Membership } from "../../store/member";
import { type NamedAssignment, namedAssignmentsOf } from "../../store/workspace-assignment";
import type { OrganizationUnitOfWork } from "../runner/unit-of-work";

/** The event of a member who loses access to a workspace. */
export function lostAccess(
  { id, userId, userName }: Omit<Membership, "role">,
  { workspaceId, roleOverride, expiresAt, workspaceName }: NamedAssignment,
): Change {
  return {
    type: "workspace_access.changed",
    subjectId: id,
    workspaceId,
    summary: `${userName} no longer has access to “${workspaceName}”.`,
    data: { userId, before: [{ workspaceId, roleOverride, expiresAt }], after: [] },
  };
}

/** Reads the workspaces that a member loses with the membership, before the foreign key deletes the assignments. */
export function accessToLose(
  { transaction, organization, now }: OrganizationUnitOfWork,
  member: Membership,
): Promise<NamedAssignment[]> {
  return namedAssignmentsOf(transaction, { id: member.id, organizationId: organization.id }, now);
}

/** Records each workspace that a former member lost. */
export function recordLostAccess(
  { record }: OrganizationUnitOfWork,
  member: Membership,
  lost: readonly NamedAssignment[],
): void {
  for (const assignment of lost) record(lostAccess(member, assignment));
}

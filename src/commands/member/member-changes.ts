import type { Change } from "../../domain/events";
import { type OrganizationRole, ROLE_NAMES, type WorkspaceRole } from "../../domain/role";
import { reactivatedOverrides } from "../../domain/workspace-access";
import type { Membership } from "../../store/member";
import type { WorkspaceGrant } from "../../store/workspace-assignment";

const LISTED_OVERRIDES = 10;

/** The event of a member who is removed. */
export function memberRemoved(member: Membership): Change {
  return {
    type: "member.removed",
    subjectId: member.id,
    summary: `${member.userName} was removed from the organization.`,
    data: { userId: member.userId, before: { role: member.role } },
  };
}

/** The event of a member who gets another role. It lists the overrides that apply again with it. */
export function roleChanged(
  member: Membership,
  role: OrganizationRole,
  assignments: ReadonlyArray<WorkspaceGrant & { workspaceName: string }>,
): Change {
  const back = reactivatedOverrides(member.role, role, assignments);
  const overridesBack = back.map(({ workspaceId, roleOverride, expiresAt }) => ({
    ...{ workspaceId, roleOverride, expiresAt },
  }));
  return {
    type: "member.role_changed",
    subjectId: member.id,
    summary: `${member.userName} was ${ROLE_NAMES[member.role]} and is now ${ROLE_NAMES[role]}.${describeOverrides(back)}`,
    data: {
      userId: member.userId,
      before: { role: member.role },
      after: { role, ...(overridesBack.length > 0 && { overridesBack }) },
    },
  };
}

function describeOverrides(overrides: ReadonlyArray<{ workspaceName: string; roleOverride: WorkspaceRole }>): string {
  if (overrides.length === 0) return "";
  const listed = overrides
    .slice(0, LISTED_OVERRIDES)
    .map(({ workspaceName, roleOverride }) => `${ROLE_NAMES[roleOverride]} in “${workspaceName}”`);
  const more = overrides.length - listed.length;
  return ` Overrides that apply again: ${listed.join(", ")}${more > 0 ? ` and ${more} more` : ""}.`;
}

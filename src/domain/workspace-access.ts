import { type OrganizationRole, reachesEveryWorkspace, type WorkspaceRole } from "./role";

/** How a member comes to a workspace. */
export const WorkspaceAccessSource = {
  ORGANIZATION_ROLE: "ORGANIZATION_ROLE",
  ASSIGNED: "ASSIGNED",
  OVERRIDE: "OVERRIDE",
} as const;
export type WorkspaceAccessSource = (typeof WorkspaceAccessSource)[keyof typeof WorkspaceAccessSource];

/** A Developer's or Viewer's stored way into one workspace. */
export interface Assignment {
  roleOverride: WorkspaceRole | null;
}

/** What counts in the end. */
export interface EffectiveAccess {
  role: WorkspaceRole;
  source: WorkspaceAccessSource;
  roleOverride: WorkspaceRole | null;
  /** An Owner's or Admin's stored override: it does not count now, and does again when they are neither. */
  dormantOverride: WorkspaceRole | null;
}

/**
 * A member's access to one workspace, or null where there is none. Owners and Admins are ADMIN everywhere, whatever
 * is stored; a Developer or Viewer needs an assignment, which counts with its override or else the organization role.
 */
export function effectiveAccess(role: OrganizationRole, assignment: Assignment | null): EffectiveAccess | null {
  if (reachesEveryWorkspace(role)) {
    const dormantOverride = assignment?.roleOverride ?? null;
    return { role: "ADMIN", source: "ORGANIZATION_ROLE", roleOverride: null, dormantOverride };
  }
  if (!assignment) return null;
  const { roleOverride } = assignment;
  if (roleOverride) return { role: roleOverride, source: "OVERRIDE", roleOverride, dormantOverride: null };
  const own = role === "DEVELOPER" ? "DEVELOPER" : "VIEWER";
  return { role: own, source: "ASSIGNED", roleOverride: null, dormantOverride: null };
}

/** The overrides that count again when somebody stops being Owner or Admin; none for any other change of role. */
export function reactivatedOverrides<Stored extends Assignment>(
  before: OrganizationRole,
  after: OrganizationRole,
  assignments: readonly Stored[],
): Array<Stored & { roleOverride: WorkspaceRole }> {
  if (!reachesEveryWorkspace(before) || reachesEveryWorkspace(after)) return [];
  return assignments.flatMap((each) => (each.roleOverride ? [{ ...each, roleOverride: each.roleOverride }] : []));
}

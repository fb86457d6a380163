import { type OrganizationRole, reachesEveryWorkspace, type WorkspaceRole } from "./role";

/** Where a member's access to a workspace comes from. */
export const WorkspaceAccessSource = {
  ORGANIZATION_ROLE: "ORGANIZATION_ROLE",
  ASSIGNED: "ASSIGNED",
  OVERRIDE: "OVERRIDE",
} as const;
export type WorkspaceAccessSource = (typeof WorkspaceAccessSource)[keyof typeof WorkspaceAccessSource];

/** A stored grant of one workspace to one member. */
export interface Assignment {
  roleOverride: WorkspaceRole | null;
  /** Null: the access does not end by itself. */
  expiresAt: Date | null;
}

/** A member's resulting access to one workspace. */
export interface EffectiveAccess {
  role: WorkspaceRole;
  source: WorkspaceAccessSource;
  roleOverride: WorkspaceRole | null;
  /** An Owner's or Admin's stored override. It has no effect until they get another role. */
  dormantOverride: WorkspaceRole | null;
  /** Null: the access does not end by itself. */
  expiresAt: Date | null;
}

/**
 * A member's access to one workspace, or null. Owners and Admins are ADMIN everywhere, regardless of stored grants. A
 * Developer or Viewer needs an assignment and gets its override, or else their organization role (product rule, Roles).
 */
export function effectiveAccess(role: OrganizationRole, assignment: Assignment | null): EffectiveAccess | null {
  if (reachesEveryWorkspace(role)) {
    const dormantOverride = assignment?.roleOverride ?? null;
    return { role: "ADMIN", source: "ORGANIZATION_ROLE", roleOverride: null, dormantOverride, expiresAt: null };
  }
  if (!assignment) return null;
  const { roleOverride, expiresAt } = assignment;
  if (roleOverride) return { role: roleOverride, source: "OVERRIDE", roleOverride, dormantOverride: null, expiresAt };
  return { role: workspaceRoleOf(role), source: "ASSIGNED", roleOverride: null, dormantOverride: null, expiresAt };
}

/** The role that an organization role has in its workspaces, unless an override sets another. */
export function workspaceRoleOf(role: OrganizationRole): WorkspaceRole {
  if (reachesEveryWorkspace(role)) return "ADMIN";
  return role === "DEVELOPER" ? "DEVELOPER" : "VIEWER";
}

/** The overrides that take effect again when a member stops being Owner or Admin. Empty for other changes of role. */
export function reactivatedOverrides<Stored extends Pick<Assignment, "roleOverride">>(
  before: OrganizationRole,
  after: OrganizationRole,
  assignments: readonly Stored[],
): Array<Stored & { roleOverride: WorkspaceRole }> {
  if (!reachesEveryWorkspace(before) || reachesEveryWorkspace(after)) return [];
  return assignments.flatMap((each) => (each.roleOverride ? [{ ...each, roleOverride: each.roleOverride }] : []));
}

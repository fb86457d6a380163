/** Organization roles, from the most to the least powerful. */
export const OrganizationRole = { OWNER: "OWNER", ADMIN: "ADMIN", DEVELOPER: "DEVELOPER", VIEWER: "VIEWER" } as const;
export type OrganizationRole = (typeof OrganizationRole)[keyof typeof OrganizationRole];

/** Workspace roles, from the most to the least powerful. */
export const WorkspaceRole = { ADMIN: "ADMIN", DEVELOPER: "DEVELOPER", VIEWER: "VIEWER" } as const;
export type WorkspaceRole = (typeof WorkspaceRole)[keyof typeof WorkspaceRole];

/** Role names for sentences. */
export const ROLE_NAMES: Record<OrganizationRole, string> = {
  OWNER: "Owner",
  ADMIN: "Admin",
  DEVELOPER: "Developer",
  VIEWER: "Viewer",
};

/** Owners and Admins are ADMIN in every workspace, implicitly (product rule, Roles). */
export function reachesEveryWorkspace(role: OrganizationRole): boolean {
  return role === "OWNER" || role === "ADMIN";
}

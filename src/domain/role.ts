/** What somebody is in an organization, from the most to the least. */
export const OrganizationRole = { OWNER: "OWNER", ADMIN: "ADMIN", DEVELOPER: "DEVELOPER", VIEWER: "VIEWER" } as const;
export type OrganizationRole = (typeof OrganizationRole)[keyof typeof OrganizationRole];

/** What somebody is inside one workspace. */
export const WorkspaceRole = { ADMIN: "ADMIN", DEVELOPER: "DEVELOPER", VIEWER: "VIEWER" } as const;
export type WorkspaceRole = (typeof WorkspaceRole)[keyof typeof WorkspaceRole];

/** How a role is called in a sentence. */
export const ROLE_NAMES: Record<OrganizationRole, string> = {
  OWNER: "Owner",
  ADMIN: "Admin",
  DEVELOPER: "Developer",
  VIEWER: "Viewer",
};

/** Owners and Admins reach every workspace of their organization, implicitly. */
export function reachesEveryWorkspace(role: OrganizationRole): boolean {
  return role === "OWNER" || role === "ADMIN";
}

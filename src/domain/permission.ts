import type { OrganizationRole, WorkspaceRole } from "./role";

/** Organization permissions and the roles that hold them (product rule, Roles). */
const ORGANIZATION_MATRIX = {
  EDIT_ORGANIZATION: ["OWNER", "ADMIN"],
  MANAGE_BILLING: ["OWNER"],
  CONFIGURE_BYOK: ["OWNER"],
  INVITE_AND_REMOVE_MEMBERS: ["OWNER", "ADMIN"],
  CHANGE_MEMBER_ROLES: ["OWNER", "ADMIN"],
  TRANSFER_OWNERSHIP: ["OWNER"],
  DELETE_ORGANIZATION: ["OWNER"],
  CREATE_WORKSPACES: ["OWNER", "ADMIN"],
  DELETE_WORKSPACES: ["OWNER", "ADMIN"],
  ACCESS_ALL_WORKSPACES: ["OWNER", "ADMIN"],
  VIEW_AUDIT_LOG: ["OWNER", "ADMIN"],
  REVIEW_ACCESS: ["OWNER", "ADMIN"],
} as const satisfies Record<string, readonly OrganizationRole[]>;

/** Workspace permissions and the effective roles that hold them. Overrides count here only. */
const WORKSPACE_MATRIX = {
  VIEW_WORKSPACE: ["ADMIN", "DEVELOPER", "VIEWER"],
  RUN_OPERATIONS: ["ADMIN", "DEVELOPER"],
  MODIFY_RESOURCES: ["ADMIN", "DEVELOPER"],
  EDIT_WORKSPACE: ["ADMIN"],
  MANAGE_WORKSPACE_ACCESS: ["ADMIN"],
} as const satisfies Record<string, readonly WorkspaceRole[]>;

export type OrganizationPermission = keyof typeof ORGANIZATION_MATRIX;
export type WorkspacePermission = keyof typeof WORKSPACE_MATRIX;

/** The permissions as enum objects, key equal to value, as the graph registers them. */
export const OrganizationPermission = keysOf(ORGANIZATION_MATRIX);
export const WorkspacePermission = keysOf(WORKSPACE_MATRIX);

/** Whether an organization role holds a permission. A null role holds none. */
export function mayInOrganization(role: OrganizationRole | null, permission: OrganizationPermission): boolean {
  return (ORGANIZATION_MATRIX[permission] as ReadonlyArray<OrganizationRole | null>).includes(role);
}

/** Whether an effective workspace role holds a permission. A null role holds none. */
export function mayInWorkspace(role: WorkspaceRole | null, permission: WorkspacePermission): boolean {
  return (WORKSPACE_MATRIX[permission] as ReadonlyArray<WorkspaceRole | null>).includes(role);
}

/** The organization roles that hold a permission. */
export function rolesWith(permission: OrganizationPermission): readonly OrganizationRole[] {
  return ORGANIZATION_MATRIX[permission];
}

/** All permissions of an organization role, in the matrix's order. */
export function permissionsInOrganization(role: OrganizationRole | null): OrganizationPermission[] {
  return Object.values(OrganizationPermission).filter((permission) => mayInOrganization(role, permission));
}

/** All permissions of a workspace role, in the matrix's order. */
export function permissionsInWorkspace(role: WorkspaceRole | null): WorkspacePermission[] {
  return Object.values(WorkspacePermission).filter((permission) => mayInWorkspace(role, permission));
}

function keysOf<Matrix extends object>(matrix: Matrix): { [Key in keyof Matrix]: Key } {
  return Object.fromEntries(Object.keys(matrix).map((key) => [key, key])) as { [Key in keyof Matrix]: Key };
}

import { isInvitable } from "./inviting";
import {
  type OrganizationPermission,
  permissionsInOrganization,
  permissionsInWorkspace,
  type WorkspacePermission,
} from "./permission";
import { OrganizationRole, ROLE_NAMES, type WorkspaceRole } from "./role";
import { workspaceRoleOf } from "./workspace-access";

/** A role, with what it permits. */
export interface RoleDescription {
  role: OrganizationRole;
  name: string;
  description: string;
  permissions: OrganizationPermission[];
  workspaceRole: WorkspaceRole;
  workspacePermissions: WorkspacePermission[];
  isInvitable: boolean;
}

const DESCRIPTIONS: Record<OrganizationRole, string> = {
  OWNER: "Full control, including billing, the AWS key and deleting the organization. For one or two people.",
  ADMIN: "Manages members and workspaces, but not billing or the AWS key. For team leads.",
  DEVELOPER: "Uses agents and runs operations in the workspaces assigned to them.",
  VIEWER: "Reads the workspaces assigned to them. Changes and runs nothing.",
};

/** All roles, from the most to the least powerful. */
export function describeRoles(): RoleDescription[] {
  return Object.values(OrganizationRole).map((role) => {
    const workspaceRole = workspaceRoleOf(role);
    return {
      role,
      name: ROLE_NAMES[role],
      description: DESCRIPTIONS[role],
      permissions: permissionsInOrganization(role),
      workspaceRole,
      workspacePermissions: permissionsInWorkspace(workspaceRole),
      isInvitable: isInvitable(role),
    };
  });
}

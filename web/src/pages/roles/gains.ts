import type { OrganizationPermission, WorkspacePermission } from "../../graph/generated/graphql";
import { rolesPage } from "../../texts/en/roles";

const { permissions: labels, workspacePermissions: workspaceLabels } = rolesPage;

interface Role {
  permissions: readonly OrganizationPermission[];
  workspacePermissions: readonly WorkspacePermission[];
}

/** The permissions that a change of role adds and removes, in words. */
export function gainsAndLosses(from: Role, to: Role): { gains: string[]; losses: string[] } {
  return { gains: lacking(to, from), losses: lacking(from, to) };
}

/** The permissions of the first role that the second lacks. */
function lacking(first: Role, second: Role): string[] {
  const own = first.permissions.filter((each) => !second.permissions.includes(each));
  const inWorkspaces = first.workspacePermissions.filter((each) => !second.workspacePermissions.includes(each));
  return [...own.map((each) => labels[each]), ...inWorkspaces.map((each) => workspaceLabels[each])];
}

import { permissionsInOrganization, permissionsInWorkspace } from "../../src/domain/permission";
import { describeRoles } from "../../src/domain/role-descriptions";

test("the roles are described from the most to the least powerful, with what they permit", () => {
  expect(describeRoles()).toEqual([
    {
      ...{ role: "OWNER", name: "Owner", workspaceRole: "ADMIN", isInvitable: false },
      description: "Full control, including billing, the AWS key and deleting the organization. For one or two people.",
      permissions: permissionsInOrganization("OWNER"),
      workspacePermissions: permissionsInWorkspace("ADMIN"),
    },
    {
      ...{ role: "ADMIN", name: "Admin", workspaceRole: "ADMIN", isInvitable: true },
      description: "Manages members and workspaces, but not billing or the AWS key. For team leads.",
      permissions: permissionsInOrganization("ADMIN"),
      workspacePermissions: permissionsInWorkspace("ADMIN"),
    },
    {
      ...{ role: "DEVELOPER", name: "Developer", workspaceRole: "DEVELOPER", isInvitable: true },
      description: "Uses agents and runs operations in the workspaces assigned to them.",
      permissions: [],
      workspacePermissions: permissionsInWorkspace("DEVELOPER"),
    },
    {
      ...{ role: "VIEWER", name: "Viewer", workspaceRole: "VIEWER", isInvitable: true },
      description: "Reads the workspaces assigned to them. Changes and runs nothing.",
      permissions: [],
      workspacePermissions: permissionsInWorkspace("VIEWER"),
    },
  ]);
});

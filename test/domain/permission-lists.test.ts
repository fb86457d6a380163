import {
  OrganizationPermission,
  permissionsInOrganization,
  permissionsInWorkspace,
  rolesWith,
  WorkspacePermission,
} from "../../src/domain/permission";

test("the permissions of a role are listed in the order of the matrix", () => {
  const everything = Object.values(OrganizationPermission);
  const owners = ["MANAGE_BILLING", "CONFIGURE_BYOK", "TRANSFER_OWNERSHIP", "DELETE_ORGANIZATION"];
  expect(permissionsInOrganization("OWNER")).toEqual(everything);
  expect(permissionsInOrganization("ADMIN")).toEqual(everything.filter((permission) => !owners.includes(permission)));
  expect(permissionsInOrganization("DEVELOPER")).toEqual([]);
  expect(permissionsInOrganization("VIEWER")).toEqual([]);
  expect(permissionsInOrganization(null)).toEqual([]);
  expect(permissionsInWorkspace("ADMIN")).toEqual(Object.values(WorkspacePermission));
  expect(permissionsInWorkspace("DEVELOPER")).toEqual(["VIEW_WORKSPACE", "RUN_OPERATIONS", "MODIFY_RESOURCES"]);
  expect(permissionsInWorkspace("VIEWER")).toEqual(["VIEW_WORKSPACE"]);
  expect(permissionsInWorkspace(null)).toEqual([]);
});

test("every permission equals its own name, as the graph registers it", () => {
  expect(Object.values(OrganizationPermission)).toEqual(Object.keys(OrganizationPermission));
  expect(Object.values(WorkspacePermission)).toEqual(Object.keys(WorkspacePermission));
  expect(Object.keys(OrganizationPermission)).toHaveLength(12);
  expect(Object.keys(WorkspacePermission)).toHaveLength(5);
});

test("the roles with a permission are named from the highest to the lowest", () => {
  expect(rolesWith("MANAGE_BILLING")).toEqual(["OWNER"]);
  expect(rolesWith("INVITE_AND_REMOVE_MEMBERS")).toEqual(["OWNER", "ADMIN"]);
});

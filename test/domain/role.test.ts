import { OrganizationRole, ROLE_NAMES, reachesEveryWorkspace, WorkspaceRole } from "../../src/domain/role";

test("the roles are the product's, from the most to the least", () => {
  expect(Object.entries(OrganizationRole)).toEqual([
    ["OWNER", "OWNER"],
    ["ADMIN", "ADMIN"],
    ["DEVELOPER", "DEVELOPER"],
    ["VIEWER", "VIEWER"],
  ]);
  expect(Object.entries(WorkspaceRole)).toEqual([
    ["ADMIN", "ADMIN"],
    ["DEVELOPER", "DEVELOPER"],
    ["VIEWER", "VIEWER"],
  ]);
});

test("each role has a name for sentences", () => {
  expect(ROLE_NAMES).toEqual({ OWNER: "Owner", ADMIN: "Admin", DEVELOPER: "Developer", VIEWER: "Viewer" });
});

test("Owners and Admins have access to every workspace, Developers and Viewers do not", () => {
  const reaching = Object.values(OrganizationRole).filter(reachesEveryWorkspace);
  expect(reaching).toEqual(["OWNER", "ADMIN"]);
});

import { isBacked } from "../../src/domain/accepting";
import type { OrganizationPermission } from "../../src/domain/permission";

// The matrix as it could become: Admins invite, and only Owners reach every workspace.
jest.mock("../../src/domain/permission", () => ({
  mayInOrganization: (role: string | null, permission: OrganizationPermission) =>
    role === "OWNER" || (role === "ADMIN" && permission === "INVITE_AND_REMOVE_MEMBERS"),
}));

test.each([
  ["ADMIN", false, true],
  ["ADMIN", true, false],
  ["OWNER", true, true],
  ["DEVELOPER", false, false],
  [null, true, false],
] as const)("an invitation by %s that brings workspaces (%s) is backed: %s", (inviterRole, hasWorkspaces, expected) => {
  expect(isBacked({ role: "VIEWER", hasWorkspaces, inviterRole })).toBe(expected);
});

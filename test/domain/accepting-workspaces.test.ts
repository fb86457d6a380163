import { isBacked } from "../../src/domain/accepting";
import type { OrganizationPermission } from "../../src/domain/permission";

// A possible future matrix: Admins can invite, and only Owners have access to every workspace.
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
] as const)(
  "an invitation by %s, with workspaces (%s), is covered by the inviter's role: %s",
  (inviterRole, hasWorkspaces, expected) => {
    expect(isBacked({ role: "VIEWER", hasWorkspaces, inviterRole })).toBe(expected);
  },
);

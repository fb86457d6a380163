import { OrganizationRole, type WorkspaceRole } from "../../src/domain/role";
import {
  effectiveAccess,
  reactivatedOverrides,
  WorkspaceAccessSource,
  workspaceRoleOf,
} from "../../src/domain/workspace-access";

// The organization role, the stored override (undefined: not assigned), and the effective role.
const CASES: Array<[OrganizationRole, WorkspaceRole | null | undefined, string | null]> = [
  ["OWNER", undefined, "ADMIN by ORGANIZATION_ROLE"],
  ["OWNER", null, "ADMIN by ORGANIZATION_ROLE"],
  ["OWNER", "VIEWER", "ADMIN by ORGANIZATION_ROLE"],
  ["ADMIN", undefined, "ADMIN by ORGANIZATION_ROLE"],
  ["ADMIN", null, "ADMIN by ORGANIZATION_ROLE"],
  // A Developer with an override became Admin: implicit access cannot be lowered.
  ["ADMIN", "VIEWER", "ADMIN by ORGANIZATION_ROLE"],
  ["ADMIN", "DEVELOPER", "ADMIN by ORGANIZATION_ROLE"],
  ["DEVELOPER", undefined, null],
  ["DEVELOPER", null, "DEVELOPER by ASSIGNED"],
  ["DEVELOPER", "ADMIN", "ADMIN by OVERRIDE"],
  ["DEVELOPER", "DEVELOPER", "DEVELOPER by OVERRIDE"],
  ["DEVELOPER", "VIEWER", "VIEWER by OVERRIDE"],
  ["VIEWER", undefined, null],
  ["VIEWER", null, "VIEWER by ASSIGNED"],
  ["VIEWER", "ADMIN", "ADMIN by OVERRIDE"],
  ["VIEWER", "DEVELOPER", "DEVELOPER by OVERRIDE"],
  ["VIEWER", "VIEWER", "VIEWER by OVERRIDE"],
];

const END = new Date("2027-01-01T00:00:00Z");

test.each(CASES)("%s with the override %s has %s", (role, roleOverride, expected) => {
  const access = effectiveAccess(role, roleOverride === undefined ? null : { roleOverride, expiresAt: END });
  expect(access && `${access.role} by ${access.source}`).toBe(expected);
  // The override is shown only if it applies.
  expect(access?.roleOverride ?? null).toBe(access?.source === "OVERRIDE" ? roleOverride : null);
  // The access of Owners and Admins comes from their role, and does not end with a grant.
  expect(access?.expiresAt ?? null).toBe(access?.source === "ORGANIZATION_ROLE" || !access ? null : END);
  // A dormant override is shown to managers of access, and null means that there is none.
  if (access)
    expect(access.dormantOverride).toBe(access.source === "ORGANIZATION_ROLE" ? (roleOverride ?? null) : null);
});

test("without an override, Owners and Admins are Admin in a workspace, and the others have their organization role", () => {
  const roles = Object.values(OrganizationRole).map((role) => `${role} ${workspaceRoleOf(role)}`);
  expect(roles).toEqual(["OWNER ADMIN", "ADMIN ADMIN", "DEVELOPER DEVELOPER", "VIEWER VIEWER"]);
});

test("the sources equal their own names, as the graph registers them", () => {
  expect(WorkspaceAccessSource).toEqual({
    ...{ ORGANIZATION_ROLE: "ORGANIZATION_ROLE", ASSIGNED: "ASSIGNED", OVERRIDE: "OVERRIDE" },
  });
});

test("overrides apply again only for a member who stops being Owner or Admin", () => {
  const assignments = [
    { workspaceId: "a", roleOverride: "ADMIN" },
    { workspaceId: "b", roleOverride: null },
    { workspaceId: "c", roleOverride: "VIEWER" },
  ] as const;
  for (const before of Object.values(OrganizationRole)) {
    for (const after of Object.values(OrganizationRole)) {
      const isBack = ["OWNER", "ADMIN"].includes(before) && ["DEVELOPER", "VIEWER"].includes(after);
      const back = reactivatedOverrides(before, after, assignments).map(({ workspaceId }) => workspaceId);
      expect([before, after, back]).toStrictEqual([before, after, isBack ? ["a", "c"] : []]);
    }
  }
  expect(reactivatedOverrides("ADMIN", "VIEWER", assignments)[1]).toEqual(assignments[2]);
});

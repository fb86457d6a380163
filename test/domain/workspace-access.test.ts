import type { OrganizationRole, WorkspaceRole } from "../../src/domain/role";
import { effectiveAccess, WorkspaceAccessSource } from "../../src/domain/workspace-access";

// The organization role, the stored override (undefined: not assigned), and what counts in the end.
const CASES: Array<[OrganizationRole, WorkspaceRole | null | undefined, string | null]> = [
  ["OWNER", undefined, "ADMIN by ORGANIZATION_ROLE"],
  ["OWNER", null, "ADMIN by ORGANIZATION_ROLE"],
  ["OWNER", "VIEWER", "ADMIN by ORGANIZATION_ROLE"],
  ["ADMIN", undefined, "ADMIN by ORGANIZATION_ROLE"],
  ["ADMIN", null, "ADMIN by ORGANIZATION_ROLE"],
  // Somebody who was a Developer with an override and became Admin: implicit access cannot be lowered.
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

test.each(CASES)("%s with the override %s has %s", (role, roleOverride, expected) => {
  const access = effectiveAccess(role, roleOverride === undefined ? null : { roleOverride });
  expect(access && `${access.role} by ${access.source}`).toBe(expected);
  // The override is shown where it counts, and nowhere else.
  expect(access?.roleOverride ?? null).toBe(access?.source === "OVERRIDE" ? roleOverride : null);
  if (access) expect(Object.keys(access).sort()).toEqual(["role", "roleOverride", "source"]);
});

test("the sources are their own names, as the graph registers them", () => {
  expect(WorkspaceAccessSource).toEqual({
    ...{ ORGANIZATION_ROLE: "ORGANIZATION_ROLE", ASSIGNED: "ASSIGNED", OVERRIDE: "OVERRIDE" },
  });
});

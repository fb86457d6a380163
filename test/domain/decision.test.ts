import { decideInOrganization, decideInWorkspace } from "../../src/domain/decision";
import { mayInOrganization, OrganizationPermission, WorkspacePermission } from "../../src/domain/permission";
import { storedPlan } from "../../src/domain/plan";
import { OrganizationRole } from "../../src/domain/role";

const ADVANCED = storedPlan("ADVANCED");
const STARTER = storedPlan("STARTER");
const LOG = { organizationId: "acme", sequence: 7 };
const DECIDED = { ...LOG, validUntil: null };
const inAcme = (role: OrganizationRole, plan = ADVANCED) => ({ ...LOG, organizationName: "Acme", role, plan });
const inAlpha = (
  role: OrganizationRole,
  isAssigned = false,
  roleOverride: "ADMIN" | "DEVELOPER" | "VIEWER" | null = null,
) => ({
  ...{ organizationName: "Acme", workspaceName: "Alpha", role, isAssigned, roleOverride, expiresAt: null },
  ...LOG,
});

test("a decision follows the matrix and has a reason", () => {
  for (const role of Object.values(OrganizationRole)) {
    for (const permission of Object.values(OrganizationPermission)) {
      const decision = decideInOrganization(permission, inAcme(role));
      expect([role, permission, decision.allowed]).toEqual([role, permission, mayInOrganization(role, permission)]);
      expect(decision.reasons).toHaveLength(2);
    }
  }
  expect(decideInOrganization("EDIT_ORGANIZATION", inAcme("ADMIN"))).toEqual({
    allowed: true,
    reasons: ["You are Admin of Acme.", "The role Admin includes EDIT_ORGANIZATION."],
    ...DECIDED,
  });
  expect(decideInOrganization("MANAGE_BILLING", inAcme("ADMIN"))).toEqual({
    allowed: false,
    reasons: ["You are Admin of Acme.", "The role Admin lacks MANAGE_BILLING."],
    ...DECIDED,
  });
});

test("an Owner can configure BYOK on any plan, and the reason says if the plan does not include it", () => {
  const decide = (role: OrganizationRole, plan: typeof STARTER) =>
    decideInOrganization("CONFIGURE_BYOK", inAcme(role, plan));
  expect(decide("OWNER", ADVANCED)).toMatchObject({ allowed: true, reasons: { length: 2 } });
  expect(decide("OWNER", STARTER)).toEqual({
    allowed: true,
    reasons: [
      "You are Owner of Acme.",
      "The role Owner includes CONFIGURE_BYOK.",
      "The Starter plan does not include BYOK. Upgrade to Advanced or Enterprise to use your own key.",
    ],
    ...DECIDED,
  });
  expect(decide("ADMIN", STARTER)).toMatchObject({ allowed: false, reasons: { length: 2 } });
  expect(decideInOrganization("MANAGE_BILLING", inAcme("OWNER", STARTER)).reasons).toHaveLength(2);
});

test.each([
  [
    "OWNER",
    false,
    null,
    "VIEW_WORKSPACE",
    true,
    "This makes you Admin of every workspace, including Alpha.",
    "Admin includes",
  ],
  [
    "ADMIN",
    true,
    "VIEWER",
    "EDIT_WORKSPACE",
    true,
    "This makes you Admin of every workspace, including Alpha.",
    "Admin includes",
  ],
  [
    "DEVELOPER",
    true,
    null,
    "RUN_OPERATIONS",
    true,
    "The workspace Alpha is assigned to you with your organization role.",
    "Developer includes",
  ],
  [
    "DEVELOPER",
    true,
    null,
    "EDIT_WORKSPACE",
    false,
    "The workspace Alpha is assigned to you with your organization role.",
    "Developer lacks",
  ],
  [
    "DEVELOPER",
    true,
    "ADMIN",
    "EDIT_WORKSPACE",
    true,
    "An override makes you Admin in the workspace Alpha.",
    "Admin includes",
  ],
  [
    "DEVELOPER",
    true,
    "VIEWER",
    "RUN_OPERATIONS",
    false,
    "An override makes you Viewer in the workspace Alpha.",
    "Viewer lacks",
  ],
  [
    "VIEWER",
    true,
    null,
    "VIEW_WORKSPACE",
    true,
    "The workspace Alpha is assigned to you with your organization role.",
    "Viewer includes",
  ],
  [
    "VIEWER",
    true,
    "DEVELOPER",
    "RUN_OPERATIONS",
    true,
    "An override makes you Developer in the workspace Alpha.",
    "Developer includes",
  ],
] as const)(
  "%s, assigned %s with the override %s, and %s",
  (role, isAssigned, override, permission, allowed, way, right) => {
    const decision = decideInWorkspace(permission, inAlpha(role, isAssigned, override));
    const name = { OWNER: "Owner", ADMIN: "Admin", DEVELOPER: "Developer", VIEWER: "Viewer" }[role];
    expect(decision).toEqual({
      allowed,
      reasons: [`You are ${name} of Acme.`, way, `The role ${right} ${permission}.`],
      ...DECIDED,
    });
  },
);

test("strangers and members without access get the same reason as for things that do not exist", () => {
  const stranger = (what: string) => ({
    ...{ allowed: false, reasons: [`There is no such ${what}, or you have no access to it.`] },
    ...{ organizationId: null, sequence: null, validUntil: null },
  });
  for (const permission of Object.values(OrganizationPermission)) {
    expect(decideInOrganization(permission, undefined)).toEqual(stranger("organization"));
  }
  for (const permission of Object.values(WorkspacePermission)) {
    expect(decideInWorkspace(permission, undefined)).toEqual(stranger("workspace"));
    for (const role of ["DEVELOPER", "VIEWER"] as const) {
      // An override needs an assignment.
      expect(decideInWorkspace(permission, inAlpha(role, false, "ADMIN"))).toEqual(stranger("workspace"));
    }
  }
});

test("a decision by temporary access is valid until the access ends; one by the organization role has no end", () => {
  const expiresAt = new Date("2026-04-01T00:00:00.000Z");
  const decide = (role: OrganizationRole, override: "VIEWER" | null = null) =>
    decideInWorkspace("RUN_OPERATIONS", { ...inAlpha(role, true, override), expiresAt });
  expect(decide("DEVELOPER")).toMatchObject({ allowed: true, validUntil: expiresAt });
  expect(decide("DEVELOPER", "VIEWER")).toMatchObject({ allowed: false, validUntil: expiresAt });
  expect(decide("ADMIN")).toMatchObject({ allowed: true, validUntil: null });
});

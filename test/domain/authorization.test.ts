import {
  assertEntityReader,
  assertMember,
  assertPermission,
  assertPerson,
  assertScope,
  assertSignedIn,
  assertWorkspaceAccess,
  assertWorkspacePermission,
} from "../../src/domain/authorization";
import { Denied } from "../../src/domain/denial";
import {
  OrganizationPermission,
  permissionsInOrganization,
  permissionsInWorkspace,
  WorkspacePermission,
} from "../../src/domain/permission";
import { OrganizationRole, WorkspaceRole } from "../../src/domain/role";
import { SERVICE_SCOPES, type ServiceScope, type Viewer } from "../../src/domain/viewer";

const ANONYMOUS: Viewer = { kind: "anonymous" };
const PERSON: Viewer = { kind: "person", id: "ada", name: "Ada", email: null, emailVerified: false };
const service = (...scopes: ServiceScope[]): Viewer => ({ kind: "service", name: "t", scopes: new Set(scopes) });
const otherThan = (scope: ServiceScope) => SERVICE_SCOPES.filter((other) => other !== scope);

function codeOf(assert: () => void): string {
  try {
    assert();
    return "passed";
  } catch (error) {
    if (error instanceof Denied) return error.extensions.code;
    throw error;
  }
}

test("requiring sign-in admits people and services", () => {
  expect(codeOf(() => assertSignedIn(ANONYMOUS))).toBe("UNAUTHENTICATED");
  for (const viewer of [PERSON, service()]) expect(codeOf(() => assertSignedIn(viewer))).toBe("passed");
});

test("requiring a person refuses services, jobs and anonymous callers", () => {
  expect(codeOf(() => assertPerson(PERSON))).toBe("passed");
  for (const other of [ANONYMOUS, service("entities:read"), { kind: "system" } as const]) {
    expect(() => assertPerson(other)).toThrow(new Denied("FORBIDDEN", "Only a signed-in person can do this."));
  }
});

test("requiring a scope admits only services with that scope", () => {
  for (const scope of SERVICE_SCOPES) {
    expect(codeOf(() => assertScope(service(scope), scope))).toBe("passed");
    expect(codeOf(() => assertScope(ANONYMOUS, scope))).toBe("UNAUTHENTICATED");
    for (const viewer of [PERSON, service(...otherThan(scope))]) {
      expect(codeOf(() => assertScope(viewer, scope))).toBe("FORBIDDEN");
    }
  }
});

test("entities are open to people, and to services with entities:read", () => {
  for (const viewer of [PERSON, service("entities:read")]) {
    expect(codeOf(() => assertEntityReader(viewer))).toBe("passed");
  }
  expect(codeOf(() => assertEntityReader(ANONYMOUS))).toBe("UNAUTHENTICATED");
  expect(codeOf(() => assertEntityReader(service(...otherThan("entities:read"))))).toBe("FORBIDDEN");
});

test("organizations and workspaces are open to people with a role, and to services with entities:read", () => {
  for (const role of Object.values(OrganizationRole)) {
    expect(codeOf(() => assertMember(PERSON, role))).toBe("passed");
  }
  for (const role of Object.values(WorkspaceRole)) {
    expect(codeOf(() => assertWorkspaceAccess(PERSON, role))).toBe("passed");
  }
  for (const viewer of [PERSON, ANONYMOUS, service(...otherThan("entities:read"))]) {
    expect(codeOf(() => assertMember(viewer, null))).toBe("NOT_FOUND");
    expect(codeOf(() => assertMember(viewer, undefined))).toBe("NOT_FOUND");
    expect(codeOf(() => assertWorkspaceAccess(viewer, null))).toBe("NOT_FOUND");
  }
  expect(codeOf(() => assertMember(service("entities:read"), null))).toBe("passed");
  expect(codeOf(() => assertWorkspaceAccess(service("entities:read"), null))).toBe("passed");
});

test("a permission admits the roles that have it, and no service", () => {
  for (const role of [...Object.values(OrganizationRole), null]) {
    for (const permission of Object.values(OrganizationPermission)) {
      const outcome = permissionsInOrganization(role).includes(permission) ? "passed" : "FORBIDDEN";
      expect(codeOf(() => assertPermission(role, permission))).toBe(outcome);
    }
  }
  for (const role of [...Object.values(WorkspaceRole), null]) {
    for (const permission of Object.values(WorkspacePermission)) {
      const outcome = permissionsInWorkspace(role).includes(permission) ? "passed" : "FORBIDDEN";
      expect(codeOf(() => assertWorkspacePermission(role, permission))).toBe(outcome);
    }
  }
});

test("a denial names the role and the missing permission", () => {
  expect(() => assertPermission("VIEWER", "MANAGE_BILLING")).toThrow(
    "Your role in this organization is Viewer, which lacks MANAGE_BILLING.",
  );
  expect(() => assertPermission(undefined, "MANAGE_BILLING")).toThrow("A service lacks MANAGE_BILLING.");
  expect(() => assertWorkspacePermission("VIEWER", "EDIT_WORKSPACE")).toThrow(
    "Your role in this workspace is Viewer, which lacks EDIT_WORKSPACE.",
  );
  expect(() => assertWorkspacePermission(null, "EDIT_WORKSPACE")).toThrow("A service lacks EDIT_WORKSPACE.");
});

test("other denials name the scope or the thing", () => {
  expect(() => assertScope(PERSON, "usage:write")).toThrow("Only a service with the scope usage:write can do this.");
  expect(() => assertEntityReader(service())).toThrow("A service needs the scope entities:read for this.");
  expect(() => assertMember(PERSON, null)).toThrow("There is no such organization, or you have no access to it.");
  expect(() => assertWorkspaceAccess(PERSON, null)).toThrow("There is no such workspace, or you have no access to it.");
});

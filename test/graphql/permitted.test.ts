import { allowed, among, assertPermitted, inside, present } from "../../resolvers/permitted";
import type { Context } from "../../src/context";
import { Denied } from "../../src/domain/denial";
import { OrganizationPermission, permissionsInOrganization } from "../../src/domain/permission";
import { OrganizationRole } from "../../src/domain/role";
import { SERVICE_SCOPES, type Viewer } from "../../src/domain/viewer";
import type { OrganizationView } from "../../src/store/views/people";
import type { WorkspaceView } from "../../src/store/views/workspaces";

// What stands behind the scoped reads: even an object that somebody should never have got answers nothing.
const as = (viewer: Viewer) => ({ viewer }) as Context;
const PERSON: Viewer = { kind: "person", id: "ada", name: "Ada", email: null, emailVerified: false };
const service = (...scopes: Array<(typeof SERVICE_SCOPES)[number]>): Viewer => ({
  ...{ kind: "service", name: "t", scopes: new Set(scopes) },
});
const organization = (role: OrganizationRole | null) =>
  ({ id: "o", viewerMember: role && { role } }) as unknown as OrganizationView;
const workspace = (viewerRole: WorkspaceView["viewerRole"]) => ({ id: "w", viewerRole }) as WorkspaceView;

function codeOf(read: () => unknown): string {
  try {
    return String(read());
  } catch (error) {
    if (error instanceof Denied) return error.extensions.code;
    throw error;
  }
}

test("what members may see is for members, and for services that read entities", () => {
  for (const role of Object.values(OrganizationRole)) {
    expect(codeOf(() => among(as(PERSON), organization(role), () => "read"))).toBe("read");
  }
  for (const viewer of [
    PERSON,
    { kind: "anonymous" } as const,
    service("usage:write", "users:provision", "credentials:read"),
  ]) {
    expect(codeOf(() => among(as(viewer), organization(null), () => "read"))).toBe("NOT_FOUND");
    expect(codeOf(() => inside(as(viewer), workspace(null), () => "read"))).toBe("NOT_FOUND");
  }
  expect(codeOf(() => among(as(service("entities:read")), organization(null), () => "read"))).toBe("read");
  expect(codeOf(() => inside(as(service("entities:read")), workspace(null), () => "read"))).toBe("read");
  for (const role of ["ADMIN", "DEVELOPER", "VIEWER"] as const) {
    expect(codeOf(() => inside(as(PERSON), workspace(role), () => "read"))).toBe("read");
  }
});

test("a field that needs a permission is for roles that have it, and for no service", () => {
  for (const role of [...Object.values(OrganizationRole), null]) {
    for (const permission of Object.values(OrganizationPermission)) {
      const outcome = permissionsInOrganization(role).includes(permission) ? "read" : "FORBIDDEN";
      expect(codeOf(() => allowed(organization(role), permission, () => "read"))).toBe(outcome);
    }
  }
  expect(() => assertPermitted(organization("VIEWER"), "MANAGE_BILLING")).toThrow(
    /is Viewer, which lacks MANAGE_BILLING/,
  );
  expect(() => assertPermitted(organization(null), "MANAGE_BILLING")).toThrow(/^A service lacks MANAGE_BILLING/);
});

test("a denied field is not read from the database", () => {
  const read = jest.fn();
  codeOf(() => among(as(PERSON), organization(null), read));
  codeOf(() => inside(as(PERSON), workspace(null), read));
  codeOf(() => allowed(organization("VIEWER"), "MANAGE_BILLING", read));
  expect(read).not.toHaveBeenCalled();
});

test("what was deleted in between is NOT_FOUND, and not a failure", async () => {
  for (const gone of [null, undefined]) {
    await expect(present("workspace", Promise.resolve(gone))).rejects.toMatchObject({
      ...{ extensions: { code: "NOT_FOUND" }, message: expect.stringMatching(/no such workspace/) },
    });
  }
  expect(await present("workspace", Promise.resolve(0))).toBe(0);
});

import { readFileSync } from "node:fs";
import path from "node:path";
import {
  mayInOrganization,
  mayInWorkspace,
  OrganizationPermission,
  WorkspacePermission,
} from "../../src/domain/permission";
import { OrganizationRole, WorkspaceRole } from "../../src/domain/role";

// The product's matrix, repeated on purpose: ✓ in the order Owner, Admin, Developer, Viewer.
const ORGANIZATION = `
EDIT_ORGANIZATION         | ✓ ✓ – –
MANAGE_BILLING            | ✓ – – –
CONFIGURE_BYOK            | ✓ – – –
INVITE_AND_REMOVE_MEMBERS | ✓ ✓ – –
CHANGE_MEMBER_ROLES       | ✓ ✓ – –
TRANSFER_OWNERSHIP        | ✓ – – –
DELETE_ORGANIZATION       | ✓ – – –
CREATE_WORKSPACES         | ✓ ✓ – –
DELETE_WORKSPACES         | ✓ ✓ – –
ACCESS_ALL_WORKSPACES     | ✓ ✓ – –
VIEW_AUDIT_LOG            | ✓ ✓ – –
REVIEW_ACCESS             | ✓ ✓ – –`;

// In the order Admin, Developer, Viewer.
const WORKSPACE = `
VIEW_WORKSPACE            | ✓ ✓ ✓
RUN_OPERATIONS            | ✓ ✓ –
MODIFY_RESOURCES          | ✓ ✓ –
EDIT_WORKSPACE            | ✓ – –
MANAGE_WORKSPACE_ACCESS   | ✓ – –`;

const rowsOf = (table: string) =>
  table
    .trim()
    .split("\n")
    .map((line) => line.split("|").map((part) => part.trim()))
    .map(([permission = "", marks = ""]) => ({ permission, marks: marks.split(" ") }));

test("the matrix of organizations equals the product's", () => {
  const matrix = Object.values(OrganizationPermission).map((permission) => ({
    permission,
    marks: Object.values(OrganizationRole).map((role) => (mayInOrganization(role, permission) ? "✓" : "–")),
  }));
  expect(matrix).toEqual(rowsOf(ORGANIZATION));
});

test("the matrix of workspaces equals the product's", () => {
  const matrix = Object.values(WorkspacePermission).map((permission) => ({
    permission,
    marks: Object.values(WorkspaceRole).map((role) => (mayInWorkspace(role, permission) ? "✓" : "–")),
  }));
  expect(matrix).toEqual(rowsOf(WORKSPACE));
});

test("a person without a role has no permissions", () => {
  expect(Object.values(OrganizationPermission).filter((permission) => mayInOrganization(null, permission))).toEqual([]);
  expect(Object.values(WorkspacePermission).filter((permission) => mayInWorkspace(null, permission))).toEqual([]);
});

test("the README has the same tables", () => {
  const readme = readFileSync(path.join(__dirname, "..", "..", "docs", "permissions.md"), "utf8");
  const shown = /<!-- permissions:start -->\n(.*)\n<!-- permissions:end -->/s.exec(readme)?.[1]?.trim();
  const table = (roles: string, rows: ReturnType<typeof rowsOf>) => {
    const head = `| permission | ${roles} |\n|${"---|".repeat(1 + roles.split(" | ").length)}`;
    return [head, ...rows.map(({ permission, marks }) => `| ${permission} | ${marks.join(" | ")} |`)].join("\n");
  };
  const organization = table("Owner | Admin | Developer | Viewer", rowsOf(ORGANIZATION));
  expect(shown).toBe(`${organization}\n\n${table("Admin | Developer | Viewer", rowsOf(WORKSPACE))}`);
});

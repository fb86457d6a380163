import {
  assertAccessIsExplicit,
  assertAnOwnerRemains,
  assertRemoval,
  assertRoleChange,
  assertRoleWithinReach,
} from "../../src/domain/membership";
import { refusalOf } from "../../src/domain/refusal";
import { OrganizationRole } from "../../src/domain/role";

const ROLES = Object.values(OrganizationRole);

test("only an Owner can change a member from or to the role Owner", () => {
  for (const actor of ROLES) {
    for (const before of ROLES) {
      for (const after of ROLES) {
        const isRefused = actor !== "OWNER" && (before === "OWNER" || after === "OWNER");
        const refusal = refusalOf(() => assertRoleWithinReach(actor, before, after));
        expect([actor, before, after, refusal?.code]).toEqual([
          actor,
          before,
          after,
          isRefused ? "ROLE_TOO_HIGH" : undefined,
        ]);
      }
    }
    expect(refusalOf(() => assertRoleWithinReach(actor))).toBeNull();
  }
  const refusal = refusalOf(() => assertRoleWithinReach("ADMIN", "OWNER"));
  expect(refusal?.message).toMatch(/Only an Owner .* you are Admin\. Ask an Owner/);
});

test("at least one Owner always remains", () => {
  for (const before of ROLES) {
    for (const after of [...ROLES, null]) {
      for (const owners of [0, 1, 2, 3]) {
        const isRefused = before === "OWNER" && after !== "OWNER" && owners <= 1;
        const refusal = refusalOf(() => assertAnOwnerRemains(before, after, owners));
        expect([before, after, owners, refusal?.code]).toEqual([
          before,
          after,
          owners,
          isRefused ? "LAST_OWNER" : undefined,
        ]);
      }
    }
  }
  expect(refusalOf(() => assertAnOwnerRemains("OWNER", null, 1))?.message).toMatch(/Make another member Owner first/);
});

const ACTOR = "a";
const change = (actorRole: OrganizationRole, memberRole: OrganizationRole, owners: number, isSelf = false) => ({
  ...{ actor: { id: ACTOR, role: actorRole }, member: { id: isSelf ? ACTOR : "m", role: memberRole }, owners },
});

test.each([
  ["ADMIN", "OWNER", "VIEWER", 1, "ROLE_TOO_HIGH"],
  ["ADMIN", "VIEWER", "OWNER", 1, "ROLE_TOO_HIGH"],
  ["OWNER", "OWNER", "VIEWER", 1, "LAST_OWNER"],
  ["OWNER", "OWNER", "OWNER", 1, undefined],
  ["OWNER", "OWNER", "VIEWER", 2, undefined],
  ["ADMIN", "VIEWER", "ADMIN", 1, undefined],
] as const)("%s makes %s %s, of %i Owners: %s", (actor, before, after, owners, code) => {
  expect(refusalOf(() => assertRoleChange(change(actor, before, owners), after))?.code).toBe(code);
});

test.each([
  ["ADMIN", "OWNER", 1, false, "ROLE_TOO_HIGH"],
  ["OWNER", "OWNER", 1, true, "LAST_OWNER"],
  ["OWNER", "OWNER", 1, false, "LAST_OWNER"],
  ["OWNER", "OWNER", 2, false, undefined],
  ["ADMIN", "VIEWER", 1, false, undefined],
  ["OWNER", "OWNER", 2, true, "INVALID_INPUT"],
  ["ADMIN", "ADMIN", 2, true, "INVALID_INPUT"],
] as const)("%s removes %s, of %i Owners, themself: %s, %s", (actor, member, owners, isSelf, code) => {
  const refusal = refusalOf(() => assertRemoval(change(actor, member, owners, isSelf)));
  expect(refusal?.code).toBe(code);
  if (code !== "INVALID_INPUT") return;
  expect(refusal?.path).toEqual(["memberId"]);
  expect(refusal?.message).toBe("You cannot remove yourself. Leave the organization instead.");
});

test("assigned access can be edited, but not the implicit access of Owners and Admins", () => {
  const codes = ROLES.map((role) => refusalOf(() => assertAccessIsExplicit(role))?.code ?? null);
  expect(codes).toEqual(["IMPLICIT_ACCESS", "IMPLICIT_ACCESS", null, null]);
  expect(refusalOf(() => assertAccessIsExplicit("ADMIN"))?.message).toMatch(/This member is Admin and/);
  expect(refusalOf(() => assertAccessIsExplicit("OWNER"))?.message).toMatch(/This member is Owner and/);
});

import { assertAccessIsExplicit, assertAnOwnerRemains, assertRoleWithinReach } from "../../src/domain/membership";
import { Refused } from "../../src/domain/refusal";
import { OrganizationRole } from "../../src/domain/role";

const ROLES = Object.values(OrganizationRole);

/** The refusal of a rule, or null where it allows. */
function refusalOf(rule: () => void): Refused["refusal"] | null {
  try {
    rule();
    return null;
  } catch (error) {
    if (error instanceof Refused) return error.refusal;
    throw error;
  }
}

test("nobody but an Owner touches the role Owner, on either side of a change", () => {
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

test("implicit access of Owners and Admins cannot be edited, assigned access can", () => {
  const codes = ROLES.map((role) => refusalOf(() => assertAccessIsExplicit(role))?.code ?? null);
  expect(codes).toEqual(["IMPLICIT_ACCESS", "IMPLICIT_ACCESS", null, null]);
  expect(refusalOf(() => assertAccessIsExplicit("ADMIN"))?.message).toMatch(/This member is Admin and/);
  expect(refusalOf(() => assertAccessIsExplicit("OWNER"))?.message).toMatch(/This member is Owner and/);
});

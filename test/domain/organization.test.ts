import { assertDeletable, endsPersonal, RESTORABLE_MS, restorableUntil } from "../../src/domain/organization";
import { Refused } from "../../src/domain/refusal";

test("a deleted organization can be restored for thirty days, to the millisecond", () => {
  expect(RESTORABLE_MS).toBe(2_592_000_000);
  expect(restorableUntil(new Date("2026-03-01T09:00:00.123Z"))).toEqual(new Date("2026-03-31T09:00:00.123Z"));
});

function refusalOf(organization: { name: string; isPersonal: boolean }, confirmName: string) {
  try {
    assertDeletable(organization, confirmName);
    return null;
  } catch (error) {
    if (error instanceof Refused) return error.refusal;
    throw error;
  }
}

test.each([
  ["Acme", "Acme", true],
  ["Acme", "  Acme\n", true],
  ["École", "E\u0301cole", true],
  ["Acme", "acme", false],
  ["Acme", "Acm", false],
  ["Acme", "Acme Inc.", false],
  ["Acme", "", false],
])("to delete %j, %j is the name: %s", (name, confirmName, isName) => {
  const refusal = refusalOf({ name, isPersonal: false }, confirmName);
  if (isName) expect(refusal).toBeNull();
  else
    expect(refusal).toMatchObject({
      code: "INVALID_INPUT",
      path: ["confirmName"],
      message: expect.stringMatching(/repeat its name/),
    });
});

test("a personal organization stays, whatever the name", () => {
  for (const confirmName of ["Ada’s Organization", "x"]) {
    const refusal = refusalOf({ name: "Ada’s Organization", isPersonal: true }, confirmName);
    expect(refusal).toMatchObject({ code: "INVALID_INPUT", path: ["organizationId"] });
    expect(refusal?.message).toMatch(/personal organization cannot be deleted/);
  }
});

test("an organization stays personal while the person it was made for is its Owner", () => {
  for (const after of ["ADMIN", "DEVELOPER", "VIEWER", null] as const) {
    expect([after, endsPersonal("ada", "ada", after)]).toEqual([after, true]);
    expect([after, endsPersonal("ada", "bob", after), endsPersonal(null, "ada", after)]).toEqual([after, false, false]);
  }
  expect([endsPersonal("ada", "ada", "OWNER"), endsPersonal("ada", "bob", "OWNER")]).toEqual([false, false]);
});

import {
  assertDeletable,
  assertNameConfirmed,
  endsPersonal,
  RESTORABLE_MS,
  restorableUntil,
} from "../../src/domain/organization";
import { refusalOf } from "../../src/domain/refusal";

test("a deleted organization can be restored for thirty days, to the millisecond", () => {
  expect(RESTORABLE_MS).toBe(2_592_000_000);
  expect(restorableUntil(new Date("2026-03-01T09:00:00.123Z"))).toEqual(new Date("2026-03-31T09:00:00.123Z"));
});

test.each([
  ["Acme", "Acme", true],
  ["Acme", "  Acme\n", true],
  ["École", "E\u0301cole", true],
  ["Acme", "acme", false],
  ["Acme", "Acm", false],
  ["Acme", "Acme Inc.", false],
  ["Acme", "", false],
])("to delete %j, %j is the name: %s", (name, confirmName, isName) => {
  const refusal = refusalOf(() => assertNameConfirmed({ name }, confirmName));
  if (isName) expect(refusal).toBeNull();
  else
    expect(refusal).toMatchObject({
      code: "INVALID_INPUT",
      path: ["confirmName"],
      message: expect.stringMatching(/repeat its name/),
    });
});

test("a personal organization cannot be deleted, any other can", () => {
  const refusal = refusalOf(() => assertDeletable({ personalForId: "ada" }));
  expect(refusal).toMatchObject({ code: "INVALID_INPUT", path: ["organizationId"] });
  expect(refusal?.message).toMatch(/personal organization cannot be deleted/);
  expect(refusalOf(() => assertDeletable({ personalForId: null }))).toBeNull();
});

test("an organization stays personal while the person it was made for is its Owner", () => {
  for (const after of ["ADMIN", "DEVELOPER", "VIEWER", null] as const) {
    expect([after, endsPersonal("ada", "ada", after)]).toEqual([after, true]);
    expect([after, endsPersonal("ada", "bob", after), endsPersonal(null, "ada", after)]).toEqual([after, false, false]);
  }
  expect([endsPersonal("ada", "ada", "OWNER"), endsPersonal("ada", "bob", "OWNER")]).toEqual([false, false]);
});

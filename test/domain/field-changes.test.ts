import { EVENT_TYPES } from "../../src/domain/events";
import { fieldChanges, withoutAddresses } from "../../src/domain/field-changes";

const changed = (field: string, before: string | null, after: string | null) => ({ field, before, after });

test.each(EVENT_TYPES.filter((type) => type !== "ownership.transferred"))(
  "the changes of %s are the fields of its data before and after, sorted by name",
  (type) => {
    const data = {
      before: { role: "OWNER", name: "Acme", b: 1 },
      after: { role: "ADMIN", name: "Acme", a: true, b: 2 },
    };
    expect(fieldChanges(type, data)).toEqual([
      changed("a", null, "true"),
      changed("b", "1", "2"),
      changed("role", "OWNER", "ADMIN"),
    ]);
    expect(fieldChanges(type, { code: "AccessDenied", userId: "ada" })).toEqual([]);
  },
);

test.each<[string, unknown]>([
  ["nothing", {}],
  ["null", { before: null, after: null }],
  ["texts", { before: "a", after: "b" }],
  ["numbers", { before: 1, after: 2 }],
  ["lists of other things", { before: [1, null], after: [["x"], {}] }],
])("data that holds %s changes no field", (_, data) => {
  expect(fieldChanges("organization.updated", data as Record<string, unknown>)).toEqual([]);
});

test("a value that is missing on one side is null there; a field that is null on both sides is left out", () => {
  const data = { before: { description: null, scheduled: null }, after: { description: "Ours", scheduled: null } };
  expect(fieldChanges("organization.updated", data)).toEqual([changed("description", null, "Ours")]);
  expect(fieldChanges("byok.removed", { before: { accessKeyIdHint: "AKIA…" } })).toEqual([
    changed("accessKeyIdHint", "AKIA…", null),
  ]);
  expect(fieldChanges("organization.updated", { before: { description: "Ours" }, after: { description: "" } })).toEqual(
    [changed("description", "Ours", "")],
  );
});

test("dates have the same format before and after they are stored", () => {
  const [before, after] = [new Date("2026-03-01T00:00:00Z"), new Date("2026-04-01T00:00:00Z")];
  const data = { before: { expiresAt: before }, after: { expiresAt: after } };
  const expected = [changed("expiresAt", "2026-03-01T00:00:00.000Z", "2026-04-01T00:00:00.000Z")];
  expect(fieldChanges("invitation.resent", data)).toEqual(expected);
  expect(fieldChanges("invitation.resent", JSON.parse(JSON.stringify(data)))).toEqual(expected);
});

test("nested objects and lists of texts are fields, too", () => {
  const data = { before: { limits: { members: 3 } }, after: { limits: { members: 5 }, roles: ["ADMIN", "VIEWER"] } };
  expect(fieldChanges("organization.updated", data)).toEqual([
    changed("limits.members", "3", "5"),
    changed("roles", null, "ADMIN, VIEWER"),
  ]);
});

test("each workspace that is added, removed or has another role is a separate field", () => {
  const before = [
    { workspaceId: "a", roleOverride: null },
    { workspaceId: "b", roleOverride: "ADMIN" },
    { workspaceId: "c", roleOverride: "VIEWER" },
  ];
  const after = [
    { workspaceId: "b", roleOverride: "VIEWER" },
    { workspaceId: "c", roleOverride: "VIEWER" },
    { workspaceId: "d", roleOverride: "ADMIN", expiresAt: "2026-04-01T00:00:00.000Z" },
  ];
  const expected = [
    changed("workspaces.a", "ASSIGNED", null),
    changed("workspaces.b", "ADMIN", "VIEWER"),
    changed("workspaces.d", null, "ADMIN"),
    changed("workspaces.d.expiresAt", null, "2026-04-01T00:00:00.000Z"),
  ];
  expect(fieldChanges("workspace_access.changed", { userId: "ada", before, after })).toEqual(expected);
  const inside = { before: { workspaces: before }, after: { workspaces: after } };
  expect(fieldChanges("member.joined", inside)).toEqual(expected);
});

test("a transfer changes the roles of both Owners", () => {
  expect(fieldChanges("ownership.transferred", { before: { role: "VIEWER" } })).toEqual([
    changed("formerOwnerRole", "OWNER", "ADMIN"),
    changed("role", "VIEWER", "OWNER"),
  ]);
});

test("the changes of a new invitation are its address, role and workspaces", () => {
  const data = { email: "ada@example.com", after: { role: "VIEWER", workspaces: [{ workspaceId: "a" }] } };
  expect(fieldChanges("invitation.created", data)).toEqual([
    changed("email", null, "ada@example.com"),
    changed("role", null, "VIEWER"),
    changed("workspaces.a", null, "ASSIGNED"),
  ]);
  expect(fieldChanges("invitation.canceled", { email: "ada@example.com" })).toEqual([]);
});

test("a downgrade that an older release scheduled changes the scheduled plan, not the plan", () => {
  const older = {
    before: { planCode: "ADVANCED", scheduledPlanCode: null },
    after: { scheduledPlanCode: "STANDARD", interval: "ANNUAL" },
  };
  expect(fieldChanges("subscription.downgrade_scheduled", older)).toEqual([
    changed("scheduledInterval", null, "ANNUAL"),
    changed("scheduledPlanCode", null, "STANDARD"),
  ]);
  const withPlan = { before: { planCode: "ADVANCED" }, after: { planCode: "STANDARD", scheduledInterval: "MONTHLY" } };
  expect(fieldChanges("subscription.downgrade_scheduled", withPlan)).toEqual([
    changed("planCode", "ADVANCED", "STANDARD"),
    changed("scheduledInterval", null, "MONTHLY"),
  ]);
});

test.each([
  ...["providerCustomerId", "providerSubscriptionId", "secretAccessKey", "clientSecret", "token", "sessionToken"],
  ...["tokenHash", "sealedAccessKeyId", "sealing", "wrappedKey", "password", "key.Password"],
])("%s is never shown", (field) => {
  const data = { before: { [field]: "a" }, after: { [field]: "b", tokens: 2 } };
  expect(fieldChanges("byok.rotated", data)).toEqual([changed("tokens", null, "2")]);
});

test("without addresses, the field with the address is left out, and addresses in names are masked", () => {
  const changes = [
    changed("email", null, "ada@example.com"),
    changed("name", "ada@example.com’s  Organization", "Mail\tada@example.com or @ada, 5@ or"),
    changed("role", "", null),
  ];
  expect(withoutAddresses(changes)).toEqual([
    changed("name", "[address]  Organization", "Mail\t[address] or @ada, 5@ or"),
    changed("role", "", null),
  ]);
});

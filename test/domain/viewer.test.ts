import {
  actorLabel,
  hasScope,
  type Person,
  SERVICE_SCOPES,
  type Service,
  verifiedEmail,
} from "../../src/domain/viewer";

const ADA: Person = { kind: "person", id: "sub-1", name: "Ada", email: "ada@example.com", emailVerified: true };
const METERING: Service = { kind: "service", name: "metering", scopes: new Set(["usage:write"]) };
const ANONYMOUS = { kind: "anonymous" } as const;
const SYSTEM = { kind: "system" } as const;

test.each([
  [ADA, "user:sub-1"],
  [METERING, "service:metering"],
  [SYSTEM, "system"],
])("the audit log names %j by %s", (actor, label) => expect(actorLabel(actor)).toBe(label));

test("a service has the scopes of its token, and no other viewer has scopes", () => {
  expect(SERVICE_SCOPES.filter((unit) => hasScope(METERING, unit))).toEqual(["usage:write"]);
  for (const viewer of [ADA, ANONYMOUS, SYSTEM]) {
    expect(SERVICE_SCOPES.filter((unit) => hasScope(viewer, unit))).toEqual([]);
  }
  // Even if the viewer has a property of that name.
  const posing = { ...ADA, scopes: METERING.scopes };
  expect(hasScope(posing, "usage:write")).toBe(false);
});

test("the scopes are the contract's six", () => {
  const ofVersion1 = ["credentials:read", "entities:read", "usage:write", "users:provision"];
  expect([...SERVICE_SCOPES].sort()).toEqual([...ofVersion1, "events:read", "permissions:read"].sort());
});

test.each([
  [ADA, "ada@example.com"],
  [{ ...ADA, emailVerified: false }, null],
  [{ ...ADA, email: null }, null],
  [{ ...METERING, email: "ada@example.com", emailVerified: true }, null],
  [{ ...ANONYMOUS, email: "ada@example.com", emailVerified: true }, null],
])("%j receives the invitations to %s", (viewer, address) => expect(verifiedEmail(viewer)).toBe(address));

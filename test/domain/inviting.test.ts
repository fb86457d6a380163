import * as domain from "../../src/domain/inviting";
import { assertInvitableRole, isInvitable, parseInvitees, SkippedInviteeReason } from "../../src/domain/inviting";
import { refusalOf } from "../../src/domain/refusal";
import { OrganizationRole } from "../../src/domain/role";

test("the reasons to skip an address equal their own names, as the graph registers them", () => {
  expect(Object.entries(SkippedInviteeReason)).toEqual(
    ["ALREADY_A_MEMBER", "ALREADY_INVITED", "INVALID_EMAIL", "DUPLICATE"].map((reason) => [reason, reason]),
  );
});

test("the limits are the product's", () => {
  expect(domain).toMatchObject({
    ...{ MAX_INVITEES: 10, SENDING_WINDOW_MS: 3_600_000, SENDING_LIMIT: 1500, SENDING_LIMIT_PER_ADDRESS: 20 },
    ...{ SENDING_DAY_MS: 86_400_000, SENDING_LIMIT_PER_DAY: 50, MAX_PENDING_PER_ADDRESS: 350 },
  });
});

test("each address is invited once, in the order of input, and others are skipped with a reason", () => {
  const typed = ["Ada@example.com", "nope", "bob@example.com", " ada@EXAMPLE.com ", "\ud800", "bob@example.com"];
  expect(parseInvitees(typed)).toEqual({
    addresses: ["ada@example.com", "bob@example.com"],
    skipped: [
      { email: "nope", reason: "INVALID_EMAIL" },
      { email: " ada@EXAMPLE.com ", reason: "DUPLICATE" },
      { email: "\ufffd", reason: "INVALID_EMAIL" },
      { email: "bob@example.com", reason: "DUPLICATE" },
    ],
  });
});

test.each([
  [0, true],
  [1, false],
  [10, false],
  [11, true],
])("%i addresses at a time are too few or too many: %s", (count, isRefused) => {
  const emails = Array.from({ length: count }, (_, index) => `a${index}@example.com`);
  const refusal = refusalOf(() => parseInvitees(emails));
  expect(refusal?.code ?? null).toBe(isRefused ? "INVALID_INPUT" : null);
  if (isRefused) expect(refusal).toMatchObject({ path: ["emails"], message: "Invite one to 10 addresses at a time." });
  else expect(parseInvitees(emails)).toEqual({ addresses: emails, skipped: [] });
});

test("nobody can be invited as Owner: for Owners this is invalid input, for others the role is too high", () => {
  for (const actor of Object.values(OrganizationRole)) {
    for (const role of Object.values(OrganizationRole)) {
      const refusal = refusalOf(() => assertInvitableRole(actor, role));
      const code = actor === "OWNER" ? "INVALID_INPUT" : "ROLE_TOO_HIGH";
      expect([actor, role, refusal?.code]).toEqual([actor, role, role === "OWNER" ? code : undefined]);
    }
  }
  expect(Object.values(OrganizationRole).filter(isInvitable)).toEqual(["ADMIN", "DEVELOPER", "VIEWER"]);
  const refusal = refusalOf(() => assertInvitableRole("OWNER", "OWNER"));
  expect(refusal).toMatchObject({ path: ["role"], message: expect.stringMatching(/Nobody can be invited as Owner/) });
});

import * as domain from "../../src/domain/invitation";
import { Refused } from "../../src/domain/refusal";
import { OrganizationRole } from "../../src/domain/role";

const NOW = new Date("2026-03-31T09:00:00.000Z");
const at = (milliseconds: number) => new Date(NOW.getTime() + milliseconds);
const LATER = at(1);
type Status = domain.InvitationStatus;
const STATUSES = Object.values(domain.InvitationStatus);

function refusalOf(rule: () => unknown) {
  try {
    rule();
    return null;
  } catch (error) {
    if (error instanceof Refused) return error.refusal;
    throw error;
  }
}

test("the enums equal their own names, as the graph registers them", () => {
  expect(STATUSES).toEqual(["PENDING", "ACCEPTED", "DECLINED", "CANCELED", "EXPIRED"]);
  for (const values of [domain.InvitationStatus, domain.InvitationDelivery, domain.SkippedInviteeReason]) {
    expect(Object.values(values)).toEqual(Object.keys(values));
  }
  expect(Object.keys(domain.InvitationDelivery)).toEqual(["QUEUED", "SENT", "FAILED"]);
  expect(Object.keys(domain.SkippedInviteeReason)).toEqual(
    expect.arrayContaining(["ALREADY_A_MEMBER", "ALREADY_INVITED", "INVALID_EMAIL", "DUPLICATE"]),
  );
});

test("the limits are the product's", () => {
  expect(domain).toMatchObject({
    ...{ MAX_INVITEES: 10, INVITATION_LIFETIME_MS: 604_800_000, RESEND_INTERVAL_MS: 60_000 },
    ...{ SENDING_WINDOW_MS: 3_600_000, SENDING_LIMIT: 1500, SENDING_LIMIT_PER_ADDRESS: 20 },
    ...{ SENDING_DAY_MS: 86_400_000, SENDING_LIMIT_PER_DAY: 50, MAX_PENDING_PER_ADDRESS: 350 },
  });
});

test("addresses are invited once each, in the order in which they were typed, and the rest is skipped with a reason", () => {
  const typed = ["Ada@example.com", "nope", "bob@example.com", " ada@EXAMPLE.com ", "\ud800", "bob@example.com"];
  expect(domain.parseInvitees(typed)).toEqual({
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
  const refusal = refusalOf(() => domain.parseInvitees(emails));
  expect(refusal?.code ?? null).toBe(isRefused ? "INVALID_INPUT" : null);
  if (isRefused) expect(refusal).toMatchObject({ path: ["emails"], message: "Invite one to 10 addresses at a time." });
  else expect(domain.parseInvitees(emails)).toEqual({ addresses: emails, skipped: [] });
});

test("nobody is invited as Owner, and anybody but an Owner is told that the role is too high", () => {
  for (const actor of Object.values(OrganizationRole)) {
    for (const role of Object.values(OrganizationRole)) {
      const refusal = refusalOf(() => domain.assertInvitableRole(actor, role));
      const code = actor === "OWNER" ? "INVALID_INPUT" : "ROLE_TOO_HIGH";
      expect([actor, role, refusal?.code]).toEqual([actor, role, role === "OWNER" ? code : undefined]);
    }
  }
  const refusal = refusalOf(() => domain.assertInvitableRole("OWNER", "OWNER"));
  expect(refusal).toMatchObject({ path: ["role"], message: expect.stringMatching(/Nobody can be invited as Owner/) });
});

test("a pending invitation reads as expired from its last moment on, any other as what it is", () => {
  for (const status of STATUSES) {
    const read = (expiresAt: Date) => domain.readStatus({ status, expiresAt }, NOW);
    const over = status === "PENDING" ? "EXPIRED" : status;
    expect([status, read(at(-1)), read(NOW), read(at(1))]).toEqual([status, over, over, status]);
  }
});

test("only a pending invitation can be answered", () => {
  const answer = (status: Status, expiresAt: Date) => refusalOf(() => domain.assertPending({ status, expiresAt }, NOW));
  expect(answer("PENDING", LATER)).toBeNull();
  for (const [status, expiresAt] of [
    ["PENDING", NOW],
    ["PENDING", at(-1)],
    ["EXPIRED", LATER],
    ["EXPIRED", NOW],
  ] as const) {
    expect(answer(status, expiresAt)).toMatchObject({
      ...{ code: "INVITATION_EXPIRED", message: expect.stringMatching(/has expired\. Ask for a new one/) },
    });
  }
  for (const status of ["ACCEPTED", "DECLINED", "CANCELED"] as const) {
    for (const expiresAt of [LATER, NOW]) {
      expect(answer(status, expiresAt)).toMatchObject({
        code: "INVITATION_NOT_PENDING",
        message: expect.stringMatching(new RegExp(`no longer open: it was ${status.toLowerCase()}\\.`)),
      });
    }
  }
});

test("only the invited, verified address may answer", () => {
  const code = (email: string | null, emailVerified: boolean) =>
    refusalOf(() => domain.assertAddressedTo({ email: "ada@example.com" }, { email, emailVerified }));
  expect(code("ada@example.com", true)).toBeNull();
  expect(code("ada@example.com", false)).toMatchObject({
    ...{ code: "EMAIL_NOT_VERIFIED", message: expect.stringMatching(/Verify your e-mail address first/) },
  });
  for (const email of ["bob@example.com", null, ""]) {
    for (const verified of [true, false]) {
      expect(code(email, verified)).toMatchObject({
        code: "INVITATION_EMAIL_MISMATCH",
        message: expect.stringMatching(/sent to another e-mail address.*Sign in with/),
      });
    }
  }
});

test.each([
  [0, "60"],
  [1, "60"],
  [999, "60"],
  [1_000, "59"],
  [59_000, "1"],
  [59_999, "1"],
  [60_000, null],
  [60_001, null],
])("%i milliseconds after a mail, another can be sent in %s seconds", (passed, seconds) => {
  const refusal = refusalOf(() => domain.assertResendable({ queuedAt: at(-passed) }, NOW));
  if (seconds === null) expect(refusal).toBeNull();
  else {
    expect(refusal).toMatchObject({
      code: "RESEND_TOO_SOON",
      message: expect.stringMatching(`Try again in ${seconds} seconds?\\.`),
    });
  }
});

import * as domain from "../../src/domain/invitation";
import { refusalOf } from "../../src/domain/refusal";

const NOW = new Date("2026-03-31T09:00:00.000Z");
const at = (milliseconds: number) => new Date(NOW.getTime() + milliseconds);
const LATER = at(1);
type Status = domain.InvitationStatus;
const STATUSES = Object.values(domain.InvitationStatus);

test("the enums equal their own names, as the graph registers them", () => {
  expect(STATUSES).toEqual(["PENDING", "ACCEPTED", "DECLINED", "CANCELED", "EXPIRED"]);
  for (const values of [domain.InvitationStatus, domain.InvitationDelivery, domain.DeliveryProblem]) {
    expect(Object.values(values)).toEqual(Object.keys(values));
  }
  expect(Object.keys(domain.InvitationDelivery)).toEqual(["QUEUED", "SENT", "FAILED"]);
  expect(Object.keys(domain.DeliveryProblem)).toEqual(["REJECTED", "UNREACHABLE", "UNKNOWN"]);
});

test("the limits are the product's", () => {
  expect(domain).toMatchObject({ INVITATION_LIFETIME_MS: 604_800_000, RESEND_INTERVAL_MS: 60_000 });
});

test("a pending invitation is EXPIRED from its end on; any other keeps its status", () => {
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

test("only a person with the invited, verified address can answer", () => {
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
  [0, "60 seconds"],
  [1, "60 seconds"],
  [999, "60 seconds"],
  [1_000, "59 seconds"],
  [58_000, "2 seconds"],
  [59_000, "1 second"],
  [59_999, "1 second"],
  [60_000, null],
  [60_001, null],
])("%i milliseconds after a mail, the next one can be sent in %s", (passed, time) => {
  const refusal = refusalOf(() => domain.assertResendable({ queuedAt: at(-passed) }, NOW));
  if (time === null) expect(refusal).toBeNull();
  else {
    expect(refusal).toMatchObject({
      ...{ code: "RESEND_TOO_SOON", retryAfterSeconds: Number.parseInt(time, 10) },
      message: expect.stringMatching(`Try again in ${time}\\.`),
    });
  }
});

test("a pending invitation can be resent a minute after its latest mail, any other never", () => {
  for (const status of STATUSES) {
    const expected = status === "PENDING" ? at(60_000) : null;
    expect([status, domain.resendableAt({ status, queuedAt: NOW })]).toEqual([status, expected]);
  }
});

test("every delivery problem has a message for the inviter with a next step", () => {
  expect(domain.DELIVERY_PROBLEMS).toEqual({
    REJECTED: expect.stringMatching(/mail server rejected the e-mail\. Check the address\..*invite the right one\.$/),
    UNREACHABLE: expect.stringMatching(/could not be sent in several attempts\. Send the invitation again later\.$/),
    UNKNOWN: expect.stringMatching(/could not be delivered\. Check the address, then send the invitation again\.$/),
  });
});

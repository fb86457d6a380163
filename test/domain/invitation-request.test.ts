import { isNotFound } from "../../src/domain/denial";
import type { InvitationStatus } from "../../src/domain/invitation";
import {
  assertRequestable,
  linkWasShown,
  REQUEST_BURST,
  REQUEST_EVERY_MS,
  REQUEST_INTERVAL_MS,
  type RequestedLink,
  reachesInviter,
  tooManyRequests,
} from "../../src/domain/invitation-request";
import { Refused } from "../../src/domain/refusal";
import type { OrganizationRole } from "../../src/domain/role";

const now = new Date("2026-03-31T09:00:00.000Z");
const at = (milliseconds: number) => new Date(now.getTime() + milliseconds);
const EXPIRED: RequestedLink = {
  status: "PENDING",
  expiresAt: now,
  cancellationReason: null,
  isReplaced: false,
  requestedAt: null,
};

/** "ok", or the reason why a link cannot be used to request a new one. */
function answer(link: Partial<RequestedLink>): string {
  try {
    assertRequestable({ ...EXPIRED, ...link }, now);
    return "ok";
  } catch (error) {
    if (error instanceof Refused) return error.refusal.code;
    if (isNotFound(error)) return "NOT_FOUND";
    throw error;
  }
}

test("the interval is a day; a person can send 20 requests, and one more each minute", () => {
  expect([REQUEST_INTERVAL_MS, REQUEST_BURST, REQUEST_EVERY_MS]).toEqual([86_400_000, 20, 60_000]);
});

test("a link is dead from the instant of its invitation's expiry", () => {
  expect(answer({ expiresAt: now })).toBe("ok");
  expect(answer({ expiresAt: at(1) })).toBe("INVALID_INPUT");
  expect(answer({ status: "EXPIRED" })).toBe("ok");
});

test("a replaced link is dead while its invitation is pending", () => {
  expect(answer({ expiresAt: at(1), isReplaced: true })).toBe("ok");
});

test.each<[InvitationStatus]>([["ACCEPTED"], ["DECLINED"], ["CANCELED"]])(
  "the link of an invitation that was %s is treated as unknown",
  (status) => {
    expect(answer({ status })).toBe("NOT_FOUND");
    expect(answer({ status, isReplaced: true })).toBe("NOT_FOUND");
    expect(answer({ status, cancellationReason: "ALREADY_A_MEMBER" })).toBe("NOT_FOUND");
  },
);

test("a link is dead when its inviter lost the right to invite", () => {
  expect(answer({ status: "CANCELED", cancellationReason: "INVITER_MAY_NOT_INVITE" })).toBe("ok");
  expect(answer({ status: "DECLINED", cancellationReason: "INVITER_MAY_NOT_INVITE" })).toBe("NOT_FOUND");
});

test("the holder can ask once a day, to the millisecond", () => {
  expect(answer({ requestedAt: now })).toBe("RESEND_TOO_SOON");
  expect(answer({ requestedAt: at(1 - REQUEST_INTERVAL_MS) })).toBe("RESEND_TOO_SOON");
  expect(answer({ requestedAt: at(-REQUEST_INTERVAL_MS) })).toBe("ok");
  expect(answer({ expiresAt: at(1), requestedAt: now })).toBe("INVALID_INPUT");
  expect(answer({ status: "CANCELED", requestedAt: now })).toBe("NOT_FOUND");
});

test.each([
  [0, 86_400],
  [-1, 86_400],
  [1 - REQUEST_INTERVAL_MS, 1],
])("a holder who asked %i ms ago has to wait %i seconds", (ago, retryAfterSeconds) => {
  const early = () => assertRequestable({ ...EXPIRED, requestedAt: at(ago) }, now);
  expect(early).toThrow(expect.objectContaining({ refusal: expect.objectContaining({ retryAfterSeconds }) }));
});

test("each answer names the next step", () => {
  const say = (link: Partial<RequestedLink>) => () => assertRequestable({ ...EXPIRED, ...link }, now);
  expect(say({ expiresAt: at(1) })).toThrow("This link still works. Use it to accept the invitation.");
  expect(say({ requestedAt: now })).toThrow("You asked for a new invitation less than a day ago. Wait for the answer.");
  expect(say({ status: "DECLINED" })).toThrow("There is no such invitation, or you have no access to it.");
  try {
    assertRequestable({ ...EXPIRED, expiresAt: at(1) }, now);
  } catch (error) {
    expect((error as Refused).refusal.path).toEqual(["token"]);
  }
});

test.each<[OrganizationRole | null, boolean]>([
  ["OWNER", true],
  ["ADMIN", true],
  ["DEVELOPER", false],
  ["VIEWER", false],
  [null, false],
])("an inviter who is %s gets the request: %s", (role, expected) => {
  expect(reachesInviter({ role, hasAddress: true })).toBe(expected);
  expect(reachesInviter({ role, hasAddress: false })).toBe(false);
});

test("a person who asks too often gets the wait in whole seconds", () => {
  const { message, extensions } = tooManyRequests(1_001);
  expect(extensions).toEqual({ code: "RATE_LIMITED", retryAfterSeconds: 2 });
  expect(message).toBe("You asked for too many invitations. Try again in 2 seconds.");
});

test("a repeated response contains no link", () => {
  expect(linkWasShown().refusal).toMatchObject({
    code: "IDEMPOTENCY_KEY_REUSED",
    message: "This link was shown once. Renew the link again, with another Idempotency-Key, to get a new one.",
  });
});

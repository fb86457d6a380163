import type { CreditBalance } from "../../src/domain/credits";
import { fallbackAccess, PlatformLlmReason, platformAccess } from "../../src/domain/llm-access";

const NOW = new Date("2026-12-18T21:59:59.400Z");
const RESETS_AT = new Date("2026-12-20T00:00:00.000Z");
const balance = (
  monthlyRemaining: number | null,
  dailyRemaining: number,
  more: Partial<CreditBalance> = {},
): CreditBalance => ({
  ...{ used: 20, monthlyLimit: monthlyRemaining === null ? null : 20, monthlyRemaining },
  ...{ dailyLimit: 5, dailyRemaining, resetsAt: RESETS_AT, ...more },
});

test.each([
  [balance(20, 5), 25],
  [balance(0, 5), 5],
  [balance(20, 0), 20],
  [balance(0, 0.000000001), 0.000000001],
  [balance(null, 0), null],
  [balance(null, 5), null],
])("a call on the platform's credentials, with %j, can spend %s", (credits, creditsRemaining) => {
  for (const reason of Object.values(PlatformLlmReason)) {
    expect(platformAccess(reason, credits, NOW)).toEqual({ kind: "platform", reason, creditsRemaining });
  }
});

test("a call without credits is refused with the time of the next credits", () => {
  expect(platformAccess("NO_KEY", balance(0, 0), NOW)).toEqual({
    kind: "refused",
    refusal: {
      code: "CREDITS_EXHAUSTED",
      message:
        "The organization's credits are used up. 5 daily credits return at midnight UTC. The period's credits return at 2026-12-20T00:00:00.000Z. Ask an Owner to upgrade.",
      path: null,
      limit: { used: 20, limit: 20, remaining: 0 },
      retryAfterSeconds: 2 * 3_600 + 1,
    },
  });
  expect(platformAccess("NO_KEY", balance(0, 0, { dailyLimit: 0 }), NOW)).toMatchObject({
    refusal: {
      message:
        "The organization's credits are used up. The period's credits return at 2026-12-20T00:00:00.000Z. Ask an Owner to upgrade.",
    },
  });
  const none = platformAccess("NO_KEY", balance(0, 0, { monthlyLimit: 0 }), NOW);
  expect(none).toMatchObject({ refusal: { limit: { used: 0, limit: 0, remaining: 0 } } });
});

test.each([
  ["2026-12-18T21:59:59.400Z", 5, 7_201],
  ["2026-12-18T00:00:00.000Z", 5, 86_400],
  ["2026-12-18T23:59:59.999Z", 5, 1],
  ["2026-12-18T23:59:59.000Z", 0, 86_401],
  // The period ends before the day.
  ["2026-12-31T10:00:00.000Z", 5, 3_600],
])("at %s, with %i daily credits, the next credits come in %i seconds", (now, dailyLimit, retryAfterSeconds) => {
  const resetsAt = now.startsWith("2026-12-31") ? new Date("2026-12-31T11:00:00.000Z") : RESETS_AT;
  const refused = platformAccess("NO_KEY", balance(0, 0, { dailyLimit, resetsAt }), new Date(now));
  expect(refused).toMatchObject({ refusal: { retryAfterSeconds } });
});

test.each([
  ["EXPIRED", "KEY_EXPIRED", "BYOK_VERIFICATION_FAILED", /temporary key has expired.*save a new one/],
  ["FAILING", "KEY_FAILING", "BYOK_VERIFICATION_FAILED", /AWS rejects the organization's key.*check it/],
  ["PLAN_INACTIVE", "PLAN_WITHOUT_BYOK", "PLAN_WITHOUT_BYOK", /plan no longer includes BYOK.*upgrade or to remove/],
] as const)("the platform replaces a key that is %s only if the Owner chose that", (status, reason, code, message) => {
  expect(fallbackAccess(status, "ALLOW")).toEqual({ reason });
  expect(fallbackAccess(status, "DENY")).toEqual({
    kind: "refused",
    refusal: { code, message: expect.stringMatching(message), path: null, limit: null, retryAfterSeconds: null },
  });
});

test("the reasons equal their own names, as the graph registers them", () => {
  expect(Object.entries(PlatformLlmReason)).toEqual(
    ["NO_KEY", "KEY_PAUSED", "KEY_EXPIRED", "KEY_FAILING", "PLAN_WITHOUT_BYOK"].map((reason) => [reason, reason]),
  );
});

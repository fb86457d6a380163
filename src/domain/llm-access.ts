import type { AwsCredentials, ByokFallback, ByokStatus, InferenceProfile } from "./byok";
import type { RefusalCode, RefusalData } from "./refusal";
import { type CreditBalance, creditsRemaining } from "./usage";

/** Why a call runs on the platform's credentials and not on a key of the organization's own. */
export const PlatformLlmReason = {
  NO_KEY: "NO_KEY",
  KEY_PAUSED: "KEY_PAUSED",
  KEY_EXPIRED: "KEY_EXPIRED",
  KEY_FAILING: "KEY_FAILING",
  PLAN_WITHOUT_BYOK: "PLAN_WITHOUT_BYOK",
} as const;
export type PlatformLlmReason = keyof typeof PlatformLlmReason;

/** A call on the platform's credentials, and what it may spend; null: no limit. */
export interface PlatformAccess {
  kind: "platform";
  reason: PlatformLlmReason;
  creditsRemaining: number | null;
}

/** A call on the organization's own key, by a session of it. */
export interface ByokAccess extends AwsCredentials {
  kind: "byok";
  expiresAt: Date | null;
  region: string;
  inferenceProfile: InferenceProfile;
  fallback: ByokFallback;
}

/** No call at all. */
export interface RefusedAccess {
  kind: "refused";
  refusal: RefusalData;
}

/**
 * What a call on the platform's credentials may spend. Asked before every call and answered from the ledger as it is
 * committed, never from a cache: a burst can overspend by the calls that were let through and are not recorded yet,
 * and by nothing else.
 */
export function platformAccess(reason: PlatformLlmReason, balance: CreditBalance): PlatformAccess | RefusedAccess {
  const remaining = creditsRemaining(balance);
  if (remaining === null || remaining > 0) return { kind: "platform", reason, creditsRemaining: remaining };
  const { monthlyLimit, dailyLimit, resetsAt } = balance;
  const daily = dailyLimit > 0 ? `The ${dailyLimit} of the day come again at midnight, UTC, and those` : "Those";
  const message = `The organization's credits are used up. ${daily} of the period at ${resetsAt.toISOString()}. Its Owner can upgrade.`;
  // The period's own pool: the day's is no limit that an upgrade would lift.
  const limit = { used: monthlyLimit ?? 0, limit: monthlyLimit, remaining: 0 };
  return { kind: "refused", refusal: { code: "CREDITS_EXHAUSTED", message, path: null, limit } };
}

/** Why there is no session of the key although it should be used. */
type UnusableStatus = Extract<ByokStatus, "EXPIRED" | "FAILING" | "PLAN_INACTIVE">;

const UNUSABLE: Record<UnusableStatus, { reason: PlatformLlmReason; code: RefusalCode; message: string }> = {
  EXPIRED: {
    reason: "KEY_EXPIRED",
    code: "BYOK_VERIFICATION_FAILED",
    message: "The organization's temporary key has expired. Its Owner has to bring a new one.",
  },
  FAILING: {
    reason: "KEY_FAILING",
    code: "BYOK_VERIFICATION_FAILED",
    message: "AWS does not take the organization's key. Its Owner has to check it.",
  },
  PLAN_INACTIVE: {
    reason: "PLAN_WITHOUT_BYOK",
    code: "PLAN_WITHOUT_BYOK",
    message: "The organization's plan has no own keys any more. Its Owner can upgrade, or remove the key.",
  },
};

/**
 * Whether a call may run on the platform's credentials although the organization has a key that is meant to be used:
 * only where its Owner chose so (the product's guide, "BYOK"). Otherwise its data would leave the organization's own
 * account without a word.
 */
export function fallbackAccess(
  status: UnusableStatus,
  fallback: ByokFallback,
): { reason: PlatformLlmReason } | RefusedAccess {
  const { reason, code, message } = UNUSABLE[status];
  if (fallback === "ALLOW") return { reason };
  return { kind: "refused", refusal: { code, message, path: null, limit: null } };
}

import type { AwsCredentials, ByokFallback, ByokStatus, InferenceProfile } from "./byok";
import { type CreditBalance, creditsRemaining } from "./credits";
import { type RefusalCode, type RefusalData, refusalData } from "./refusal";

/** Why a call uses the platform's credentials instead of the organization's own key. */
export const PlatformLlmReason = {
  NO_KEY: "NO_KEY",
  KEY_PAUSED: "KEY_PAUSED",
  KEY_EXPIRED: "KEY_EXPIRED",
  KEY_FAILING: "KEY_FAILING",
  PLAN_WITHOUT_BYOK: "PLAN_WITHOUT_BYOK",
} as const;
export type PlatformLlmReason = keyof typeof PlatformLlmReason;

/** The call may use the platform's credentials. `creditsRemaining` is null for unlimited plans. */
export interface PlatformAccess {
  kind: "platform";
  reason: PlatformLlmReason;
  creditsRemaining: number | null;
}

/** The call may use the organization's own key, with these session credentials. */
export interface ByokAccess extends AwsCredentials {
  kind: "byok";
  expiresAt: Date | null;
  region: string;
  inferenceProfile: InferenceProfile;
  fallback: ByokFallback;
}

/** The call must not be made. */
export interface RefusedAccess {
  kind: "refused";
  refusal: RefusalData;
}

/**
 * Grants a call on the platform's credentials while credits remain. It is called before every LLM call with the
 * committed balance, never a cached one, so a burst can overspend only by calls that are not recorded yet.
 */
export function platformAccess(
  reason: PlatformLlmReason,
  balance: CreditBalance,
  now: Date,
): PlatformAccess | RefusedAccess {
  const remaining = creditsRemaining(balance);
  if (remaining === null || remaining > 0) return { kind: "platform", reason, creditsRemaining: remaining };
  const { monthlyLimit, dailyLimit, resetsAt } = balance;
  const daily = dailyLimit > 0 ? `${dailyLimit} daily credits return at midnight UTC. ` : "";
  const message = `The organization's credits are used up. ${daily}The period's credits return at ${resetsAt.toISOString()}. Ask an Owner to upgrade.`;
  // Only the period's pool: an upgrade would not raise the daily one.
  const limit = { used: monthlyLimit ?? 0, limit: monthlyLimit, remaining: 0 };
  const retryAfterSeconds = secondsUntilCredits(balance, now);
  return { kind: "refused", refusal: refusalData("CREDITS_EXHAUSTED", message, { limit, retryAfterSeconds }) };
}

/** Seconds until the daily pool is filled again, if there is one, or the period's, whichever comes first. */
function secondsUntilCredits({ dailyLimit, resetsAt }: CreditBalance, now: Date): number {
  const midnight = Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate() + 1);
  const next = dailyLimit > 0 ? Math.min(midnight, resetsAt.getTime()) : resetsAt.getTime();
  return Math.ceil((next - now.getTime()) / 1000);
}

/** The statuses in which the key should be used but cannot. */
type UnusableStatus = Extract<ByokStatus, "EXPIRED" | "FAILING" | "PLAN_INACTIVE">;

const UNUSABLE: Record<UnusableStatus, { reason: PlatformLlmReason; code: RefusalCode; message: string }> = {
  EXPIRED: {
    reason: "KEY_EXPIRED",
    code: "BYOK_VERIFICATION_FAILED",
    message: "The organization's temporary key has expired. Ask an Owner to save a new one.",
  },
  FAILING: {
    reason: "KEY_FAILING",
    code: "BYOK_VERIFICATION_FAILED",
    message: "AWS rejects the organization's key. Ask an Owner to check it.",
  },
  PLAN_INACTIVE: {
    reason: "PLAN_WITHOUT_BYOK",
    code: "PLAN_WITHOUT_BYOK",
    message: "The organization's plan no longer includes BYOK. Ask an Owner to upgrade or to remove the key.",
  },
};

/**
 * Whether a call may fall back to the platform's credentials when the key cannot be used. Only if the Owner allowed it
 * (product rule, BYOK; off by default): otherwise data would silently leave the organization's own account.
 */
export function fallbackAccess(
  status: UnusableStatus,
  fallback: ByokFallback,
): { reason: PlatformLlmReason } | RefusedAccess {
  const { reason, code, message } = UNUSABLE[status];
  if (fallback === "ALLOW") return { reason };
  return { kind: "refused", refusal: refusalData(code, message) };
}

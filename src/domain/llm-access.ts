import type { RefusalData } from "./refusal";
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
  const { monthlyLimit, resetsAt } = balance;
  const message = `The organization's credits are used up until ${resetsAt.toISOString()}. Its Owner can upgrade.`;
  const limit = { used: Math.ceil(balance.used), limit: monthlyLimit, remaining: 0 };
  return { kind: "refused", refusal: { code: "CREDITS_EXHAUSTED", message, path: null, limit } };
}

import { Denied } from "./denial";

/** Why the domain refuses a valid request of a permitted viewer. The last two are denials; see refusalOf. */
export const RefusalCode = {
  INVALID_INPUT: "INVALID_INPUT",
  MEMBER_LIMIT_REACHED: "MEMBER_LIMIT_REACHED",
  WORKSPACE_LIMIT_REACHED: "WORKSPACE_LIMIT_REACHED",
  ORGANIZATION_LIMIT_REACHED: "ORGANIZATION_LIMIT_REACHED",
  ROLE_TOO_HIGH: "ROLE_TOO_HIGH",
  LAST_OWNER: "LAST_OWNER",
  DEFAULT_WORKSPACE: "DEFAULT_WORKSPACE",
  IMPLICIT_ACCESS: "IMPLICIT_ACCESS",
  NAME_TAKEN: "NAME_TAKEN",
  INVITATION_NOT_PENDING: "INVITATION_NOT_PENDING",
  INVITATION_EXPIRED: "INVITATION_EXPIRED",
  INVITATION_EMAIL_MISMATCH: "INVITATION_EMAIL_MISMATCH",
  EMAIL_NOT_VERIFIED: "EMAIL_NOT_VERIFIED",
  ALREADY_A_MEMBER: "ALREADY_A_MEMBER",
  RESEND_TOO_SOON: "RESEND_TOO_SOON",
  PLAN_UNKNOWN: "PLAN_UNKNOWN",
  PLAN_UNCHANGED: "PLAN_UNCHANGED",
  PLAN_LIMIT_EXCEEDED: "PLAN_LIMIT_EXCEEDED",
  PLAN_WITHOUT_BYOK: "PLAN_WITHOUT_BYOK",
  PAYMENT_REQUIRED: "PAYMENT_REQUIRED",
  BYOK_NOT_CONFIGURED: "BYOK_NOT_CONFIGURED",
  BYOK_VERIFICATION_FAILED: "BYOK_VERIFICATION_FAILED",
  CREDITS_EXHAUSTED: "CREDITS_EXHAUSTED",
  REVIEW_NOT_OPEN: "REVIEW_NOT_OPEN",
  REVIEW_INCOMPLETE: "REVIEW_INCOMPLETE",
  REVIEW_OPEN_ALREADY: "REVIEW_OPEN_ALREADY",
  OWN_ACCESS: "OWN_ACCESS",
  DECIDED_MEANWHILE: "DECIDED_MEANWHILE",
  NOT_REINSTATABLE: "NOT_REINSTATABLE",
  IDEMPOTENCY_KEY_REUSED: "IDEMPOTENCY_KEY_REUSED",
  FORBIDDEN: "FORBIDDEN",
  RATE_LIMITED: "RATE_LIMITED",
} as const;
export type RefusalCode = (typeof RefusalCode)[keyof typeof RefusalCode];

/** How much of a limit is used. A null limit means unlimited. */
export interface LimitUse {
  used: number;
  limit: number | null;
  remaining: number | null;
}

/** A refusal as clients get it: as data, not as an error. */
export interface RefusalData {
  code: RefusalCode;
  message: string;
  path: string[] | null;
  limit: LimitUse | null;
  /** Set if waiting helps. */
  retryAfterSeconds: number | null;
}

/** The details of a refusal besides its code and message. */
export type RefusalDetail = Partial<Omit<RefusalData, "code" | "message">>;

/** A refusal as data, with null for every detail that is absent. */
export function refusalData(code: RefusalCode, message: string, detail: RefusalDetail = {}): RefusalData {
  return { code, message, path: null, limit: null, retryAfterSeconds: null, ...detail };
}

/** Rolls back a command. Clients get it as the Refusal member of the mutation's result union. */
export class Refused extends Error {
  readonly refusal: RefusalData;

  constructor(code: RefusalCode, message: string, detail: RefusalDetail = {}) {
    super(message);
    this.name = "Refused";
    this.refusal = refusalData(code, message, detail);
  }
}

/** Runs a rule; its refusal leads to the part of the input at `path`, unless the rule names one itself. */
export function at<Result>(path: readonly string[], rule: () => Result): Result {
  try {
    return rule();
  } catch (error) {
    if (!(error instanceof Refused) || error.refusal.path) throw error;
    const { code, message, ...detail } = error.refusal;
    throw new Refused(code, message, { ...detail, path: [...path] });
  }
}

/** Refuses one field of the input. `path` leads to it; list indexes are strings. */
export function invalidInput(message: string, ...path: string[]): Refused {
  return new Refused("INVALID_INPUT", message, { path });
}

/**
 * Runs a rule and returns its refusal, or null if it allows. A FORBIDDEN or RATE_LIMITED denial becomes a refusal with
 * the same code and words: the graph returns in advance, as data, the error that a mutation would throw.
 */
export function refusalOf(rule: () => void): RefusalData | null {
  try {
    rule();
    return null;
  } catch (error) {
    if (error instanceof Refused) return error.refusal;
    const refusal = error instanceof Denied ? refusalOfDenial(error) : null;
    if (refusal) return refusal;
    throw error;
  }
}

function refusalOfDenial({ message, extensions }: Denied): RefusalData | null {
  const { code, retryAfterSeconds = null } = extensions;
  return code === "FORBIDDEN" || code === "RATE_LIMITED" ? refusalData(code, message, { retryAfterSeconds }) : null;
}

/** Why a request is rejected before it reaches the domain. */
export type DenialCode =
  | "UNAUTHENTICATED"
  | "FORBIDDEN"
  | "NOT_FOUND"
  | "BAD_USER_INPUT"
  | "RATE_LIMITED"
  | "GRAPHQL_VALIDATION_FAILED"
  | "DEADLINE_EXCEEDED"
  | "UNAVAILABLE"
  | "BILLING_UNAVAILABLE";

/** The error extensions that clients get with the message. */
export interface DenialExtensions {
  code: DenialCode;
  retryAfterSeconds?: number;
  /** The change may have been saved without confirmation. If absent, nothing was changed. */
  mayHaveHappened?: true;
}

/**
 * The caller lacks permission, or the request is malformed. Clients get a GraphQL error with `extensions.code`: graphql
 * copies `extensions` from this error.
 */
export class Denied extends Error {
  readonly extensions: DenialExtensions;

  constructor(code: DenialCode, message: string, retryAfterSeconds?: number) {
    super(message);
    this.name = "Denied";
    this.extensions = retryAfterSeconds === undefined ? { code } : { code, retryAfterSeconds };
  }
}

/** The advice after a change that may have been saved without confirmation. */
export const MAY_HAVE_HAPPENED =
  "The change may have been saved. Check it, or repeat the request with the same Idempotency-Key.";

/** When to retry after an outage of unknown length. */
export const RETRY_AFTER_SECONDS = 5;

/**
 * A dependency cannot be reached: the database, the identity provider, a key service. Clients get HTTP 503 with
 * Retry-After. The cause goes to the log, never to the client.
 */
export class Unavailable extends Denied {
  constructor(
    message: string,
    options: { retryAfterSeconds?: number; mayHaveHappened?: boolean; cause?: unknown } = {},
  ) {
    super("UNAVAILABLE", message, options.retryAfterSeconds ?? RETRY_AFTER_SECONDS);
    this.name = "Unavailable";
    if (options.mayHaveHappened) this.extensions.mayHaveHappened = true;
    if (options.cause !== undefined) this.cause = options.cause;
  }
}

/**
 * The payment provider cannot be reached. Only some fields need it, so the rest of the response stands with HTTP 200. The
 * cause goes to the log, never to the client.
 */
export class BillingUnavailable extends Denied {
  constructor(cause: unknown) {
    super("BILLING_UNAVAILABLE", "The payment provider cannot be reached. Try again later.", RETRY_AFTER_SECONDS);
    this.name = "BillingUnavailable";
    this.cause = cause;
  }
}

export const unauthenticated = () => new Denied("UNAUTHENTICATED", "Sign in first: send a bearer token.");

/** One message for missing and for invisible things, so that nobody can find out what exists. */
export const notFound = (what: string) =>
  new Denied("NOT_FOUND", `There is no such ${what}, or you have no access to it.`);

/** Whether an error is the denial NOT_FOUND. */
export function isNotFound(error: unknown): boolean {
  return error instanceof Denied && error.extensions.code === "NOT_FOUND";
}

/** The viewer is known, but lacks the permission. */
export const forbidden = (message: string) => new Denied("FORBIDDEN", message);

/** Why a request is turned away before the domain is asked. */
export type DenialCode =
  | "UNAUTHENTICATED"
  | "FORBIDDEN"
  | "NOT_FOUND"
  | "BAD_USER_INPUT"
  | "RATE_LIMITED"
  | "GRAPHQL_VALIDATION_FAILED"
  | "DEADLINE_EXCEEDED"
  | "UNAVAILABLE";

/** What a client learns beside the words. */
export interface DenialExtensions {
  code: DenialCode;
  retryAfterSeconds?: number;
  /** The change may stand although it was not confirmed. Absent: nothing was changed. */
  mayHaveHappened?: true;
}

/**
 * The caller may not, or the request is malformed. Reaches the client as a GraphQL error with `extensions.code`,
 * which graphql copies from here on every transport.
 */
export class Denied extends Error {
  readonly extensions: DenialExtensions;

  constructor(code: DenialCode, message: string, retryAfterSeconds?: number) {
    super(message);
    this.name = "Denied";
    this.extensions = retryAfterSeconds === undefined ? { code } : { code, retryAfterSeconds };
  }
}

/** When to try again where nobody knows how long an outage lasts. */
export const RETRY_AFTER_SECONDS = 5;

/**
 * Something that this service needs cannot be reached now: the database, the identity provider, a key service. Clients
 * get HTTP 503 with Retry-After and may try again. The cause goes to the log, never to the client. A class of its own,
 * so that code can tell an outage from a denial: `error instanceof Unavailable`.
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

/** Nobody is signed in. */
export const unauthenticated = () => new Denied("UNAUTHENTICATED", "Sign in first: this needs a bearer token.");

/** The same words for "does not exist" and "is none of the viewer's business", so that nobody can tell them apart. */
export const notFound = (what: string) =>
  new Denied("NOT_FOUND", `There is no such ${what}, or you have no access to it.`);

/** A member, or a service, that lacks the right. `may` completes "to …". */
export const forbidden = (message: string) => new Denied("FORBIDDEN", message);

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

/**
 * The caller may not, or the request is malformed. Reaches the client as a GraphQL error with `extensions.code`,
 * which graphql copies from here on every transport.
 */
export class Denied extends Error {
  readonly extensions: { code: DenialCode; retryAfterSeconds?: number };

  constructor(code: DenialCode, message: string, retryAfterSeconds?: number) {
    super(message);
    this.name = "Denied";
    this.extensions = retryAfterSeconds === undefined ? { code } : { code, retryAfterSeconds };
  }
}

/** Nobody is signed in. */
export const unauthenticated = () => new Denied("UNAUTHENTICATED", "Sign in first: this needs a bearer token.");

/** The same words for "does not exist" and "is none of the viewer's business", so that nobody can tell them apart. */
export const notFound = (what: string) =>
  new Denied("NOT_FOUND", `There is no such ${what}, or you have no access to it.`);

/** A member, or a service, that lacks the right. `may` completes "to …". */
export const forbidden = (message: string) => new Denied("FORBIDDEN", message);

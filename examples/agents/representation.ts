import { GraphQLError } from "graphql";

/** Error codes of the organizations service that are passed on to clients. */
const CLIENT_CODES = [
  "UNAUTHENTICATED",
  "FORBIDDEN",
  "NOT_FOUND",
  "BAD_USER_INPUT",
  "RATE_LIMITED",
  "UNAVAILABLE",
  "DEADLINE_EXCEEDED",
];
const RETRY_AFTER_SECONDS = 5;

interface ErrorObject {
  message?: unknown;
  extensions?: { code?: unknown; retryAfterSeconds?: unknown; requestId?: unknown };
}

/**
 * The strings that a gateway read for us from the organizations service; null where it said nothing. Where reading them
 * failed, gateways put the error in their place: it is thrown on, with its code.
 */
export function stringsIn(value: unknown): string[] | null {
  if (value === null || value === undefined) return null;
  if (Array.isArray(value)) return value.filter((item) => typeof item === "string");
  throw errorIn(value);
}

/** An id that a gateway read for us. Throws as `stringsIn` does. */
export function idIn(value: unknown): string {
  if (typeof value === "string") return value;
  throw errorIn(value);
}

/** What failed in the organizations service, in its words where they are meant for clients. */
export function errorIn(value: unknown): GraphQLError {
  const { message, extensions } = (typeof value === "object" ? (value ?? {}) : {}) as ErrorObject;
  const { code, retryAfterSeconds, requestId } = extensions ?? {};
  if (typeof message === "string" && typeof code === "string" && CLIENT_CODES.includes(code)) {
    const seconds = typeof retryAfterSeconds === "number" && { retryAfterSeconds };
    return new GraphQLError(message, { extensions: { code, ...seconds } });
  }
  return unavailable(typeof requestId === "string" ? { requestId } : {});
}

/** The organizations service did not answer, or not in a way that can be used. */
export function unavailable(extensions: object = {}): GraphQLError {
  return new GraphQLError("The organizations service did not answer. Try again in a few seconds.", {
    extensions: { code: "UNAVAILABLE", retryAfterSeconds: RETRY_AFTER_SECONDS, ...extensions },
  });
}

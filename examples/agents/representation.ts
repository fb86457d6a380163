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
 * The strings that a gateway has read from the organizations service; null if it sent none. If the read failed,
 * gateways send the error instead, and this throws it with its code.
 */
export function stringsIn(value: unknown): string[] | null {
  if (value === null || value === undefined) return null;
  if (Array.isArray(value)) return value.filter((item) => typeof item === "string");
  throw errorIn(value);
}

/** An id that a gateway has read. Throws the errors of `stringsIn`. */
export function idIn(value: unknown): string {
  if (typeof value === "string") return value;
  throw errorIn(value);
}

/** The error of the organizations service, with its message if that is meant for clients. */
export function errorIn(value: unknown): GraphQLError {
  const { message, extensions } = (typeof value === "object" ? (value ?? {}) : {}) as ErrorObject;
  const { code, retryAfterSeconds, requestId } = extensions ?? {};
  if (typeof message === "string" && typeof code === "string" && CLIENT_CODES.includes(code)) {
    const seconds = typeof retryAfterSeconds === "number" && { retryAfterSeconds };
    return new GraphQLError(message, { extensions: { code, ...seconds } });
  }
  return unavailable(typeof requestId === "string" ? { requestId } : {});
}

/** The error for a missing or unusable response of the organizations service. */
export function unavailable(extensions: object = {}): GraphQLError {
  return new GraphQLError("The organizations service did not answer. Try again in a few seconds.", {
    extensions: { code: "UNAVAILABLE", retryAfterSeconds: RETRY_AFTER_SECONDS, ...extensions },
  });
}

import type { FormattedExecutionResult, GraphQLFormattedError } from "graphql";
import { type DenialCode, MAY_HAVE_HAPPENED } from "../../domain/denial";

/** HTTP statuses on which proxies and clients act without reading the body. */
const STATUS_OF_CODE: Partial<Record<DenialCode, number>> = {
  UNAUTHENTICATED: 401,
  RATE_LIMITED: 429,
  UNAVAILABLE: 503,
  DEADLINE_EXCEEDED: 503,
};

/** The HTTP status of an error code; undefined if the default applies. */
export function statusOf(code: unknown): number | undefined {
  return STATUS_OF_CODE[code as DenialCode];
}

/**
 * Whether an error is a temporary outage. If it is, the whole response has status 503, with the data that could be
 * read.
 */
export function isUnavailable({ errors }: FormattedExecutionResult): boolean {
  return (errors ?? []).some(({ extensions }) => statusOf(extensions?.code) === 503);
}

/** The Retry-After header for these errors: the longest wait among them, in seconds. */
export function retryAfter(errors: readonly Pick<GraphQLFormattedError, "extensions">[] = []): string | undefined {
  const waits = errors.map(({ extensions }) => Number(extensions?.retryAfterSeconds)).filter((seconds) => seconds > 0);
  return waits.length > 0 ? String(Math.ceil(Math.max(...waits))) : undefined;
}

/**
 * Adds to errors that suggest a retry that the operation may have committed a change. Called for operations that did,
 * or that were cut off at the commit. Otherwise a later error, for example while the result is read, would say that
 * nothing was changed.
 */
export function afterChange(errors: readonly GraphQLFormattedError[]): GraphQLFormattedError[] {
  return errors.map((error) => {
    const { code, mayHaveHappened } = error.extensions ?? {};
    const suggestsRetry = statusOf(code) === 503 || code === "BILLING_UNAVAILABLE";
    if (!suggestsRetry || mayHaveHappened) return error;
    const message = `${error.message.replace(" Nothing was changed.", "")} ${MAY_HAVE_HAPPENED}`;
    return { ...error, message, extensions: { ...error.extensions, mayHaveHappened: true } };
  });
}

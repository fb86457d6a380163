import type { FormattedExecutionResult, GraphQLFormattedError } from "graphql";
import { type DenialCode, MAY_HAVE_HAPPENED } from "../../domain/denial";

/** The HTTP status of errors that proxies and clients act on without reading the body. */
const STATUS_OF_CODE: Partial<Record<DenialCode, number>> = {
  UNAUTHENTICATED: 401,
  RATE_LIMITED: 429,
  UNAVAILABLE: 503,
  DEADLINE_EXCEEDED: 503,
};

/** The HTTP status that belongs to a code, where it is not one of the ordinary ones. */
export function statusOf(code: unknown): number | undefined {
  return STATUS_OF_CODE[code as DenialCode];
}

/** Whether something was not to be had that will be back: the whole response is 503 then, with what there is of data. */
export function isUnavailable({ errors }: FormattedExecutionResult): boolean {
  return (errors ?? []).some(({ extensions }) => statusOf(extensions?.code) === 503);
}

/** The header Retry-After of these errors: the longest wait that one of them asks for. */
export function retryAfter(errors: readonly Pick<GraphQLFormattedError, "extensions">[] = []): string | undefined {
  const waits = errors.map(({ extensions }) => Number(extensions?.retryAfterSeconds)).filter((seconds) => seconds > 0);
  return waits.length > 0 ? String(Math.ceil(Math.max(...waits))) : undefined;
}

/**
 * The errors of an operation of which something was committed, or may have been: those that ask for a repetition say so,
 * whatever they are about. What was changed may be there although it could not be shown.
 */
export function afterChange(errors: readonly GraphQLFormattedError[]): GraphQLFormattedError[] {
  return errors.map((error) => {
    const { code, mayHaveHappened } = error.extensions ?? {};
    if (statusOf(code) !== 503 || mayHaveHappened) return error;
    const message = `${error.message.replace(" Nothing was changed.", "")} ${MAY_HAVE_HAPPENED}`;
    return { ...error, message, extensions: { ...error.extensions, mayHaveHappened: true } };
  });
}

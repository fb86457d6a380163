import type { FormattedExecutionResult, GraphQLFormattedError } from "graphql";
import type { DenialCode } from "../domain/denial";

/** The HTTP status of errors that proxies and clients act on without reading the body. */
const STATUS_OF_CODE: Partial<Record<DenialCode, number>> = {
  UNAUTHENTICATED: 401,
  UNAVAILABLE: 503,
  DEADLINE_EXCEEDED: 503,
};

/** The HTTP status that belongs to a code, where it is not one of the ordinary ones. */
export function statusOf(code: unknown): number | undefined {
  return STATUS_OF_CODE[code as DenialCode];
}

/**
 * 503 where a whole operation came to nothing for want of something that will be back. What was read in part is
 * answered with 200: its errors say what is missing.
 */
export function isUnavailable({ data, errors }: FormattedExecutionResult): boolean {
  const hasData = Object.entries(data ?? {}).some(([name, value]) => name !== "__typename" && value !== null);
  return !hasData && (errors ?? []).some(({ extensions }) => statusOf(extensions?.code) === 503);
}

/** The header Retry-After of these errors: the longest wait that one of them asks for. */
export function retryAfter(errors: readonly Pick<GraphQLFormattedError, "extensions">[] = []): string | undefined {
  const waits = errors.map(({ extensions }) => Number(extensions?.retryAfterSeconds)).filter((seconds) => seconds > 0);
  return waits.length > 0 ? String(Math.ceil(Math.max(...waits))) : undefined;
}

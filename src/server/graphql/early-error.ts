import { Denied } from "../../domain/denial";
import type { Log } from "../../log";
import { retryAfter, statusOf } from "./error-status";
import { formatError } from "./format-error";
import { GRAPHQL_RESPONSE, isOfTheDocument } from "./legacy-status";

/**
 * The response to an error that occurs before Apollo Server gets the request, in the form that Apollo Server would send
 * to a client with this Accept header.
 */
export function earlyError(
  error: unknown,
  { accept, log, requestId }: { accept: string; log: Log; requestId: string },
) {
  const formatted = formatError({ message: "" }, error, log, requestId);
  const code = error instanceof Denied ? error.extensions.code : null;
  const knowsStatuses = accept.includes(GRAPHQL_RESPONSE);
  const status = code === null ? 500 : (statusOf(code) ?? (knowsStatuses || !isOfTheDocument(code) ? 400 : 200));
  const type = knowsStatuses ? GRAPHQL_RESPONSE : "application/json";
  const wait = retryAfter([formatted]);
  const headers = { "content-type": `${type}; charset=utf-8`, ...(wait && { "retry-after": wait }) };
  return { status, headers, body: { errors: [formatted] } };
}

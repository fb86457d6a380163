import type { RequestPart } from "./request-plugin";

/** Clients that accept this type read errors in responses with any status. */
export const GRAPHQL_RESPONSE = "application/graphql-response+json";

/** Whether an error with this code concerns the client's document or variables. */
export function isOfTheDocument(code: string): boolean {
  return ["GRAPHQL_PARSE_FAILED", "GRAPHQL_VALIDATION_FAILED", "BAD_USER_INPUT"].includes(code);
}

/**
 * Sends status 200 with errors about the document to clients that don't accept application/graphql-response+json. They
 * take any other status for a network failure, and ignore the body (see the specification GraphQL over HTTP).
 */
export const legacyStatus: RequestPart = {
  willSendResponse: ({ request, response, errors }) => {
    if (response.http.status !== 400 || request.http?.headers.get("accept")?.includes(GRAPHQL_RESPONSE)) return;
    const code = String(errors?.[0]?.extensions?.code);
    if (isOfTheDocument(code)) response.http.status = 200;
  },
};

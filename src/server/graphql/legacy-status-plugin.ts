import type { ApolloServerPlugin } from "@apollo/server";

/** Clients that accept this type read errors in responses with any status. */
export const GRAPHQL_RESPONSE = "application/graphql-response+json";

/** Whether an error with this code is about the client's document or variables. */
export function isOfTheDocument(code: string): boolean {
  return ["GRAPHQL_PARSE_FAILED", "GRAPHQL_VALIDATION_FAILED", "BAD_USER_INPUT"].includes(code);
}

/**
 * Sends status 200 with errors about the document to clients that don't accept application/graphql-response+json. They
 * take any other status for a network failure, and ignore the body (see the specification GraphQL over HTTP).
 */
export const legacyStatusPlugin: ApolloServerPlugin = {
  requestDidStart: async () => ({
    willSendResponse: async ({ request, response, errors }) => {
      if (request.http?.headers.get("accept")?.includes(GRAPHQL_RESPONSE)) return;
      const code = String(errors?.[0]?.extensions?.code);
      if (response.http.status === 400 && isOfTheDocument(code)) response.http.status = 200;
    },
  }),
};

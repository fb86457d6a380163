import type { ApolloServerPlugin } from "@apollo/server";

/** What clients accept that look at errors whatever the status. */
export const GRAPHQL_RESPONSE = "application/graphql-response+json";

/** Whether an error with this code says what is wrong with the client's document, or its variables. */
export function isOfTheDocument(code: string): boolean {
  return ["GRAPHQL_PARSE_FAILED", "GRAPHQL_VALIDATION_FAILED", "BAD_USER_INPUT"].includes(code);
}

/**
 * GraphQL over HTTP: a client that did not ask for application/graphql-response+json takes any other status than 200
 * for trouble on the way, and would not look at the errors in the body.
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

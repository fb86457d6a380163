import type { ApolloServerPlugin } from "@apollo/server";

const OF_THE_DOCUMENT = ["GRAPHQL_PARSE_FAILED", "GRAPHQL_VALIDATION_FAILED", "BAD_USER_INPUT"];

/**
 * GraphQL over HTTP: a client that did not ask for application/graphql-response+json takes any other status than 200
 * for trouble on the way, and would not look at the errors in the body.
 */
export const legacyStatusPlugin: ApolloServerPlugin = {
  requestDidStart: async () => ({
    willSendResponse: async ({ request, response, errors }) => {
      if (request.http?.headers.get("accept")?.includes("application/graphql-response+json")) return;
      const code = String(errors?.[0]?.extensions?.code);
      if (response.http.status === 400 && OF_THE_DOCUMENT.includes(code)) response.http.status = 200;
    },
  }),
};

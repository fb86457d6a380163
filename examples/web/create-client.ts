import { ApolloClient, ApolloLink, HttpLink } from "@apollo/client";
import { createCache } from "../client/cache";
import { authLink, idempotencyLink, retryLink, type Token } from "../client/links";

/** The web client's Apollo Client for the organizations graph. */
export function createClient({ url, token }: { url: string; token: Token }): ApolloClient {
  return new ApolloClient({
    cache: createCache(),
    link: ApolloLink.from([idempotencyLink(), retryLink(), authLink(token), new HttpLink({ uri: url })]),
  });
}

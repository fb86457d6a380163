import { ApolloClient, ApolloLink, HttpLink } from "@apollo/client";
import { createCache } from "./cache";
import { authLink, idempotencyLink, retryLink, splitLive } from "./links";
import { type LiveOptions, liveLink } from "./live-link";

/**
 * The web client's Apollo Client. `webSocket` is the implementation for platforms without a built-in one. Streams that
 * start at a cursor continue after a broken connection without a gap, so nothing is read again.
 */
export function createClient(options: LiveOptions): ApolloClient {
  const { url, tokens } = options;
  const requests = ApolloLink.from([idempotencyLink(), retryLink(), authLink(tokens), new HttpLink({ uri: url })]);
  return new ApolloClient({ cache: createCache(), link: splitLive(liveLink(options), requests) });
}

import { ApolloClient, ApolloLink, HttpLink } from "@apollo/client";
import { createCache } from "./cache";
import { authLink, idempotencyLink, retryLink, splitLive } from "./links";
import { type LiveOptions, liveLink } from "./live-link";

/** The web client's Apollo Client. `webSocket` is the implementation for platforms without a built-in one. */
export function createClient(options: Omit<LiveOptions, "onReconnected">): ApolloClient {
  const { url, tokens } = options;
  const requests = ApolloLink.from([idempotencyLink(), retryLink(), authLink(tokens), new HttpLink({ uri: url })]);
  // A failed refetch shows its error in its own view.
  const onReconnected = () => void client.refetchObservableQueries().catch(() => undefined);
  const live = liveLink({ ...options, onReconnected });
  const client = new ApolloClient({ cache: createCache(), link: splitLive(live, requests) });
  return client;
}

import { ApolloClient, ApolloLink, HttpLink } from "@apollo/client";
import { createCache } from "../client/cache";
import { authLink, idempotencyLink, retryLink, splitLive, type Token } from "../client/links";
import { liveLink } from "../client/live-link";

/** The web client's Apollo Client. `webSocket` is the implementation for platforms without a built-in one. */
export function createClient(options: { url: string; token: Token; webSocket?: unknown }): ApolloClient {
  const { url, token } = options;
  const requests = ApolloLink.from([idempotencyLink(), retryLink(), authLink(token), new HttpLink({ uri: url })]);
  // A failed refetch shows its error in its own view.
  const onReconnected = () => void client.refetchObservableQueries().catch(() => undefined);
  const live = liveLink({ ...options, onReconnected });
  const client = new ApolloClient({ cache: createCache(), link: splitLive(live, requests) });
  return client;
}

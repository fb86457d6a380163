import { ApolloClient, ApolloLink, HttpLink } from "@apollo/client";
import { createCache } from "../client/cache";
import { authLink, idempotencyLink, retryLink, splitLive, type Token } from "../client/links";
import { liveLink } from "../client/live-link";

/** The web client's Apollo Client for the organizations graph. `webSocket`: for where there is none built in. */
export function createClient(options: { url: string; token: Token; webSocket?: unknown }): ApolloClient {
  const { url, token } = options;
  const requests = ApolloLink.from([idempotencyLink(), retryLink(), authLink(token), new HttpLink({ uri: url })]);
  // A view that cannot be had anew says so itself.
  const onReconnected = () => void client.refetchObservableQueries().catch(() => undefined);
  const live = liveLink({ ...options, onReconnected });
  const client = new ApolloClient({ cache: createCache(), link: splitLive(live, requests) });
  return client;
}

import { ApolloClient, ApolloLink, HttpLink } from "@apollo/client";
import { createCache } from "./cache";
import { freshCursors } from "./fresh-cursors";
import { authLink, idempotencyLink, retryLink, splitLive } from "./links";
import { type LiveOptions, liveLink } from "./live-link";

interface ClientOptions extends LiveOptions {
  /** Called when the service's database turned out to be restored, and the active queries are read again. */
  onRestored?(): void;
}

/**
 * The web client's Apollo Client. `webSocket` is the implementation for platforms without a built-in one. Streams that
 * start at a cursor continue after a broken connection without a gap, so nothing is read again.
 */
export function createClient(options: ClientOptions): ApolloClient {
  const { url, tokens } = options;
  const onRestored = () => {
    // A failed refetch shows its error in its own view.
    void client.refetchObservableQueries().catch(() => undefined);
    options.onRestored?.();
  };
  const live = liveLink({ ...options, freshCursor: freshCursors(() => client, onRestored) });
  const requests = ApolloLink.from([idempotencyLink(), retryLink(), authLink(tokens), new HttpLink({ uri: url })]);
  const client = new ApolloClient({ cache: createCache(), link: splitLive(live, requests) });
  return client;
}

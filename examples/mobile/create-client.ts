import { ApolloClient, ApolloLink, HttpLink, type NormalizedCacheObject } from "@apollo/client";
import { PersistedQueryLink } from "@apollo/client/link/persisted-queries";
import { createCache } from "../../web/src/graph/cache";
import { freshCursors } from "../../web/src/graph/fresh-cursors";
import { authLink, idempotencyLink, retryLink, splitLive } from "../../web/src/graph/links";
import { liveLink } from "../../web/src/graph/live-link";
import type { Tokens } from "../../web/src/graph/tokens";

/** The cache on the device, kept between starts of the app. */
export interface Storage {
  load(): Promise<NormalizedCacheObject | null>;
  save(cache: NormalizedCacheObject): Promise<void>;
}

/**
 * The mobile app's Apollo Client. It sends persisted query hashes instead of documents, and shows cached data before the
 * network answers. Call `keep` when the app goes into the background, to save the cache.
 */
export async function createClient(options: {
  url: string;
  tokens: Tokens;
  storage: Storage;
  webSocket?: unknown;
}): Promise<{ client: ApolloClient; keep(): Promise<void> }> {
  const cache = createCache();
  const stored = await options.storage.load();
  if (stored) cache.restore(stored);
  const requests = ApolloLink.from([
    idempotencyLink(),
    retryLink(),
    authLink(options.tokens),
    new PersistedQueryLink({ sha256 }),
    new HttpLink({ uri: options.url }),
  ]);
  // A failed refetch shows its error in its own view.
  const readAgain = () => void client.refetchObservableQueries().catch(() => undefined);
  const freshCursor = freshCursors(() => client, readAgain);
  const live = liveLink({ ...options, onReconnected: readAgain, freshCursor });
  const client = new ApolloClient({
    cache,
    defaultOptions: { watchQuery: { fetchPolicy: "cache-and-network" } },
    link: splitLive(live, requests),
  });
  return { client, keep: () => options.storage.save(cache.extract()) };
}

async function sha256(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

import { LRUCache } from "lru-cache";
import type { Viewer } from "../../domain/viewer";
import { personTopic } from "../../store/events/notifier";
import { CLOCK_TOLERANCE_SECONDS } from "./verify-token";

const CACHED_TOKENS = 20_000;
/** After this time a token is verified again, and its person read again. */
const CACHE_MS = 5 * 60_000;

/** The viewer of a verified token. */
export interface TokenSession {
  viewer: Viewer;
  tokenHash: string;
  /** The token's `exp`. Streams end at this instant: clock tolerance applies to requests only. */
  expiresAt: Date;
  /** The name of the key that signed the token (see provider-keys.ts). */
  signedBy: string;
}

interface Entry {
  session: TokenSession;
  /** In milliseconds; 0 once the viewer has changed. */
  freshUntil: number;
}

/** A read of a viewer, with the topics of the people who have changed since it began. */
interface Loading {
  changed: Set<string>;
  everybodyChanged: boolean;
}

/** Sessions by token hash, and the token hashes of each person. */
export class TokenCache {
  private readonly tokens = new LRUCache<string, Entry>({
    max: CACHED_TOKENS,
    dispose: ({ session }, hash) => this.unlist(topicOf(session.viewer), hash),
  });
  private readonly hashes = new Map<string, Set<string>>();
  private readonly loading = new Set<Loading>();

  /** The session of a token; null if none is cached, or if its person may have changed. */
  get(hash: string, now: Date): TokenSession | null {
    const entry = this.tokens.get(hash);
    return entry && now.getTime() < entry.freshUntil ? entry.session : null;
  }

  /** Whether this process verified the token before, even if the cached session has expired. */
  has(hash: string): boolean {
    return this.tokens.has(hash);
  }

  /**
   * Reads the viewer of a token and caches the session. If the viewer changes while `read` runs, its result may be
   * outdated already, and the next request reads again.
   */
  async load(
    { tokenHash, expiresAt, signedBy }: Omit<TokenSession, "viewer">,
    now: Date,
    read: () => Promise<Viewer>,
  ): Promise<TokenSession> {
    const loading: Loading = { changed: new Set(), everybodyChanged: false };
    this.loading.add(loading);
    try {
      const viewer = await read();
      const session = { viewer, tokenHash, expiresAt, signedBy };
      const topic = topicOf(viewer);
      const hasChanged = loading.everybodyChanged || (topic !== null && loading.changed.has(topic));
      this.tokens.set(tokenHash, { session, freshUntil: hasChanged ? 0 : freshUntil(expiresAt, now) });
      if (topic) this.hashes.set(topic, (this.hashes.get(topic) ?? new Set()).add(tokenHash));
      return session;
    } finally {
      this.loading.delete(loading);
    }
  }

  /** Marks the sessions of the people with these topics as outdated; null: of everybody. */
  forget(topics: readonly string[] | null): void {
    for (const loading of this.loading) {
      if (topics === null) loading.everybodyChanged = true;
      for (const topic of topics ?? []) loading.changed.add(topic);
    }
    const hashes =
      topics === null ? this.tokens.keys() : topics.flatMap((topic) => [...(this.hashes.get(topic) ?? [])]);
    for (const hash of hashes) {
      const entry = this.tokens.peek(hash);
      if (entry) entry.freshUntil = 0;
    }
  }

  private unlist(topic: string | null, hash: string): void {
    const hashes = topic ? this.hashes.get(topic) : undefined;
    hashes?.delete(hash);
    if (topic && hashes?.size === 0) this.hashes.delete(topic);
  }
}

function freshUntil(expiresAt: Date, now: Date): number {
  return Math.min(expiresAt.getTime() + CLOCK_TOLERANCE_SECONDS * 1000, now.getTime() + CACHE_MS);
}

function topicOf(viewer: Viewer): string | null {
  return viewer.kind === "person" ? personTopic(viewer.id) : null;
}

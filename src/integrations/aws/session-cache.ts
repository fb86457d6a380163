import { LRUCache } from "lru-cache";
import { MasterKeyUnavailable } from "../keys/key-wrapper";
import { AwsError, type AwsSession } from "./bedrock";

const MAX_SESSIONS = 10_000;
/** A session this close to its end is renewed. */
const RENEW_BEFORE_MS = 5 * 60 * 1000;
/** If renewal fails, a session is still used until this close to its end. */
const USABLE_BEFORE_MS = 60 * 1000;
/** How long a session without a known end is cached. */
const DEFAULT_TTL_MS = 60 * 60 * 1000;

interface CacheEntry {
  version: string;
  session: AwsSession | null;
  /** A session that is being created. Concurrent callers await the same promise. */
  pending: Promise<AwsSession> | null;
}

/**
 * One session per organization, for one version of its key. This is the only place that keeps decrypted credentials in
 * memory, and only while they are valid.
 */
export class SessionCache {
  private readonly entries = new LRUCache<string, CacheEntry>({ max: MAX_SESSIONS, ttl: DEFAULT_TTL_MS });

  /** Returns the session for this version of an organization's key. Calls `make` if there is none or it ends soon. */
  async get(organizationId: string, version: string, now: Date, make: () => Promise<AwsSession>): Promise<AwsSession> {
    const known = this.entries.get(organizationId);
    const entry = known?.version === version ? known : { version, session: null, pending: null };
    const { session } = entry;
    if (session && isValidFor(session, now, RENEW_BEFORE_MS)) return session;
    if (entry !== known) this.entries.set(organizationId, entry);
    try {
      entry.pending ??= this.renew(organizationId, entry, make);
      return await entry.pending;
    } catch (error) {
      const isOutage = error instanceof AwsError || error instanceof MasterKeyUnavailable;
      if (isOutage && session && isValidFor(session, now, USABLE_BEFORE_MS)) return session;
      throw error;
    }
  }

  /** The organizations with a cached session: among the given ones, or all for null. */
  filterCached(organizationIds: readonly string[] | null): string[] {
    return organizationIds?.filter((id) => this.entries.has(id)) ?? [...this.entries.keys()];
  }

  /** The key version of an organization's cached or pending session. */
  versionOf(organizationId: string): string | undefined {
    return this.entries.peek(organizationId)?.version;
  }

  /** Removes the session of an organization that no longer uses its key. */
  drop(organizationId: string): void {
    this.entries.delete(organizationId);
  }

  private async renew(organizationId: string, entry: CacheEntry, make: () => Promise<AwsSession>): Promise<AwsSession> {
    try {
      entry.session = await make();
      // A newer key version may have replaced this entry.
      if (this.entries.peek(organizationId) === entry)
        this.entries.set(organizationId, entry, { ttl: ttlOf(entry.session) });
      return entry.session;
    } finally {
      entry.pending = null;
    }
  }
}

function isValidFor({ expiresAt }: AwsSession, now: Date, milliseconds: number): boolean {
  return expiresAt === null || expiresAt.getTime() - now.getTime() > milliseconds;
}

function ttlOf({ expiresAt }: AwsSession): number {
  return expiresAt ? Math.max(1, expiresAt.getTime() - Date.now()) : DEFAULT_TTL_MS;
}

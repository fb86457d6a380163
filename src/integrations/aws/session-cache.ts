import { LRUCache } from "lru-cache";
import { MasterKeyUnavailable } from "../keys/key-wrapper";
import { AwsError, type AwsSession } from "./bedrock";

const MAX_SESSIONS = 10_000;
/** A session is renewed when it lasts no longer than so, in milliseconds. */
const RENEW_BEFORE_MS = 5 * 60 * 1000;
/** Where it cannot be renewed, it is given out for as long as a call may still begin with it. */
const USABLE_BEFORE_MS = 60 * 1000;
/** Whatever nobody asked for during so long is forgotten, if its end is not known. */
const DEFAULT_TTL_MS = 60 * 60 * 1000;

interface CacheEntry {
  version: string;
  session: AwsSession | null;
  /** A session on its way; whoever asks meanwhile waits for the same. */
  pending: Promise<AwsSession> | null;
}

/**
 * One session for each organization, of one version of its key. The only place where opened keys stay, in memory and
 * no longer than they can be used.
 */
export class SessionCache {
  private readonly entries = new LRUCache<string, CacheEntry>({ max: MAX_SESSIONS, ttl: DEFAULT_TTL_MS });

  /** The session of this version of an organization's key, made where there is none that lasts. */
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

  /** The organizations that there are sessions of: of these, or of all where it is null. */
  filterCached(organizationIds: readonly string[] | null): string[] {
    return organizationIds?.filter((id) => this.entries.has(id)) ?? [...this.entries.keys()];
  }

  /** The version of an organization's key that there is a session of, or one on its way. */
  versionOf(organizationId: string): string | undefined {
    return this.entries.peek(organizationId)?.version;
  }

  /** Forgets the session of an organization whose key is not in use any more. */
  drop(organizationId: string): void {
    this.entries.delete(organizationId);
  }

  private async renew(organizationId: string, entry: CacheEntry, make: () => Promise<AwsSession>): Promise<AwsSession> {
    try {
      entry.session = await make();
      // Another version may have taken its place meanwhile.
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

import { LRUCache } from "lru-cache";
import { MasterKeyUnavailable } from "../keys/key-wrapper";
import { AwsError, type AwsSession } from "./bedrock";

const MOST_SESSIONS = 10_000;
/** A session is renewed when it lasts no longer than so, in milliseconds. */
const RENEWED_BEFORE_MS = 5 * 60 * 1000;
/** Where it cannot be renewed, it is given out for as long as a call may still begin with it. */
const LAST_USED_BEFORE_MS = 60 * 1000;
/** Whatever nobody asked for during so long is forgotten, if its end is not known. */
const LONGEST_KEPT_MS = 60 * 60 * 1000;

interface Kept {
  version: string;
  session: AwsSession | null;
  /** A session on its way; whoever asks meanwhile waits for the same. */
  making: Promise<AwsSession> | null;
}

/**
 * One session for each organization, of one version of its key. The only place where opened keys stay, in memory and
 * no longer than they can be used.
 */
export class SessionCache {
  private readonly kept = new LRUCache<string, Kept>({ max: MOST_SESSIONS, ttl: LONGEST_KEPT_MS });

  /** The session of this version of an organization's key, made where there is none that lasts. */
  async get(organizationId: string, version: string, now: Date, make: () => Promise<AwsSession>): Promise<AwsSession> {
    const known = this.kept.get(organizationId);
    const entry = known?.version === version ? known : { version, session: null, making: null };
    const { session } = entry;
    if (session && lasts(session, now, RENEWED_BEFORE_MS)) return session;
    if (entry !== known) this.kept.set(organizationId, entry);
    try {
      entry.making ??= this.renew(organizationId, entry, make);
      return await entry.making;
    } catch (error) {
      const isOutage = error instanceof AwsError || error instanceof MasterKeyUnavailable;
      if (isOutage && session && lasts(session, now, LAST_USED_BEFORE_MS)) return session;
      throw error;
    }
  }

  /** The organizations that there are sessions of: of these, or of all where it is null. */
  among(organizationIds: readonly string[] | null): string[] {
    return organizationIds?.filter((id) => this.kept.has(id)) ?? [...this.kept.keys()];
  }

  /** The version of an organization's key that there is a session of, or one on its way. */
  versionOf(organizationId: string): string | undefined {
    return this.kept.peek(organizationId)?.version;
  }

  /** Forgets the session of an organization whose key is not in use any more. */
  drop(organizationId: string): void {
    this.kept.delete(organizationId);
  }

  private async renew(organizationId: string, entry: Kept, make: () => Promise<AwsSession>): Promise<AwsSession> {
    try {
      entry.session = await make();
      // Another version may have taken its place meanwhile.
      if (this.kept.peek(organizationId) === entry) this.kept.set(organizationId, entry, { ttl: ttlOf(entry.session) });
      return entry.session;
    } finally {
      entry.making = null;
    }
  }
}

function lasts({ expiresAt }: AwsSession, now: Date, milliseconds: number): boolean {
  return expiresAt === null || expiresAt.getTime() - now.getTime() > milliseconds;
}

function ttlOf({ expiresAt }: AwsSession): number {
  return expiresAt ? Math.max(1, expiresAt.getTime() - Date.now()) : LONGEST_KEPT_MS;
}

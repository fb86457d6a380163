import { LRUCache } from "lru-cache";
import type { AwsSession } from "./bedrock";

const MOST_SESSIONS = 10_000;
/** A session is given out while it lasts so long still, in milliseconds. */
const LEFT_MS = 5 * 60 * 1000;

/** Sessions by the version of the key that they are of. The only place where opened keys stay, and only in memory. */
export class SessionCache {
  private readonly sessions = new LRUCache<string, Promise<AwsSession>>({ max: MOST_SESSIONS });
  private readonly ends = new LRUCache<string, number>({ max: MOST_SESSIONS });

  /** The session of a key, made where there is none that lasts. Whoever asks meanwhile waits for the same. */
  get(key: string, now: Date, make: () => Promise<AwsSession>): Promise<AwsSession> {
    const known = this.sessions.get(key);
    const ends = this.ends.get(key);
    if (known && (ends === undefined || ends - now.getTime() > LEFT_MS)) return known;
    const made = make();
    this.sessions.set(key, made);
    this.ends.delete(key);
    made.then(
      ({ expiresAt }) => expiresAt && this.ends.set(key, expiresAt.getTime()),
      () => this.sessions.get(key) === made && this.sessions.delete(key),
    );
    return made;
  }
}

import { Denied } from "../domain/denial";
import type { EventStream } from "./event-stream";
import { Expiries } from "./expiries";

/** Streams that one person may have open in one process. */
export const STREAMS_PER_PERSON = 500;
const RETRY_SECONDS = 60;

/** Whose stream it is, and until when. */
interface Holder {
  id: string;
  /** When their token ends, and their streams with it. */
  expiresAt: Date | null;
  /** The name of the key that their token is signed with; their streams end when it is withdrawn. */
  signedBy?: string | null;
}

/** What a stream is ended by. */
interface Ending {
  fail(error: Error): void;
}

/** The streams that are open: how many each person has, and what ends them all alike. */
export class OpenStreams {
  private readonly counts = new Map<string, number>();
  private readonly expiries: Expiries;
  private readonly bySigner = new Map<string, Set<Ending>>();

  constructor(clock: { now(): Date }) {
    this.expiries = new Expiries(clock);
  }

  /** Opens one more stream of somebody. Throws RATE_LIMITED. */
  async add<Payload>(holder: Holder, open: () => Promise<EventStream<Payload>>): Promise<EventStream<Payload>> {
    const { id, expiresAt, signedBy } = holder;
    const count = this.counts.get(id) ?? 0;
    if (count >= STREAMS_PER_PERSON) {
      throw new Denied("RATE_LIMITED", `Watch at most ${STREAMS_PER_PERSON} things at a time.`, RETRY_SECONDS);
    }
    this.counts.set(id, count + 1);
    const watcher = await open().catch((error: unknown) => {
      this.discount(id);
      throw error;
    });
    if (expiresAt) this.expiries.add(expiresAt, watcher);
    if (signedBy) this.bySigner.set(signedBy, (this.bySigner.get(signedBy) ?? new Set()).add(watcher));
    watcher.onEnd(() => {
      this.discount(id);
      if (expiresAt) this.expiries.remove(expiresAt, watcher);
      if (signedBy) this.unsign(signedBy, watcher);
    });
    return watcher;
  }

  /** Ends the streams of those whose token is signed with a key that is not trusted any more. */
  endUntrusted(isTrusted: (signedBy: string) => boolean): void {
    for (const [signedBy, watchers] of this.bySigner) {
      if (isTrusted(signedBy)) continue;
      const message = "The key that the token is signed with was withdrawn. Sign in again to go on.";
      for (const watcher of [...watchers]) watcher.fail(new Denied("UNAUTHENTICATED", message));
    }
  }

  private unsign(signedBy: string, watcher: Ending): void {
    const watchers = this.bySigner.get(signedBy);
    watchers?.delete(watcher);
    if (watchers?.size === 0) this.bySigner.delete(signedBy);
  }

  private discount(personId: string): void {
    const left = (this.counts.get(personId) ?? 1) - 1;
    if (left > 0) this.counts.set(personId, left);
    else this.counts.delete(personId);
  }
}

import { Denied } from "../domain/denial";
import { countRefusal } from "../process-metrics";
import type { EventStream } from "./event-stream";
import { Expiries } from "./expiries";

/** How many streams one person may have open in one process. */
export const STREAMS_PER_PERSON = 500;
const RETRY_SECONDS = 60;

interface StreamOwner {
  id: string;
  /** When their token expires, which ends their streams. */
  expiresAt: Date | null;
  /** The id of the key that signed their token; their streams end when the key is withdrawn. */
  signedBy?: string | null;
}

type OpenStream = Pick<EventStream<unknown>, "fail">;

function keyWithdrawn(): Denied {
  return new Denied("UNAUTHENTICATED", "The key that signed the token was withdrawn. Sign in again to continue.");
}

/** Counts the open streams of each person, and ends streams whose token expires or loses its key. */
export class OpenStreams {
  private readonly counts = new Map<string, number>();
  private readonly expiries: Expiries;
  private readonly bySigner = new Map<string, Set<OpenStream>>();
  private isTrusted: (signedBy: string) => boolean = () => true;

  constructor(clock: { now(): Date }) {
    this.expiries = new Expiries(clock);
  }

  /** Opens a stream for a person. Throws RATE_LIMITED above STREAMS_PER_PERSON. */
  async add<Payload>(owner: StreamOwner, open: () => Promise<EventStream<Payload>>): Promise<EventStream<Payload>> {
    const { id, expiresAt, signedBy } = owner;
    const count = this.counts.get(id) ?? 0;
    if (count >= STREAMS_PER_PERSON) {
      countRefusal("streams");
      const message = `You have ${STREAMS_PER_PERSON} open streams, and no more are allowed. Close one first.`;
      throw new Denied("RATE_LIMITED", message, RETRY_SECONDS);
    }
    this.counts.set(id, count + 1);
    const stream = await open().catch((error: unknown) => {
      this.decrement(id);
      throw error;
    });
    if (expiresAt) this.expiries.add(expiresAt, stream);
    if (signedBy) this.bySigner.set(signedBy, (this.bySigner.get(signedBy) ?? new Set()).add(stream));
    stream.onEnd(() => {
      this.decrement(id);
      if (expiresAt) this.expiries.remove(expiresAt, stream);
      if (signedBy) this.removeFromSigner(signedBy, stream);
    });
    // The key may have been withdrawn while the stream was being opened.
    if (signedBy && !this.isTrusted(signedBy)) stream.fail(keyWithdrawn());
    return stream;
  }

  /** Ends the streams of tokens whose signing key is no longer trusted, including streams that are being opened. */
  endUntrusted(isTrusted: (signedBy: string) => boolean): void {
    this.isTrusted = isTrusted;
    for (const [signedBy, streams] of this.bySigner) {
      if (isTrusted(signedBy)) continue;
      for (const stream of [...streams]) stream.fail(keyWithdrawn());
    }
  }

  private removeFromSigner(signedBy: string, stream: OpenStream): void {
    const streams = this.bySigner.get(signedBy);
    streams?.delete(stream);
    if (streams?.size === 0) this.bySigner.delete(signedBy);
  }

  private decrement(personId: string): void {
    const remaining = (this.counts.get(personId) ?? 1) - 1;
    if (remaining > 0) this.counts.set(personId, remaining);
    else this.counts.delete(personId);
  }
}

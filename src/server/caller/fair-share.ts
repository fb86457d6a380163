import { Lexer, Source, TokenKind } from "graphql";
import { Denied } from "../../domain/denial";
import type { Viewer } from "../../domain/viewer";
import { STREAMS_PER_PERSON } from "../../live/open-streams";

/** What one person may do at a time in one process, over all their connections. The README documents it for clients. */
export interface FairShareLimits {
  /** Operations that run. Those of others share the event loop and the database with no more than these. */
  running: number;
  /** Queries and mutations that wait for their turn. */
  waiting: number;
  /** Subscriptions that wait to start: a client that connects again starts all that it had. */
  waitingStreams: number;
  /** How long one may wait, in milliseconds. */
  waitMs: number;
}

export const FAIR_SHARE: FairShareLimits = {
  running: 8,
  waiting: 32,
  waitingStreams: STREAMS_PER_PERSON,
  waitMs: 10_000,
};

/** When it is worth trying again. */
const RETRY_SECONDS = 1;

/** What decides when an operation may run. */
export interface TurnRequest {
  viewer: Viewer;
  startsStream: boolean;
  /** Whether the client still waits for it; one that does not is not begun. */
  isWanted(): boolean;
}

interface Waiter extends Pick<TurnRequest, "startsStream" | "isWanted"> {
  begin(): void;
  fail(error: Error): void;
  timer: NodeJS.Timeout | undefined;
}

interface Share {
  running: number;
  waiting: Waiter[];
}

/**
 * Bounds how many operations of one person run at a time. A person who sends many at once waits for their own, and nobody
 * else waits for them. Only people are counted. Services act for many people and belong to the platform. Anonymous
 * callers share one address behind a gateway, so a limit per address would let one of them block the others.
 */
export class FairShare {
  private readonly shares = new Map<string, Share>();

  constructor(private readonly limits: FairShareLimits = FAIR_SHARE) {}

  /** Runs `work` when it is the viewer's turn. Throws RATE_LIMITED where too much of theirs waits, or it takes too long. */
  async run<Result>(request: TurnRequest, work: () => Promise<Result>): Promise<Result> {
    const { viewer } = request;
    if (viewer.kind !== "person") return await work();
    await this.enter(viewer.id, request);
    try {
      return await work();
    } finally {
      this.leave(viewer.id);
    }
  }

  /** How many operations run and wait, of all people who are counted now. */
  get size(): { people: number; running: number; waiting: number } {
    const shares = [...this.shares.values()];
    const sum = (count: (share: Share) => number) => shares.reduce((total, share) => total + count(share), 0);
    const people = shares.length;
    return { people, running: sum(({ running }) => running), waiting: sum(({ waiting }) => waiting.length) };
  }

  private enter(id: string, { startsStream, isWanted }: TurnRequest): Promise<void> | undefined {
    const share = this.shares.get(id) ?? { running: 0, waiting: [] };
    this.shares.set(id, share);
    if (share.running < this.limits.running) {
      share.running += 1;
      return undefined;
    }
    const alike = share.waiting.filter((waiter) => waiter.startsStream === startsStream).length;
    if (alike >= (startsStream ? this.limits.waitingStreams : this.limits.waiting)) throw this.tooMany();
    return new Promise((begin, fail) => {
      const waiter: Waiter = { startsStream, isWanted, begin, fail, timer: undefined };
      waiter.timer = setTimeout(() => {
        share.waiting.splice(share.waiting.indexOf(waiter), 1);
        fail(this.tooMany());
      }, this.limits.waitMs).unref();
      share.waiting.push(waiter);
    });
  }

  private leave(id: string): void {
    const share = this.shares.get(id);
    if (!share) return;
    share.running -= 1;
    for (let next = share.waiting.shift(); next; next = share.waiting.shift()) {
      clearTimeout(next.timer);
      if (next.isWanted()) {
        share.running += 1;
        next.begin();
        return;
      }
      next.fail(new Denied("RATE_LIMITED", "The client left before it was its turn.", RETRY_SECONDS));
    }
    if (share.running === 0) this.shares.delete(id);
  }

  private tooMany(): Denied {
    const { running, waiting } = this.limits;
    const message = `One person runs at most ${running} operations at a time, and ${waiting} may wait. Try again shortly.`;
    return new Denied("RATE_LIMITED", message, RETRY_SECONDS);
  }
}

/**
 * Whether a document begins with a subscription. Read without parsing it; where this is wrong, the operation waits in
 * another line, and no more of them run.
 */
export function startsWithSubscription(query: unknown): boolean {
  if (typeof query !== "string") return false;
  try {
    const token = new Lexer(new Source(query)).advance();
    return token.kind === TokenKind.NAME && token.value === "subscription";
  } catch {
    return false;
  }
}

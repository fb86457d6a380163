import { Lexer, Source, TokenKind } from "graphql";
import { Denied } from "../../domain/denial";
import type { Viewer } from "../../domain/viewer";
import { STREAMS_PER_PERSON } from "../../live/open-streams";
import { countRefusal } from "../../process-metrics";

/** Limits per person and process, over all their connections. docs/permissions.md documents them for clients. */
export interface FairShareLimits {
  /** Operations that run at a time. */
  running: number;
  /** Queries and mutations in the queue. */
  waiting: number;
  /** Subscriptions in the queue: a client that reconnects starts all of its subscriptions at once. */
  waitingStreams: number;
  /** The longest wait in the queue, in milliseconds. */
  waitMs: number;
}

export const FAIR_SHARE: FairShareLimits = {
  running: 8,
  waiting: 32,
  waitingStreams: STREAMS_PER_PERSON,
  waitMs: 10_000,
};

/** For the events of a person's streams. All of them wait: each stream has one at a time, and streams are limited. */
export const EVENT_SHARE: FairShareLimits = {
  running: 8,
  waiting: Number.POSITIVE_INFINITY,
  waitingStreams: Number.POSITIVE_INFINITY,
  // The longest time of a timer, 24 days.
  waitMs: 2 ** 31 - 1,
};

const RETRY_SECONDS = 1;

/** An operation that waits for its turn. */
export interface TurnRequest {
  viewer: Viewer;
  startsStream: boolean;
  /** Whether the client still waits; otherwise the operation is not started. */
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
 * Limits how many operations of one person run at a time. A person who sends many at once waits in their own queue, and
 * delays nobody else. Services are not limited: they act for many people and belong to the platform. Anonymous callers
 * are not limited either: behind a gateway they share one address, so one could block the others.
 */
export class FairShare {
  private readonly shares = new Map<string, Share>();

  constructor(private readonly limits: FairShareLimits = FAIR_SHARE) {}

  /** Runs `work` when it is the viewer's turn. Throws RATE_LIMITED if their queue is full or the wait too long. */
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

  /** How many operations run and wait, and of how many people. */
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
    const queued = share.waiting.filter((waiter) => waiter.startsStream === startsStream).length;
    if (queued >= (startsStream ? this.limits.waitingStreams : this.limits.waiting)) throw this.tooMany();
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
      next.fail(new Denied("RATE_LIMITED", "The client left before its turn came.", RETRY_SECONDS));
    }
    if (share.running === 0) this.shares.delete(id);
  }

  private tooMany(): Denied {
    countRefusal("fair_share");
    const { running, waiting } = this.limits;
    const message = `You can run at most ${running} operations at a time, and ${waiting} more can wait. Try again in a second.`;
    return new Denied("RATE_LIMITED", message, RETRY_SECONDS);
  }
}

/**
 * Whether a document begins with a subscription. Reads only one token. If that is misleading, the operation waits in
 * the other queue, and the limits still hold.
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

import {
  connect,
  type StreamResult,
  subscribeByEvents,
  subscribeBySocket,
  type TestSubscription,
} from "../../support/test-subscription";
import type { Person, Replicas } from "./replicas";

export type Transport = "WebSocket" | "event stream";

/** One row of an organization's log. */
export interface Logged {
  sequence: number;
  type: string;
  subjectId: string;
  data: { userId?: string; email?: string; after?: { role?: string } };
}

const RETRY_AFTER_MS = 20;
/** Codes of an outage: a client subscribes again after its last cursor. */
const RETRYABLE = ["UNAVAILABLE", "DEADLINE_EXCEEDED", "INTERNAL_SERVER_ERROR"];

/** A client that subscribes, and reconnects to any replica after a disconnection. */
export abstract class Follower {
  /** The error code that ended it; null while it runs. */
  endedWith: string | null = null;
  protected stream: (TestSubscription & { stop(): void }) | null = null;
  private running: Promise<void> = Promise.resolve();
  private isDone = false;

  constructor(
    private readonly replicas: Replicas,
    readonly who: Person,
    private readonly transport: Transport,
  ) {}

  /** Returns how its events differ from the log, or null. */
  abstract judge(log: readonly Logged[], pendingIds: ReadonlySet<string>): string | null;

  /** The document of the next connection. */
  protected abstract query(): string;

  /** Gets the results of a connection that has ended. */
  protected abstract gather(results: readonly StreamResult[]): void;

  start(): this {
    this.running = this.follow();
    return this;
  }

  disconnect(): void {
    this.stream?.stop();
  }

  async finish(): Promise<void> {
    this.isDone = true;
    this.disconnect();
    await this.running;
  }

  protected get name(): string {
    return `${this.who.id}, ${/organizationEvents|\w+Changed/.exec(this.query())?.[0]} by ${this.transport}`;
  }

  private async follow(): Promise<void> {
    while (!this.isDone && !this.endedWith) {
      const stop = await this.open();
      // `finish` may have been called before there was a stream to end.
      if (this.isDone) this.disconnect();
      const results = (await this.stream?.over()) ?? [];
      this.stream = null;
      this.gather(results);
      const code = results.findLast(({ errors }) => errors)?.errors?.[0]?.extensions.code;
      if (code && !RETRYABLE.includes(code)) this.endedWith = code;
      await stop();
      if (!this.endedWith) await new Promise((resolve) => setTimeout(resolve, RETRY_AFTER_MS));
    }
  }

  private async open(): Promise<() => Promise<void> | void> {
    const [port, { token }] = [this.replicas.port(), this.who];
    const query = this.query();
    if (this.transport === "event stream") {
      this.stream = await subscribeByEvents(port, token, query).catch(() => null);
      return () => undefined;
    }
    const client = connect(port, token);
    this.stream = subscribeBySocket(client, query);
    return () => client.dispose();
  }
}

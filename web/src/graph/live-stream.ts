import type { ApolloLink } from "@apollo/client";
import { CombinedGraphQLErrors } from "@apollo/client/errors";
import type { GraphQLFormattedError } from "graphql";
import type { ExecutionResult, Sink, SubscribePayload } from "graphql-ws";

const MAX_WAIT_MS = 10_000;

/** Codes with which the service closes a socket and graphql-ws gives up. */
const CLOSED = { unauthorized: 4401, tooManySockets: 4429, failed: 4500 };

type Result = ExecutionResult<Record<string, unknown>>;

interface Options {
  /** Sent again by graphql-ws whenever it opens the socket again, with the variables of that moment. */
  request: SubscribePayload & { variables: Record<string, unknown> };
  observer: { next(result: ApolloLink.Result): void; error(error: unknown): void; complete(): void };
  subscribe(sink: Sink<Result>): () => void;
  /** Reopens the connection with a new token. Returns false if the person has to sign in again. */
  replaceToken(): Promise<boolean>;
  /** A cursor of now, in place of one that the service refuses. Null without access. */
  freshCursor(variables: Record<string, unknown>): Promise<string | null>;
  /** How often the service has accepted a connection so far. */
  connections(): number;
}

/** One subscription, which continues after its last event whenever it is interrupted. */
export class LiveStream {
  private end = () => {};
  private timer: ReturnType<typeof setTimeout> | undefined;
  private retries = 0;
  private begunAt = 0;
  private isStopped = false;
  /** The number of connections when the token was last replaced. */
  private renewedAt: number | null = null;
  /** The number of connections when the cursor was last replaced. */
  private restartedAt: number | null = null;

  constructor(private readonly options: Options) {}

  begin(): void {
    this.begunAt = Date.now();
    let isInterrupted = false;
    const interrupted = (cause: unknown) => {
      isInterrupted ||= this.recover(cause);
      return isInterrupted;
    };
    this.end = this.options.subscribe({
      next: (result) => {
        if (!isInterrupted && !interrupted(result.errors)) this.receive(result);
      },
      error: (cause) => {
        if (!isInterrupted && !interrupted(cause)) this.options.observer.error(toError(cause));
      },
      complete: () => {
        if (!isInterrupted) this.options.observer.complete();
      },
    });
  }

  stop(): void {
    this.isStopped = true;
    clearTimeout(this.timer);
    this.end();
  }

  private receive(result: Result): void {
    this.retries = 0;
    const cursor = cursorOf(result.data);
    if (cursor !== null) this.options.request.variables.after = cursor;
    this.options.observer.next(result as ApolloLink.Result);
  }

  /** Subscribes again if the cause allows it. */
  private recover(cause: unknown): boolean {
    if (isRefusedToken(cause)) {
      // No connection since the last renewal: the service refuses the new token, too.
      if (this.renewedAt === this.options.connections()) return false;
      this.interrupt(() => void this.renew(cause), { isUrgent: true });
      return true;
    }
    if (this.isRefusedCursor(cause)) {
      this.interrupt(() => void this.restart(), { isUrgent: true });
      return true;
    }
    if (!isPassing(cause)) return false;
    this.interrupt(() => this.begin());
    return true;
  }

  /** The service refuses a cursor from before its database was restored. A new one is refused for another reason. */
  private isRefusedCursor(cause: unknown): boolean {
    const hasCursor = typeof this.options.request.variables.after === "string";
    return hasCursor && codeOf(cause) === "BAD_USER_INPUT" && this.restartedAt !== this.options.connections();
  }

  /** Ends the subscription and takes the next step after a while; at once if that is urgent and nothing failed before. */
  private interrupt(next: () => void, { isUrgent = false } = {}): void {
    this.end();
    if (Date.now() - this.begunAt > MAX_WAIT_MS) this.retries = 0;
    const wait = isUrgent && this.retries === 0 ? 0 : waitBefore(this.retries);
    this.retries += 1;
    clearTimeout(this.timer);
    this.timer = setTimeout(next, wait);
  }

  private async renew(cause: unknown): Promise<void> {
    this.renewedAt = this.options.connections();
    try {
      const isRenewed = await this.options.replaceToken();
      if (this.isStopped) return;
      if (isRenewed) this.begin();
      else this.options.observer.error(toError(cause));
    } catch {
      // The provider cannot be reached.
      this.renewedAt = null;
      if (!this.isStopped) this.interrupt(() => void this.renew(cause));
    }
  }

  /** Goes on from now. */
  private async restart(): Promise<void> {
    const { request, freshCursor, connections } = this.options;
    this.restartedAt = connections();
    try {
      request.variables.after = await freshCursor(request.variables);
      if (!this.isStopped) this.begin();
    } catch {
      // The service cannot be reached.
      if (!this.isStopped) this.interrupt(() => void this.restart());
    }
  }
}

/** Milliseconds to wait before a retry: doubled each time, with jitter. */
export function waitBefore(retries: number): number {
  return Math.min(MAX_WAIT_MS, 200 * 2 ** retries) * (0.5 + Math.random() / 2);
}

function isRefusedToken(cause: unknown): boolean {
  return closeCodeOf(cause) === CLOSED.unauthorized || codeOf(cause) === "UNAUTHENTICATED";
}

/** A gateway holds the socket while the service behind it restarts, and then reports UNAVAILABLE. */
function isPassing(cause: unknown): boolean {
  const closed = closeCodeOf(cause);
  return codeOf(cause) === "UNAVAILABLE" || closed === CLOSED.tooManySockets || closed === CLOSED.failed;
}

function codeOf(cause: unknown): unknown {
  return Array.isArray(cause) ? (cause as GraphQLFormattedError[])[0]?.extensions?.code : undefined;
}

function closeCodeOf(cause: unknown): unknown {
  return typeof cause === "object" && cause !== null && "code" in cause ? cause.code : undefined;
}

/** The cause as an Error for Apollo Client's views, with the service's code if there is one. */
function toError(cause: unknown): unknown {
  if (Array.isArray(cause)) return new CombinedGraphQLErrors({ errors: cause as GraphQLFormattedError[] });
  const code = closeCodeOf(cause);
  if (code === undefined) return cause;
  const message = `The service closed the connection with code ${code}.`;
  if (code !== CLOSED.unauthorized) return new Error(message);
  return new CombinedGraphQLErrors({ errors: [{ message, extensions: { code: "UNAUTHENTICATED" } }] });
}

function cursorOf(data: Record<string, unknown> | null | undefined): string | null {
  const [event] = Object.values(data ?? {}) as Array<{ cursor?: string } | null>;
  return event?.cursor ?? null;
}

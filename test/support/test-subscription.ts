import { type Client, createClient } from "graphql-ws";
import WebSocket from "ws";

/** One result of a stream. */
// biome-ignore lint/suspicious/noExplicitAny: the shape depends on the document
export type StreamResult = { data?: any; errors?: Array<{ message: string; extensions: { code: string } }> };

/** A subscription that collects its results, for a test to wait for. */
export class TestSubscription {
  readonly received: StreamResult[] = [];
  isOver = false;
  /** The close code of its connection; null while it is open, and after a normal end. */
  closedWith: { code: number; reason: string } | null = null;
  private waiting: Array<() => void> = [];

  /** Resolves with the first `n` results. Rejects if the stream ends before. */
  async count(n: number): Promise<StreamResult[]> {
    while (this.received.length < n) {
      if (this.isOver)
        throw new Error(`The stream ended after ${this.received.length}: ${JSON.stringify(this.received.at(-1))}.`);
      await this.change();
    }
    return this.received.slice(0, n);
  }

  /** Resolves with all results when the stream has ended. */
  async over(): Promise<StreamResult[]> {
    while (!this.isOver) await this.change();
    return this.received;
  }

  next(message: StreamResult): void {
    this.received.push(message);
    this.notify();
  }

  end(closed?: unknown): void {
    const { code, reason } = (closed ?? {}) as { code?: number; reason?: string };
    if (code) this.closedWith = { code, reason: reason ?? "" };
    this.isOver = true;
    this.notify();
  }

  private change(): Promise<void> {
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  private notify(): void {
    for (const resolve of this.waiting.splice(0)) resolve();
  }
}

/** A graphql-ws client that opens its socket at once and does not retry. */
export function connect(port: number, token: string | null): Client {
  return createClient({
    url: `ws://127.0.0.1:${port}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: token === null ? {} : { authorization: `Bearer ${token}` },
    retryAttempts: 0,
    lazy: false,
    onNonLazyError: () => undefined,
  });
}

/** Subscribes over a WebSocket. */
export function subscribeBySocket(client: Client, query: string, variables = {}): TestSubscription & { stop(): void } {
  const subscription = new TestSubscription();
  const stop = client.subscribe(
    { query, variables },
    {
      next: (message) => subscription.next(message as StreamResult),
      error: (error) => {
        if (Array.isArray(error)) subscription.next({ errors: error as unknown as StreamResult["errors"] });
        subscription.end(error);
      },
      complete: () => subscription.end(),
    },
  );
  return Object.assign(subscription, { stop });
}

/** Subscribes over server-sent events, as a browser's fetch would. */
export async function subscribeByEvents(
  port: number,
  token: string | null,
  query: string,
  variables = {},
  path = "/graphql/stream",
): Promise<TestSubscription & { status: number; stop(): void }> {
  const subscription = new TestSubscription();
  const abort = new AbortController();
  const response = await fetch(`http://127.0.0.1:${port}${path}`, {
    method: "POST",
    signal: abort.signal,
    headers: {
      "content-type": "application/json",
      accept: "text/event-stream",
      ...(token !== null && { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify({ query, variables }),
  });
  void gather(response, subscription).catch(() => subscription.end());
  return Object.assign(subscription, { status: response.status, stop: () => abort.abort() });
}

async function gather(response: Response, subscription: TestSubscription): Promise<void> {
  let text = "";
  for await (const chunk of response.body ?? []) {
    text += Buffer.from(chunk).toString();
    const messages = text.split("\n\n");
    text = messages.pop() ?? "";
    for (const message of messages) {
      const data = /^data: (.*)$/m.exec(message)?.[1];
      if (/^event: next$/m.test(message) && data) subscription.next(JSON.parse(data));
      if (/^event: complete$/m.test(message)) subscription.end();
    }
  }
  subscription.end({ code: response.status, reason: text });
}

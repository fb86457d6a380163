import { type Client, createClient } from "graphql-ws";
import WebSocket from "ws";

/** One message of a stream, as a test looks at it. */
// biome-ignore lint/suspicious/noExplicitAny: a test reads into whatever its own document asked for
export type StreamResult = { data?: any; errors?: Array<{ message: string; extensions: { code: string } }> };

/** A subscription that gathers what it is told, and can be waited for. */
export class Watching {
  readonly received: StreamResult[] = [];
  isOver = false;
  /** What ended the connection below it. */
  closedWith: { code: number; reason: string } | null = null;
  private waiting: Array<() => void> = [];

  /** Resolves once so many messages have come. Fails when the stream ends before. */
  async count(n: number): Promise<StreamResult[]> {
    while (this.received.length < n) {
      if (this.isOver)
        throw new Error(`The stream ended after ${this.received.length}: ${JSON.stringify(this.received.at(-1))}.`);
      await this.change();
    }
    return this.received.slice(0, n);
  }

  /** Resolves when the stream is over, with all that was told. */
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

/** Subscribes on a client. */
export function watch(client: Client, query: string, variables = {}): Watching & { stop(): void } {
  const watching = new Watching();
  const stop = client.subscribe(
    { query, variables },
    {
      next: (message) => watching.next(message as StreamResult),
      error: (error) => {
        if (Array.isArray(error)) watching.next({ errors: error as unknown as StreamResult["errors"] });
        watching.end(error);
      },
      complete: () => watching.end(),
    },
  );
  return Object.assign(watching, { stop });
}

/** Subscribes over server-sent events, as a browser's fetch would. */
export async function watchEvents(
  port: number,
  token: string | null,
  query: string,
  variables = {},
  path = "/graphql/stream",
): Promise<Watching & { status: number; stop(): void }> {
  const watching = new Watching();
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
  void gather(response, watching).catch(() => watching.end());
  return Object.assign(watching, { status: response.status, stop: () => abort.abort() });
}

async function gather(response: Response, watching: Watching): Promise<void> {
  let text = "";
  for await (const chunk of response.body ?? []) {
    text += Buffer.from(chunk).toString();
    const messages = text.split("\n\n");
    text = messages.pop() ?? "";
    for (const message of messages) {
      const data = /^data: (.*)$/m.exec(message)?.[1];
      if (/^event: next$/m.test(message) && data) watching.next(JSON.parse(data));
      if (/^event: complete$/m.test(message)) watching.end();
    }
  }
  watching.end({ code: response.status, reason: text });
}

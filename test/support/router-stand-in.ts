import { randomUUID } from "node:crypto";
import { once } from "node:events";
import http from "node:http";
import type { AddressInfo } from "node:net";
import type { StreamResult } from "./test-subscription";

/** A message to the router. */
export interface Received {
  action: string;
  id: string;
  payload?: StreamResult;
  errors?: StreamResult["errors"];
}

interface Subscription {
  id: string;
  verifier: string;
}

/**
 * Stands in for Apollo Router by its documentation of callback/1.0: creates ids and verifiers, confirms a check with
 * 204 and its version, accepts a result with 200 and an end with 202, and returns 404 for unknown subscriptions.
 */
export class RouterStandIn {
  readonly received: Received[] = [];
  /** The violations of the protocol. */
  readonly violations: string[] = [];
  /** Each replaces one response: a status, or the target of a redirect. */
  readonly oddities: Array<number | string> = [];
  private readonly active = new Map<string, Subscription>();
  private readonly server = http.createServer((request, response) => void this.take(request, response));
  private waiting: Array<() => void> = [];
  private held: { reach(): void; released: Promise<void> } | null = null;

  static async start(): Promise<RouterStandIn> {
    const router = new RouterStandIn();
    router.server.listen(0, "127.0.0.1");
    await once(router.server, "listening");
    return router;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/callback`;
  }

  /** The extension of a request for the results of a subscription with this id. */
  extensionOf(id: string) {
    const verifier = this.active.get(id)?.verifier ?? randomUUID();
    this.active.set(id, { id, verifier });
    return { callbackUrl: `${this.url}/${id}`, subscriptionId: id, verifier };
  }

  /** Sends a subscription to a subgraph. `change` overrides parts of the request. */
  async subscribe(
    port: number,
    token: string | null,
    body: { query: string; variables?: object },
    request: { extension?: object; headers?: Record<string, string>; signal?: AbortSignal } = {},
  ) {
    const { extension = {}, headers = {}, signal = null } = request;
    const subscription = { id: randomUUID(), verifier: randomUUID() };
    this.active.set(subscription.id, subscription);
    const callback = {
      callbackUrl: `${this.url}/${subscription.id}`,
      subscriptionId: subscription.id,
      verifier: subscription.verifier,
      heartbeatIntervalMs: 0,
      ...extension,
    };
    const response = await fetch(`http://127.0.0.1:${port}/graphql`, {
      method: "POST",
      signal,
      headers: {
        "content-type": "application/json",
        accept: "application/json;callbackSpec=1.0, application/json",
        ...(token !== null && { authorization: `Bearer ${token}` }),
        ...headers,
      },
      body: JSON.stringify({ ...body, extensions: { subscription: callback } }),
    });
    return {
      id: subscription.id,
      status: response.status,
      headers: response.headers,
      answer: (await response.json()) as StreamResult,
      receivedBefore: this.of(subscription.id).map(({ action }) => action),
    };
  }

  /** The messages of one subscription. */
  of(id: string): Received[] {
    return this.received.filter((message) => message.id === id);
  }

  /** Resolves once a condition holds of a subscription's messages. */
  async until(id: string, holds: (messages: Received[]) => boolean): Promise<Received[]> {
    while (!holds(this.of(id))) await new Promise<void>((resolve) => this.waiting.push(resolve));
    return this.of(id);
  }

  /** Holds back the response to the next message. */
  hold(): { reached: Promise<void>; release: () => void } {
    let release = () => {};
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    const reached = new Promise<void>((resolve) => {
      this.held = { reach: resolve, released };
    });
    return { reached, release };
  }

  /** Forgets a subscription, because its client has disconnected. */
  forget(id: string): void {
    this.active.delete(id);
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async take(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    let text = "";
    for await (const chunk of request) text += chunk;
    const message = JSON.parse(text) as Received & { kind: string; verifier: string };
    const { kind, verifier, ...received } = message;
    if (request.method !== "POST" || kind !== "subscription") this.violations.push(`${request.method} ${kind}`);
    if (request.headers["subscription-protocol"] !== "callback/1.0") this.violations.push("no version");
    if (request.url !== `/callback/${message.id}`) this.violations.push(`sent to ${request.url}`);
    this.received.push(received);
    const { held } = this;
    this.held = null;
    held?.reach();
    await held?.released;
    const oddity = this.oddities.shift();
    if (typeof oddity === "string") response.writeHead(307, { location: oddity }).end();
    else response.writeHead(oddity ?? this.statusFor(message), { "subscription-protocol": "callback/1.0" }).end();
    for (const resolve of this.waiting.splice(0)) resolve();
  }

  private statusFor({ action, id, verifier }: { action: string; id: string; verifier: string }): number {
    const known = this.active.get(id);
    if (!known) return 404;
    if (known.verifier !== verifier) return 401;
    if (action === "complete") this.active.delete(id);
    return { check: 204, next: 200, complete: 202 }[action] ?? 400;
  }
}

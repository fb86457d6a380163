import { randomUUID } from "node:crypto";
import http from "node:http";
import type { AddressInfo } from "node:net";
import Stripe from "stripe";
import { CALLS } from "./stripe-calls";
import { callOf, strangeParameter } from "./stripe-reference";
import { StripeRefusal } from "./stripe-refusal";
import type { Json } from "./stripe-shapes";
import { StripeState } from "./stripe-state";

/**
 * A stand-in for Stripe with state. It refuses paths and parameters that the API reference lacks, and everything that
 * the real Stripe refuses in the same state.
 */
export class StripeStandIn extends StripeState {
  readonly secretKey = "sk_test_stand_in";
  readonly webhookSecret = "whsec_stand_in";
  readonly calls: Array<{ call: string; parameters: Record<string, string>; key: string | null }> = [];
  /** The headers of every request. */
  readonly headers: http.IncomingHttpHeaders[] = [];
  readonly refusals: string[] = [];
  /** Executes the next such call, and closes the connection without a response. */
  loseResponseTo: string | null = null;
  /** Fails the next such call without executing it. */
  failAt: string | null = null;
  /** Whether a failure asks for a repetition. */
  suggestsRetry = false;
  /** While set, no call is executed: each is answered with 503 or 429, or its connection is closed. */
  outage: "failing" | "unreachable" | "limiting its callers" | null = null;
  private held: { call: string; reached: () => void; released: Promise<void> } | null = null;
  private readonly answered = new Map<string, { status: number; body: Json; request: string }>();

  private constructor(private readonly server: http.Server) {
    super();
  }

  static async start(): Promise<StripeStandIn> {
    const server = http.createServer();
    const standIn = new StripeStandIn(server);
    server.on("request", (request, response) => void standIn.serve(request, response));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return standIn;
  }

  get environment(): Record<string, string> {
    const { port } = this.server.address() as AddressInfo;
    return {
      STRIPE_SECRET_KEY: this.secretKey,
      STRIPE_WEBHOOK_SECRET: this.webhookSecret,
      STRIPE_API_URL: `http://127.0.0.1:${port}`,
    };
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  /** Executes the next such call, and holds its response back. */
  hold(call: string): { reached: Promise<void>; release: () => void } {
    let release = () => {};
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    const reached = new Promise<void>((resolve) => {
      this.held = { call, reached: resolve, released };
    });
    return { reached, release };
  }

  /** A signed event. The service reads only the customer from it. */
  event(type: string, customer: string, { id = `evt_${randomUUID()}`, at = Date.now() / 1000 } = {}) {
    const isAboutCustomer = /^customer\.[a-z]+$/.test(type);
    const subject = isAboutCustomer
      ? { id: customer, object: "customer" }
      : { id: "obj", object: "subscription", customer };
    const object = { ...subject, metadata: { organization_id: "somebody-elses" } };
    const body = JSON.stringify({ id, object: "event", api_version: "2026-01-01", type, data: { object } });
    const { webhookSecret: secret } = this;
    const signature = Stripe.webhooks.generateTestHeaderString({ payload: body, secret, timestamp: Math.floor(at) });
    return { body, signature };
  }

  private async serve(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    this.headers.push(request.headers);
    // Stripe's library measures only calls whose response has an id.
    response.setHeader("request-id", `req_${this.headers.length}`);
    if (this.outage === "unreachable") return void request.socket.destroy();
    if (this.outage) {
      const error = { type: "api_error", message: "Later." };
      response.writeHead(this.outage === "failing" ? 503 : 429, { "stripe-should-retry": "false" });
      response.end(JSON.stringify({ error }));
      return;
    }
    let text = "";
    for await (const chunk of request) text += chunk;
    const { pathname, searchParams } = new URL(request.url ?? "", "http://stripe");
    const parameters = Object.fromEntries([...searchParams, ...new URLSearchParams(text)]);
    const path = `${request.method} ${pathname}`;
    const { "idempotency-key": key, authorization } = request.headers;
    const id = typeof key === "string" && request.method === "POST" ? key : null;
    const sent = `${path} ${text}`;
    if (this.failAt && this.failAt === callOf(path)?.call) {
      this.failAt = null;
      response.writeHead(500, { "stripe-should-retry": String(this.suggestsRetry) }).end();
      return;
    }
    const known = id ? this.answered.get(id) : undefined;
    const answer = known ? this.again(known, sent) : this.answer(path, parameters, authorization, id);
    if (id && !known) this.answered.set(id, { ...answer, request: sent });
    if (this.held && this.held.call === callOf(path)?.call) {
      const { reached, released } = this.held;
      this.held = null;
      reached();
      await released;
    }
    if (this.loseResponseTo === path) {
      this.loseResponseTo = null;
      request.socket.destroy();
      return;
    }
    response.writeHead(answer.status, { "content-type": "application/json" }).end(JSON.stringify(answer.body));
  }

  /** A repeated key gets the first response; with another request it is an error. */
  private again(known: { status: number; body: Json; request: string }, request: string) {
    return known.request === request ? known : this.refuse(400, `a key of ${known.request} for ${request}`);
  }

  private answer(path: string, parameters: Record<string, string>, authorization = "", key: string | null) {
    if (authorization !== `Bearer ${this.secretKey}`) return this.refuse(401, `the key ${authorization}`);
    const found = callOf(path);
    if (!found) return this.refuse(404, path);
    const { call, id } = found;
    this.calls.push({ call, parameters, key });
    const strange = strangeParameter(call, parameters);
    if (strange) return this.refuse(400, `${call} with ${strange}: ${parameters[strange]}`);
    if (isWrite(call) && !isOwnKey(key)) return this.refuse(400, `${call} without a key`);
    try {
      return { status: 200, body: CALLS[call]?.(this, id, parameters) ?? {} };
    } catch (error) {
      if (!(error instanceof StripeRefusal)) throw error;
      if (!error.isExpected) this.refusals.push(`${path}: ${error.message}`);
      return { status: error.status, body: error.body };
    }
  }

  private refuse(status: number, what: string) {
    this.refusals.push(what);
    return { status, body: { error: { type: "invalid_request_error", message: what } } as Json };
  }
}

function isWrite(call: string): boolean {
  return call.startsWith("POST") && !call.endsWith("/create_preview");
}

/** Stripe's library makes a key for a call without one. It differs with each call, so a repeated call has two effects. */
function isOwnKey(key: string | null): boolean {
  return key !== null && !key.startsWith("stripe-node-retry");
}

import { createHmac, randomUUID } from "node:crypto";
import http from "node:http";
import type { AddressInfo } from "node:net";

type Json = { [key: string]: Json | Json[] | string | number | boolean | null };
interface Subscription {
  id: string;
  customer: string;
  price: string;
  status: string;
  cancelAtPeriodEnd: boolean;
  start: number;
  created: number;
}

/** What each path takes, as the API reference has it. Anything else is refused, as Stripe does. */
const PARAMETERS: Record<string, RegExp> = {
  "POST /v1/customers": /^(name|email|metadata\[\w+\])$/,
  "GET /v1/customers/:id": /^expand\[\d\]$/,
  "GET /v1/prices": /^(lookup_keys\[\d\]|active|limit)$/,
  "POST /v1/prices": /^(currency|unit_amount|recurring\[interval\]|lookup_key|product_data\[name\])$/,
  "POST /v1/checkout/sessions": /^(mode|customer|line_items\[\d\]\[(price|quantity)\]|success_url|cancel_url)$/,
  "POST /v1/billing_portal/sessions": /^(customer|return_url)$/,
  "GET /v1/subscriptions": /^(customer|status|limit|expand\[\d\])$/,
  "GET /v1/subscriptions/:id": /^expand\[\d\]$/,
  "POST /v1/subscriptions/:id": /^(items\[0\]\[(id|price)\]|proration_behavior|payment_behavior|cancel_at_period_end)$/,
};
const DAY = 24 * 3600;

/** A Stripe of our own: it keeps state, and refuses every path and parameter that the API reference does not have. */
export class StripeStandIn {
  readonly secretKey = "sk_test_stand_in";
  readonly webhookSecret = "whsec_stand_in";
  readonly calls: Array<{ call: string; parameters: Record<string, string>; key: string | null }> = [];
  readonly refusals: string[] = [];
  declines = false;
  private readonly customers = new Map<string, { id: string; name: string; card: string | null }>();
  private readonly prices = new Map<string, Json & { id: string; lookup_key: string }>();
  private readonly subscriptions = new Map<string, Subscription>();
  private readonly sessions = new Map<string, { customer: string; price: string }>();
  private readonly answered = new Map<string, { status: number; body: Json }>();
  private count = 0;

  private constructor(private readonly server: http.Server) {}

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

  /** Somebody pays on the page of a checkout. */
  pay(url: string): { customer: string; subscription: string } {
    const session = this.sessions.get(url.split("/").at(-1) ?? "");
    const customer = this.customers.get(session?.customer ?? "");
    if (!session || !customer) throw new Error(`No checkout: ${url}`);
    customer.card = "4242";
    const now = Math.floor(Date.now() / 1000);
    const id = `sub_${++this.count}`;
    const { price } = session;
    const state = { id, customer: customer.id, price, status: "active", cancelAtPeriodEnd: false, start: now };
    this.subscriptions.set(id, { ...state, created: now + this.count });
    return { customer: customer.id, subscription: id };
  }

  /** What Stripe does by itself: time passes, cards fail. */
  change(id: string, patch: Partial<Pick<Subscription, "status" | "start" | "price" | "cancelAtPeriodEnd">>): void {
    Object.assign(this.subscriptionOf(id), patch);
  }

  nextPeriod(id: string): void {
    const subscription = this.subscriptionOf(id);
    if (subscription.cancelAtPeriodEnd) subscription.status = "canceled";
    subscription.start += 30 * DAY;
  }

  lookupKeyOf(id: string): string {
    return this.prices.get(this.subscriptionOf(id).price)?.lookup_key ?? "";
  }

  /** A signed event; it tells no more than whose it is, as far as we are concerned. */
  event(type: string, customer: string, { id = `evt_${randomUUID()}`, at = Date.now() / 1000 } = {}) {
    const object = { id: "obj", object: "subscription", customer, metadata: { organization_id: "somebody-elses" } };
    const body = JSON.stringify({ id, object: "event", api_version: "2026-01-01", type, data: { object } });
    const time = Math.floor(at);
    const signature = createHmac("sha256", this.webhookSecret).update(`${time}.${body}`).digest("hex");
    return { body, signature: `t=${time},v1=${signature}` };
  }

  private subscriptionOf(id: string): Subscription {
    const subscription = this.subscriptions.get(id);
    if (!subscription) throw new Error(`No subscription: ${id}`);
    return subscription;
  }

  private async serve(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    let text = "";
    for await (const chunk of request) text += chunk;
    const { pathname, searchParams } = new URL(request.url ?? "", "http://stripe");
    const parameters = Object.fromEntries(request.method === "GET" ? searchParams : new URLSearchParams(text));
    const key = request.headers["idempotency-key"];
    const id = typeof key === "string" && request.method === "POST" ? key : null;
    const known = id ? this.answered.get(id) : undefined;
    const answer = known ?? this.answer(`${request.method} ${pathname}`, parameters, request.headers.authorization, id);
    if (id && answer.status === 200) this.answered.set(id, answer);
    response.writeHead(answer.status, { "content-type": "application/json" }).end(JSON.stringify(answer.body));
  }

  private answer(path: string, parameters: Record<string, string>, authorization = "", key: string | null) {
    const [, prefix = "", id = ""] = /^(\w+ \/v1\/(?:customers|subscriptions))\/(.+)$/.exec(path) ?? [];
    const call = id ? `${prefix}/:id` : path;
    this.calls.push({ call, parameters, key });
    const allowed = PARAMETERS[call];
    if (authorization !== `Bearer ${this.secretKey}`) return this.refuse(401, `the key ${authorization}`);
    if (!allowed) return this.refuse(404, path);
    const unknown = Object.keys(parameters).find((name) => !allowed.test(name));
    if (unknown) return this.refuse(400, `${call} takes no ${unknown}`);
    const body = this.perform(call, id, parameters);
    return body
      ? { status: 200, body }
      : this.refuse(this.declines ? 402 : 404, `${path} with ${JSON.stringify(parameters)}`);
  }

  private refuse(status: number, what: string) {
    if (status !== 402) this.refusals.push(what);
    const declined = { type: "card_error", code: "card_declined", message: "Your card was declined." };
    return {
      status,
      body: { error: status === 402 ? declined : { type: "invalid_request_error", message: what } } as Json,
    };
  }

  private perform(call: string, id: string, given: Record<string, string>): Json | null {
    switch (call) {
      case "POST /v1/customers": {
        const customer = { id: `cus_${++this.count}`, name: given.name ?? "", card: null };
        this.customers.set(customer.id, customer);
        return { object: "customer", ...customer };
      }
      case "GET /v1/customers/:id": {
        const customer = this.customers.get(id);
        return customer
          ? { id, object: "customer", invoice_settings: { default_payment_method: cardOf(customer.card) } }
          : null;
      }
      case "GET /v1/prices":
        return list([...this.prices.values()].filter((price) => price.lookup_key === given["lookup_keys[0]"]));
      case "POST /v1/prices": {
        const price = {
          id: `price_${++this.count}`,
          object: "price",
          lookup_key: given.lookup_key ?? "",
          unit_amount: Number(given.unit_amount),
          recurring: { interval: given["recurring[interval]"] ?? "" },
        };
        this.prices.set(price.id, price);
        return price;
      }
      case "POST /v1/checkout/sessions": {
        const session = { customer: given.customer ?? "", price: given["line_items[0][price]"] ?? "" };
        if (!this.customers.has(session.customer) || !this.prices.has(session.price)) return null;
        const name = `cs_${++this.count}`;
        this.sessions.set(name, session);
        return { id: name, object: "checkout.session", url: `https://checkout.example/${name}` };
      }
      case "POST /v1/billing_portal/sessions":
        return this.customers.has(given.customer ?? "")
          ? { object: "billing_portal.session", url: `https://portal.example/${given.customer}` }
          : null;
      case "GET /v1/subscriptions":
        return list(
          [...this.subscriptions.values()]
            .filter(({ customer }) => customer === given.customer)
            .map((s) => this.show(s)),
        );
      case "GET /v1/subscriptions/:id":
        return this.subscriptions.has(id) ? this.show(this.subscriptionOf(id)) : null;
      case "POST /v1/subscriptions/:id": {
        if (this.declines && given.payment_behavior === "error_if_incomplete") return null;
        const subscription = this.subscriptionOf(id);
        if (given["items[0][price]"]) subscription.price = given["items[0][price]"];
        if (given.cancel_at_period_end) subscription.cancelAtPeriodEnd = given.cancel_at_period_end === "true";
        return this.show(subscription);
      }
      default:
        return null;
    }
  }

  private show(subscription: Subscription): Json {
    const { id, customer, status, created, start, cancelAtPeriodEnd } = subscription;
    const item = {
      id: `si_${id}`,
      price: this.prices.get(subscription.price) ?? null,
      current_period_start: start,
      current_period_end: start + 30 * DAY,
    };
    return {
      ...{ id, object: "subscription", customer, status, created },
      billing_cycle_anchor: start,
      cancel_at_period_end: cancelAtPeriodEnd,
      default_payment_method: cardOf(this.customers.get(customer)?.card ?? null),
      items: list([item]),
    };
  }
}

function list(data: Json[]): Json {
  return { object: "list", data, has_more: false };
}

function cardOf(last4: string | null): Json | null {
  return last4 === null
    ? null
    : { id: "pm_1", object: "payment_method", card: { brand: "visa", last4, exp_month: 4, exp_year: 2030 } };
}

export type Json = { [key: string]: Json | Json[] | string | number | boolean | null };
interface Subscription {
  id: string;
  customer: string;
  price: string;
  status: string;
  cancelAtPeriodEnd: boolean;
  start: number;
  created: number;
  schedule: string | null;
}
interface Session {
  id: string;
  customer: string;
  price: string;
  status: string;
}

const DAY = 24 * 3600;

/** What Stripe knows, and what its calls do to it. */
export class StripeState {
  /** What was charged, or billed by proration, beyond what a checkout took. */
  readonly invoices: Array<{ subscription: string; price: string }> = [];
  declines = false;
  private readonly customers = new Map<string, { id: string; name: string; card: string | null }>();
  private readonly prices = new Map<string, Json & { id: string; lookup_key: string }>();
  private readonly subscriptions = new Map<string, Subscription>();
  private readonly sessions = new Map<string, Session>();
  private readonly schedules = new Map<string, { subscription: string; prices: string[] }>();
  private count = 0;

  isOpen(url: string): boolean {
    return this.sessions.get(url.split("/").at(-1) ?? "")?.status === "open";
  }

  /** Somebody pays on the page of a checkout. */
  pay(url: string): { customer: string; subscription: string } {
    const session = this.sessions.get(url.split("/").at(-1) ?? "");
    const customer = this.customers.get(session?.customer ?? "");
    if (session?.status !== "open" || !customer) throw new Error(`No open checkout: ${url}`);
    session.status = "complete";
    customer.card = "4242";
    const now = Math.floor(Date.now() / 1000);
    const id = `sub_${++this.count}`;
    const { price } = session;
    const state = { id, customer: customer.id, price, status: "active", cancelAtPeriodEnd: false, start: now };
    this.subscriptions.set(id, { ...state, schedule: null, created: now + this.count });
    return { customer: customer.id, subscription: id };
  }

  /** What Stripe does by itself: time passes, cards fail. */
  change(id: string, patch: Partial<Pick<Subscription, "status" | "start" | "price" | "cancelAtPeriodEnd">>): void {
    Object.assign(this.subscriptionOf(id), patch);
  }

  nextPeriod(id: string): void {
    const subscription = this.subscriptionOf(id);
    if (subscription.cancelAtPeriodEnd) subscription.status = "canceled";
    const next = this.schedules.get(subscription.schedule ?? "")?.prices[1];
    if (next) Object.assign(subscription, { price: next, schedule: null });
    subscription.start += 30 * DAY;
  }

  lookupKeyOf(id: string): string {
    return this.prices.get(this.priceOf(id))?.lookup_key ?? "";
  }

  priceOf(id: string): string {
    return this.subscriptionOf(id).price;
  }

  endsWithPeriod(id: string): boolean {
    return this.subscriptionOf(id).cancelAtPeriodEnd;
  }

  /** Whether another price takes over when the period ends. */
  isScheduled(id: string): boolean {
    return (this.schedules.get(this.subscriptionOf(id).schedule ?? "")?.prices.length ?? 0) > 1;
  }

  private subscriptionOf(id: string): Subscription {
    const subscription = this.subscriptions.get(id);
    if (!subscription) throw new Error(`No subscription: ${id}`);
    return subscription;
  }

  /** What a call answers; null where it is refused. */
  protected perform(call: string, id: string, given: Record<string, string>): Json | null {
    switch (call) {
      case "POST /v1/customers": {
        const customer = { id: `cus_${++this.count}`, name: given.name ?? "", card: null };
        this.customers.set(customer.id, customer);
        return { object: "customer", ...customer };
      }
      case "GET /v1/customers/:id": {
        const customer = this.customers.get(id);
        return customer
          ? { id, object: "customer", invoice_settings: { default_payment_method: cardOf(customer.card, given) } }
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
        const id = `cs_${++this.count}`;
        const session = {
          id,
          customer: given.customer ?? "",
          price: given["line_items[0][price]"] ?? "",
          status: "open",
        };
        if (!this.customers.has(session.customer) || !this.prices.has(session.price)) return null;
        this.sessions.set(id, session);
        return showSession(session);
      }
      case "GET /v1/checkout/sessions":
        return list(
          [...this.sessions.values()]
            .reverse()
            .filter(({ customer }) => customer === given.customer)
            .map(showSession),
        );
      case "POST /v1/checkout/sessions/:id/expire": {
        const session = this.sessions.get(id);
        if (session?.status !== "open") return null;
        session.status = "expired";
        return showSession(session);
      }
      case "POST /v1/billing_portal/sessions":
        return this.customers.has(given.customer ?? "")
          ? { object: "billing_portal.session", url: `https://portal.example/${given.customer}` }
          : null;
      case "GET /v1/subscriptions":
        return list(
          [...this.subscriptions.values()]
            .filter(({ customer }) => customer === given.customer)
            .map((s) => this.show(s, given)),
        );
      case "GET /v1/subscriptions/:id":
        return this.subscriptions.has(id) ? this.show(this.subscriptionOf(id), given) : null;
      case "POST /v1/subscriptions/:id": {
        if (this.declines && given.payment_behavior === "error_if_incomplete") return null;
        const subscription = this.subscriptionOf(id);
        const price = given["items[0][price]"];
        if (price) this.bill(subscription, price, given.proration_behavior);
        if (given.cancel_at_period_end) subscription.cancelAtPeriodEnd = given.cancel_at_period_end === "true";
        return this.show(subscription, given);
      }
      case "POST /v1/subscription_schedules": {
        const subscription = this.subscriptionOf(given.from_subscription ?? "");
        if (subscription.schedule) return null;
        subscription.schedule = `sub_sched_${++this.count}`;
        this.schedules.set(subscription.schedule, { subscription: subscription.id, prices: [subscription.price] });
        return { id: subscription.schedule, object: "subscription_schedule" };
      }
      case "POST /v1/subscription_schedules/:id": {
        const schedule = this.schedules.get(id);
        if (!schedule || this.subscriptionOf(schedule.subscription).schedule !== id) return null;
        schedule.prices = [0, 1].map((phase) => given[`phases[${phase}][items][0][price]`] ?? "");
        return { id, object: "subscription_schedule" };
      }
      case "POST /v1/subscription_schedules/:id/release": {
        const schedule = this.schedules.get(id);
        if (!schedule) return null;
        this.subscriptionOf(schedule.subscription).schedule = null;
        return { id, object: "subscription_schedule", status: "released" };
      }
      default:
        return null;
    }
  }

  /** Another interval begins at once and is charged, whatever is said of proration. */
  private bill(subscription: Subscription, price: string, proration: string | undefined): void {
    if (price === subscription.price) return;
    const intervalOf = (id: string) => JSON.stringify(this.prices.get(id)?.recurring);
    const isNewInterval = intervalOf(price) !== intervalOf(subscription.price);
    if (isNewInterval) subscription.start = Math.floor(Date.now() / 1000);
    if (isNewInterval || proration === "always_invoice") this.invoices.push({ subscription: subscription.id, price });
    subscription.price = price;
  }

  private show(subscription: Subscription, given: Record<string, string>): Json {
    const { id, customer, status, created, start, cancelAtPeriodEnd, schedule } = subscription;
    const item = {
      id: `si_${id}`,
      price: this.prices.get(subscription.price) ?? null,
      current_period_start: start,
      current_period_end: start + 30 * DAY,
    };
    return {
      ...{ id, object: "subscription", customer, status, created, schedule },
      billing_cycle_anchor: start,
      cancel_at_period_end: cancelAtPeriodEnd,
      default_payment_method: cardOf(this.customers.get(customer)?.card ?? null, given),
      items: list([item]),
    };
  }
}

function list(data: Json[]): Json {
  return { object: "list", data, has_more: false };
}

function showSession({ id, customer, price, status }: Session): Json {
  const url = status === "open" ? `https://checkout.example/${id}` : null;
  return { id, object: "checkout.session", url, customer, status, metadata: { price } };
}

/** An id, unless it is asked to be expanded. */
function cardOf(last4: string | null, given: Record<string, string>): Json | string | null {
  if (last4 === null) return null;
  const card = { brand: "visa", last4, exp_month: 4, exp_year: 2030 };
  return given["expand[0]"] ? { id: "pm_1", object: "payment_method", card } : "pm_1";
}

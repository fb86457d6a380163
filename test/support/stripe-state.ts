import { missing } from "./stripe-refusal";
import {
  type CreditNote,
  type Customer,
  DAY,
  type Invoice,
  type Item,
  type Method,
  type Price,
  periodEnd,
  type Schedule,
  type Session,
  type Subscription,
} from "./stripe-shapes";

type Patch = Partial<
  Pick<Subscription, "status" | "start" | "cancelAtPeriodEnd" | "cancelAt" | "isCollectionPaused" | "billingMode">
> & { price?: string };

/** The state of Stripe, and changes from outside: people pay, time passes, and operators act. */
export class StripeState {
  /** The charges, including prorations, without those of checkouts. */
  readonly invoices: Array<{ subscription: string; price: string }> = [];
  /** All invoices, including those of checkouts. */
  readonly bills: Invoice[] = [];
  readonly creditNotes: CreditNote[] = [];
  declines = false;
  readonly customers = new Map<string, Customer>();
  readonly prices = new Map<string, Price>();
  readonly subscriptions = new Map<string, Subscription>();
  readonly sessions = new Map<string, Session>();
  readonly schedules = new Map<string, Schedule>();
  private count = 0;

  next(prefix: string): string {
    return `${prefix}_${++this.count}`;
  }

  isOpen(url: string): boolean {
    return this.sessions.get(url.split("/").at(-1) ?? "")?.status === "open";
  }

  creditNotesOf(subscription: string): CreditNote[] {
    const bills = new Set(this.bills.filter((bill) => bill.subscription === subscription).map(({ id }) => id));
    return this.creditNotes.filter(({ invoice }) => bills.has(invoice));
  }

  /** Pays on the page of a checkout. A SEPA payment takes days, see `collect`. */
  pay(url: string, { method = "card" as Method, fromBalance = 0 } = {}): { customer: string; subscription: string } {
    const session = this.sessions.get(url.split("/").at(-1) ?? "");
    const customer = this.customers.get(session?.customer ?? "");
    if (session?.status !== "open" || !customer) throw new Error(`No open checkout: ${url}`);
    session.status = "complete";
    customer.method = method;
    return { customer: customer.id, subscription: this.subscribe(customer.id, session.price, method, fromBalance) };
  }

  private subscribe(customer: string, price: string, method: Method, fromBalance: number): string {
    const now = Math.floor(Date.now() / 1000);
    const id = this.next("sub");
    const items: Item[] = [{ id: this.next("si"), price, quantity: 1, shift: 0 }];
    this.subscriptions.set(id, {
      ...{ id, customer, items, status: "active", cancelAtPeriodEnd: false, cancelAt: null, isCollectionPaused: false },
      ...{ billingMode: "classic", start: now, schedule: null, created: now + this.count },
    });
    const isProcessing = method === "sepa_debit";
    this.invoice(id, price, { status: isProcessing ? "open" : "paid", isProcessing, fromBalance });
    return id;
  }

  invoice(subscription: string, price: string, rest: Partial<Invoice> = {}): Invoice {
    const total = this.prices.get(price)?.unit_amount ?? 0;
    const created = Math.floor(Date.now() / 1000);
    const bill: Invoice = {
      ...{ id: this.next("in"), subscription, price, total, created, status: "paid" },
      ...{ fromBalance: 0, isProcessing: false, advances: true, credited: 0, waived: 0, returned: null },
      ...{ url: "https://invoice.example/1", ...rest },
    };
    this.bills.push(bill);
    return bill;
  }

  /** Completes a payment that takes days. */
  collect(subscription: string): void {
    for (const bill of this.bills) {
      if (bill.subscription === subscription && bill.isProcessing)
        Object.assign(bill, { isProcessing: false, status: "paid" });
    }
  }

  /** Changes that Stripe or an operator makes. */
  change(id: string, { price, ...patch }: Patch): void {
    const subscription = this.subscriptionOf(id);
    Object.assign(subscription, patch);
    if (price) this.planItemOf(subscription).price = price;
  }

  /** Adds another item to a subscription, before or after its plan. */
  addItem(id: string, { quantity = 2, first = true, interval = "month", shift = 0 } = {}): string {
    const price = this.next("price");
    this.prices.set(price, { id: price, object: "price", lookup_key: null, unit_amount: 100, recurring: { interval } });
    const item = { id: this.next("si"), price, quantity, shift };
    this.subscriptionOf(id).items[first ? "unshift" : "push"](item);
    return price;
  }

  itemsOf(id: string): Array<{ price: string; quantity: number | undefined }> {
    return this.subscriptionOf(id).items.map(({ price, quantity }) => ({ price, quantity }));
  }

  /** Adds a customer that nobody uses, by hand; `organizationId` is empty for one that the service does not know. */
  addCustomer(id: string, organizationId: string): void {
    const created = Date.now() / 1000;
    const metadata = { organization_id: organizationId };
    this.customers.set(id, { id, name: "", method: null, deleted: false, created, metadata });
  }

  /** Deletes a customer with its subscriptions. */
  deleteCustomer(id: string): void {
    for (const subscription of this.subscriptions.values()) {
      if (subscription.customer === id) subscription.status = "canceled";
    }
    const customer = this.customers.get(id);
    if (customer) customer.deleted = true;
  }

  /** Forgets a customer, as if the key belonged to another account. */
  forgetCustomer(id: string): void {
    this.customers.delete(id);
    for (const [key, { customer }] of this.subscriptions) if (customer === id) this.subscriptions.delete(key);
  }

  nextPeriod(id: string): void {
    const subscription = this.subscriptionOf(id);
    const end = periodEnd(subscription);
    if (subscription.cancelAtPeriodEnd || (subscription.cancelAt ?? Number.POSITIVE_INFINITY) <= end) {
      subscription.status = "canceled";
    }
    const next = this.schedules.get(subscription.schedule ?? "")?.phases[1];
    if (next) {
      subscription.items = next.items.map((item) => ({ id: this.next("si"), shift: 0, ...item }));
      subscription.schedule = null;
    }
    subscription.start += 30 * DAY;
    if (subscription.status === "active") this.invoice(id, this.priceOf(id));
  }

  lookupKeyOf(id: string): string {
    return this.prices.get(this.priceOf(id))?.lookup_key ?? "";
  }

  priceOf(id: string): string {
    return this.planItemOf(this.subscriptionOf(id)).price;
  }

  statusOf(id: string): string {
    return this.subscriptionOf(id).status;
  }

  endsWithPeriod(id: string): boolean {
    const { cancelAtPeriodEnd, cancelAt } = this.subscriptionOf(id);
    return cancelAtPeriodEnd || cancelAt !== null;
  }

  /** Whether another price takes effect at the end of the period. */
  isScheduled(id: string): boolean {
    return this.phasesOf(id).length > 1;
  }

  phasesOf(id: string): Schedule["phases"] {
    return this.schedules.get(this.subscriptionOf(id).schedule ?? "")?.phases ?? [];
  }

  subscriptionOf(id: string): Subscription {
    const subscription = this.subscriptions.get(id);
    if (!subscription) throw missing("subscription", id);
    return subscription;
  }

  /** The item that bills a plan; the first item if none does. */
  planItemOf({ items }: Subscription): Item {
    const item = items.find(({ price }) => this.prices.get(price)?.lookup_key?.startsWith("cloudthinker_")) ?? items[0];
    if (!item) throw new Error("A subscription without items.");
    return item;
  }
}

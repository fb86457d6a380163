export type Json = { [key: string]: Json | Json[] | string | number | boolean | null };

export const DAY = 24 * 3600;

/** A payment method in the form of the API. */
export type Method = "card" | "sepa_debit" | "link";

export interface Customer {
  id: string;
  name: string;
  method: Method | null;
  deleted: boolean;
  /** Seconds. */
  created: number;
  metadata: { organization_id: string };
}

export interface Price extends Json {
  id: string;
  lookup_key: string | null;
  unit_amount: number;
  recurring: { interval: string };
}

export interface Item {
  id: string;
  price: string;
  quantity: number | undefined;
  /** How many days after the subscription's own this item's period ends. */
  shift: number;
}

export interface Subscription {
  id: string;
  customer: string;
  items: Item[];
  status: string;
  cancelAtPeriodEnd: boolean;
  cancelAt: number | null;
  isCollectionPaused: boolean;
  billingMode: "classic" | "flexible";
  start: number;
  created: number;
  schedule: string | null;
}

export interface Session {
  id: string;
  customer: string;
  price: string;
  status: string;
}

export interface Phase {
  items: Array<{ price: string; quantity: number | undefined }>;
  start: number;
  end: number;
}

export interface Schedule {
  subscription: string;
  phases: Phase[];
}

export interface Invoice {
  id: string;
  subscription: string;
  price: string;
  total: number;
  /** The part of the total that the customer's balance paid. */
  fromBalance: number;
  status: "draft" | "open" | "paid" | "void" | "uncollectible";
  /** The page for its payment. */
  url: string | null;
  /** A payment that takes days. */
  isProcessing: boolean;
  /** Whether Stripe will send a draft by itself. */
  advances: boolean;
  credited: number;
  /** The part that was waived before the payment. */
  waived: number;
  /** Why the payment cannot be returned: it is on its way back already. */
  returned: "charge_already_refunded" | "charge_disputed" | null;
  created: number;
}

export interface CreditNote {
  invoice: string;
  amount: number;
  refunded: number;
}

export function list(data: Json[]): Json {
  return { object: "list", data, has_more: false };
}

export const periodEnd = (subscription: Subscription, item?: Item) =>
  subscription.start + (30 + (item?.shift ?? 0)) * DAY;

export function showSession({ id, customer, price, status }: Session): Json {
  const url = status === "open" ? `https://checkout.example/${id}` : null;
  return { id, object: "checkout.session", url, customer, status, metadata: { price } };
}

/** An id, or the object if the call expands it. */
export function showMethod(method: Method | null, isExpanded: boolean): Json | string | null {
  if (method === null) return null;
  const details: Record<Method, Json> = {
    card: { brand: "visa", last4: "4242", exp_month: 4, exp_year: 2030 },
    sepa_debit: { last4: "3000", country: "DE", bank_code: "37040044" },
    link: { email: "olga@example.com" },
  };
  return isExpanded ? { id: "pm_1", object: "payment_method", type: method, [method]: details[method] } : "pm_1";
}

export function showInvoice(invoice: Invoice): Json {
  const { id, subscription, total, fromBalance, status, credited, waived, created, url } = invoice;
  const isDraft = status === "draft";
  return {
    ...{ id, object: "invoice", status, total, created, currency: "usd" },
    number: isDraft ? null : `CT-${id.slice("in_".length)}`,
    hosted_invoice_url: isDraft ? null : url,
    status_transitions: {
      finalized_at: isDraft ? null : created + 60,
      paid_at: status === "paid" ? created + 120 : null,
    },
    amount_paid: status === "paid" ? total - fromBalance - waived : 0,
    auto_advance: isDraft && invoice.advances,
    post_payment_credit_notes_amount: credited,
    pre_payment_credit_notes_amount: waived,
    parent: { type: "subscription_details", subscription_details: { subscription } },
  };
}

/** Parses nested parameters: `items[0][price]=p` becomes { items: { 0: { price: "p" } } }. */
export function nested(given: Record<string, string>): Json {
  const root: Json = {};
  for (const [name, value] of Object.entries(given)) {
    const path = name.split(/[[\]]+/).filter(Boolean);
    let at = root;
    for (const key of path.slice(0, -1)) {
      const inner = (at[key] ?? {}) as Json;
      at[key] = inner;
      at = inner;
    }
    at[path.at(-1) ?? ""] = value;
  }
  return root;
}

/** The members of a nested list. */
export function members(value: Json[string] | undefined): Array<Record<string, string>> {
  return Object.values((value ?? {}) as Json) as Array<Record<string, string>>;
}

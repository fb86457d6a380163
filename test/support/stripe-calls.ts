import { billingCalls } from "./stripe-billing-calls";
import { previewCalls } from "./stripe-previews";
import { missing, StripeRefusal } from "./stripe-refusal";
import { type Json, list, showMethod, showSession } from "./stripe-shapes";
import type { StripeState } from "./stripe-state";
import { subscriptionCalls } from "./stripe-subscription-calls";

export type Given = Record<string, string>;
/** Changes the state for a call, and returns the response. Throws StripeRefusal. */
export type Call = (state: StripeState, id: string, given: Given) => Json;

/** The existing customer of a call. Throws for an unknown or deleted one. */
export function customerOf(state: StripeState, id = "", param = "customer") {
  const customer = state.customers.get(id);
  if (!customer || customer.deleted) throw missing("customer", id, param);
  return customer;
}

export const CALLS: Record<string, Call> = {
  ...subscriptionCalls,
  ...billingCalls,
  ...previewCalls,
  "POST /v1/customers": (state, _, given) => {
    const customer = {
      ...{ id: state.next("cus"), name: given.name ?? "", method: null, deleted: false },
      ...{ created: Date.now() / 1000, metadata: { organization_id: given["metadata[organization_id]"] ?? "" } },
    };
    state.customers.set(customer.id, customer);
    return { object: "customer", id: customer.id, name: customer.name };
  },
  "GET /v1/customers": (state, _, given) => {
    const since = Number(given["created[gte]"] ?? 0);
    const found = [...state.customers.values()].filter(({ created, deleted }) => created >= since && !deleted);
    return list(found.reverse().map(({ id, metadata }) => ({ id, object: "customer", metadata })));
  },
  "GET /v1/customers/:id": (state, id, given): Json => {
    const customer = state.customers.get(id);
    if (!customer) throw missing("customer", id);
    if (customer.deleted) return { id, object: "customer", deleted: true };
    const method = showMethod(customer.method, Boolean(given["expand[0]"]));
    return { id, object: "customer", invoice_settings: { default_payment_method: method } };
  },
  "GET /v1/prices": (state, _, given) =>
    list([...state.prices.values()].filter((price) => price.lookup_key === given["lookup_keys[0]"])),
  "POST /v1/prices": (state, _, given) => {
    if ([...state.prices.values()].some((price) => price.lookup_key === given.lookup_key)) {
      throw new StripeRefusal(`A price already uses the lookup key ${given.lookup_key}.`, { param: "lookup_key" });
    }
    const price = {
      ...{ id: state.next("price"), object: "price", lookup_key: given.lookup_key ?? "", product: "prod_plan" },
      ...{ unit_amount: Number(given.unit_amount), recurring: { interval: given["recurring[interval]"] ?? "" } },
    };
    state.prices.set(price.id, price);
    return price;
  },
  "POST /v1/checkout/sessions": (state, _, given) => {
    const price = given["line_items[0][price]"] ?? "";
    const customer = customerOf(state, given.customer).id;
    if (!state.prices.has(price)) throw missing("price", price, "line_items[0][price]");
    const session = { id: state.next("cs"), customer, price, status: "open" };
    state.sessions.set(session.id, session);
    return showSession(session);
  },
  "GET /v1/checkout/sessions": (state, _, given) => {
    if (!state.customers.has(given.customer ?? "")) throw missing("customer", given.customer ?? "", "customer");
    const isRequested = (status: string) => !given.status || given.status === status;
    const found = [...state.sessions.values()].reverse();
    return list(found.filter((each) => each.customer === given.customer && isRequested(each.status)).map(showSession));
  },
  "GET /v1/checkout/sessions/:id": (state, id) => {
    const session = state.sessions.get(id);
    if (!session) throw missing("checkout.session", id);
    return showSession(session);
  },
  "POST /v1/checkout/sessions/:id/expire": (state, id) => {
    const session = state.sessions.get(id);
    if (!session) throw missing("checkout.session", id);
    if (session.status !== "open") {
      throw new StripeRefusal(`Only Checkout Sessions with a status in ["open"] can be expired; ${session.status}.`);
    }
    session.status = "expired";
    return showSession(session);
  },
  "POST /v1/billing_portal/sessions": (state, _, given) => {
    const { id } = customerOf(state, given.customer);
    return { object: "billing_portal.session", url: `https://portal.example/${id}` };
  },
};

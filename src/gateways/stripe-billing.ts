import Stripe from "stripe";
import { BadSignature, type Billing, type Order, PaymentDeclined } from "./billing";
import { amountOf, lookupKeyOf, readAccount } from "./stripe-account";
import { openCheckout } from "./stripe-checkout";
import { keyOf } from "./stripe-key";

const TIMEOUT_MS = 10_000;
const RETRIES = 2;
/** How old a webhook's signature may be, in seconds. */
const TOLERANCE_S = 300;

/** Billing by Stripe. `apiUrl`: another endpoint, for tests. */
export function createStripeBilling(options: {
  secretKey: string;
  webhookSecret: string;
  apiUrl: string | null;
}): Billing {
  const stripe = new Stripe(options.secretKey, {
    ...endpoint(options.apiUrl),
    timeout: TIMEOUT_MS,
    maxNetworkRetries: RETRIES,
    telemetry: false,
    appInfo: { name: "cloudthinker-organizations" },
  });

  return {
    createCustomer: async ({ organizationId, name, email }) => {
      const details = { name, ...(email && { email }), metadata: { organization_id: organizationId } };
      return (await stripe.customers.create(details, { idempotencyKey: keyOf("customer", details) })).id;
    },
    openCheckout: async (customer, order, page) => openCheckout(stripe, customer, await priceOf(stripe, order), page),
    openPortal: async (customer, page, attempt) => {
      const key = keyOf("portal", attempt, customer, page);
      const session = await stripe.billingPortal.sessions.create(
        { customer, return_url: page },
        { idempotencyKey: key },
      );
      return session.url;
    },
    upgrade: async (id, order, attempt) => {
      try {
        await upgrade(stripe, id, order, attempt);
      } catch (error) {
        if (error instanceof Stripe.errors.StripeCardError) throw new PaymentDeclined(error.message);
        throw error;
      }
    },
    billNext: (id, order, attempt) => billNext(stripe, id, order, attempt),
    readAccount: (customerId) => readAccount(stripe, customerId),
    readEvent: (body, signature) => {
      try {
        const event = stripe.webhooks.constructEvent(body, signature ?? "", options.webhookSecret, TOLERANCE_S);
        return { id: event.id, type: event.type, customerId: customerOf(event) };
      } catch (error) {
        throw new BadSignature(error instanceof Error ? error.message.split("\n")[0] : "unreadable");
      }
    },
  };
}

/** The price of an order by its lookup key, made where the account has none yet. */
async function priceOf(stripe: Stripe, order: Order): Promise<string> {
  const lookupKey = lookupKeyOf(order);
  const { data } = await stripe.prices.list({ lookup_keys: [lookupKey], active: true, limit: 1 });
  const [known] = data;
  if (known) return known.id;
  const details = {
    currency: "usd",
    unit_amount: amountOf(order),
    recurring: { interval: intervalOf(order) },
    lookup_key: lookupKey,
    product_data: { name: `CloudThinker ${order.plan.name}` },
  };
  return (await stripe.prices.create(details, { idempotencyKey: keyOf("price", details) })).id;
}

function intervalOf({ billingInterval }: Order) {
  return billingInterval === "ANNUAL" ? ("year" as const) : ("month" as const);
}

/** The difference is billed now, or nothing changes. An order that is billed already is not billed again. */
async function upgrade(stripe: Stripe, id: string, order: Order, attempt: string): Promise<void> {
  const { subscription } = await withoutSchedule(stripe, id, attempt);
  const price = await priceOf(stripe, order);
  const [item] = subscription.items.data;
  if (item?.price.id === price && !subscription.cancel_at_period_end) return;
  const change = {
    items: [{ ...(item && { id: item.id }), price }],
    cancel_at_period_end: false,
    proration_behavior: "always_invoice" as const,
    payment_behavior: "error_if_incomplete" as const,
  };
  await stripe.subscriptions.update(id, change, { idempotencyKey: keyOf("upgrade", attempt, id, change) });
}

/**
 * What is billed from the next period on: it waits in a schedule. A price that was exchanged now would be what an upgrade
 * is credited by later, instead of what was paid.
 */
async function billNext(stripe: Stripe, id: string, order: Order | null, attempt: string): Promise<void> {
  const { subscription, released } = await withoutSchedule(stripe, id, attempt);
  const [item] = subscription.items.data;
  const update = (change: Stripe.SubscriptionUpdateParams) =>
    stripe.subscriptions.update(id, change, { idempotencyKey: keyOf("next", attempt, id, change) });
  if (!order || !item) {
    await update({ cancel_at_period_end: true });
    return;
  }
  const price = await priceOf(stripe, order);
  if (subscription.cancel_at_period_end) await update({ cancel_at_period_end: false });
  if (item.price.id === price) return;
  // The same key would give the schedule of a former attempt again, which was just let go of.
  const options = { idempotencyKey: keyOf("schedule", attempt, id, price, released) };
  const schedule = await stripe.subscriptionSchedules.create({ from_subscription: id }, options);
  const now = { start_date: item.current_period_start, end_date: item.current_period_end };
  const phases = [
    { items: [{ price: item.price.id, quantity: 1 }], ...now },
    {
      items: [{ price, quantity: 1 }],
      duration: { interval: intervalOf(order), interval_count: 1 } as const,
      proration_behavior: "none" as const,
    },
  ];
  const change = { end_behavior: "release" as const, phases };
  await stripe.subscriptionSchedules.update(schedule.id, change, {
    idempotencyKey: keyOf("phases", attempt, schedule.id, change),
  });
}

/** The subscription, after the schedule that may hold it was let go of: what was to come is decided anew. */
async function withoutSchedule(stripe: Stripe, id: string, attempt: string) {
  const subscription = await stripe.subscriptions.retrieve(id);
  const { schedule } = subscription;
  if (!schedule) return { subscription, released: null };
  const scheduleId = typeof schedule === "string" ? schedule : schedule.id;
  const options = { idempotencyKey: keyOf("release", attempt, scheduleId) };
  await stripe.subscriptionSchedules.release(scheduleId, {}, options);
  return { subscription, released: scheduleId };
}

function customerOf(event: Stripe.Event): string | null {
  const { object, id, customer } = event.data.object as {
    object?: string;
    id?: string;
    customer?: string | { id: string } | null;
  };
  if (object === "customer") return id ?? null;
  return typeof customer === "object" ? (customer?.id ?? null) : (customer ?? null);
}

function endpoint(apiUrl: string | null) {
  if (!apiUrl) return {};
  const { hostname, port, protocol } = new URL(apiUrl);
  const scheme = protocol === "http:" ? ("http" as const) : ("https" as const);
  return { host: hostname, protocol: scheme, port: port || (scheme === "http" ? 80 : 443) };
}

import Stripe from "stripe";
import { PLANS, type SubscriptionStatus } from "../domain/plan";
import { BadSignature, type Billing, type Order, PaymentDeclined, type ProviderAccount } from "./billing";

const TIMEOUT_MS = 10_000;
const RETRIES = 2;
/** How old a webhook's signature may be, in seconds. */
const TOLERANCE_S = 300;
const LOOKUP = "cloudthinker";

const STATUSES: Partial<Record<Stripe.Subscription.Status, SubscriptionStatus>> = {
  active: "ACTIVE",
  trialing: "TRIALING",
  past_due: "PAST_DUE",
  unpaid: "PAST_DUE",
};

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
  const priceOf = createPriceFinder(stripe);

  async function setItem(id: string, order: Order, how: Stripe.SubscriptionUpdateParams, key: string): Promise<void> {
    const subscription = await stripe.subscriptions.retrieve(id);
    const item = subscription.items.data[0]?.id;
    const price = await priceOf(order);
    const items = [{ ...(item && { id: item }), price }];
    await stripe.subscriptions.update(id, { ...how, items, cancel_at_period_end: false }, { idempotencyKey: key });
  }

  return {
    createCustomer: async ({ organizationId, name, email }, key) => {
      const details = { name, ...(email && { email }), metadata: { organization_id: organizationId } };
      return (await stripe.customers.create(details, { idempotencyKey: key })).id;
    },
    openCheckout: async (customer, order, returnUrl, key) => {
      const session = await stripe.checkout.sessions.create(
        {
          mode: "subscription",
          customer,
          line_items: [{ price: await priceOf(order), quantity: 1 }],
          success_url: returnUrl,
          cancel_url: returnUrl,
        },
        { idempotencyKey: key },
      );
      if (!session.url) throw new Error("Stripe opened a checkout without a page.");
      return session.url;
    },
    openPortal: async (customer, returnUrl) =>
      (await stripe.billingPortal.sessions.create({ customer, return_url: returnUrl })).url,
    upgrade: async (id, order, key) => {
      try {
        await setItem(
          id,
          order,
          { proration_behavior: "always_invoice", payment_behavior: "error_if_incomplete" },
          key,
        );
      } catch (error) {
        if (error instanceof Stripe.errors.StripeCardError) throw new PaymentDeclined(error.message);
        throw error;
      }
    },
    billNext: async (id, order, key) => {
      if (order) await setItem(id, order, { proration_behavior: "none" }, key);
      else await stripe.subscriptions.update(id, { cancel_at_period_end: true }, { idempotencyKey: key });
    },
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

/** Prices by their lookup key, made where the account has none yet. */
function createPriceFinder(stripe: Stripe): (order: Order) => Promise<string> {
  return async ({ plan, billingInterval }) => {
    const lookupKey = [LOOKUP, plan.code, billingInterval].join("_").toLowerCase();
    const { data } = await stripe.prices.list({ lookup_keys: [lookupKey], active: true, limit: 1 });
    const [known] = data;
    if (known) return known.id;
    const months = billingInterval === "ANNUAL" ? 12 : 1;
    const amount = (plan.monthlyPriceCents ?? 0) * months;
    const price = await stripe.prices.create(
      {
        currency: "usd",
        unit_amount: amount,
        recurring: { interval: billingInterval === "ANNUAL" ? "year" : "month" },
        lookup_key: lookupKey,
        product_data: { name: `CloudThinker ${plan.name}` },
      },
      { idempotencyKey: `price:${lookupKey}:${amount}` },
    );
    return price.id;
  };
}

async function readAccount(stripe: Stripe, customerId: string): Promise<ProviderAccount> {
  const [customer, { data }] = await Promise.all([
    stripe.customers.retrieve(customerId, { expand: ["invoice_settings.default_payment_method"] }),
    stripe.subscriptions.list({
      customer: customerId,
      status: "all",
      limit: 20,
      expand: ["data.default_payment_method"],
    }),
  ]);
  const living = data.filter(({ status }) => STATUSES[status]).sort((a, b) => b.created - a.created);
  const [subscription] = living;
  const ofCustomer = "invoice_settings" in customer ? customer.invoice_settings.default_payment_method : null;
  const paymentMethod = cardOf(subscription?.default_payment_method) ?? cardOf(ofCustomer);
  return { subscription: subscription ? subscriptionOf(subscription) : null, paymentMethod };
}

function subscriptionOf(subscription: Stripe.Subscription): ProviderAccount["subscription"] {
  const [item] = subscription.items.data;
  if (!item) return null;
  const seconds = (time: number) => new Date(time * 1000);
  const code = new RegExp(`^${LOOKUP}_(\\w+)_(?:monthly|annual)$`).exec(item.price.lookup_key ?? "")?.[1];
  return {
    id: subscription.id,
    status: STATUSES[subscription.status] ?? "CANCELED",
    planCode: PLANS.find((plan) => plan.code.toLowerCase() === code)?.code ?? null,
    billingInterval: item.price.recurring?.interval === "year" ? "ANNUAL" : "MONTHLY",
    anchor: seconds(subscription.billing_cycle_anchor),
    periodStart: seconds(item.current_period_start),
    periodEnd: seconds(item.current_period_end),
    endsWithPeriod: subscription.cancel_at_period_end,
  };
}

function cardOf(method: string | Stripe.PaymentMethod | null | undefined): ProviderAccount["paymentMethod"] {
  const card = typeof method === "object" ? method?.card : null;
  if (!card) return null;
  return { brand: card.brand, last4: card.last4, expiryMonth: card.exp_month, expiryYear: card.exp_year };
}

function customerOf({ type, data }: Stripe.Event): string | null {
  const object = data.object as { id?: string; customer?: string | { id: string } | null };
  if (type.startsWith("customer.") && !type.startsWith("customer.subscription")) return object.id ?? null;
  const { customer } = object;
  return typeof customer === "object" ? (customer?.id ?? null) : (customer ?? null);
}

function endpoint(apiUrl: string | null) {
  if (!apiUrl) return {};
  const { hostname, port, protocol } = new URL(apiUrl);
  const scheme = protocol === "http:" ? ("http" as const) : ("https" as const);
  return { host: hostname, protocol: scheme, port: port || (scheme === "http" ? 80 : 443) };
}

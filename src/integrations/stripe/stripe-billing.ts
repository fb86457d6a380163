import Stripe from "stripe";
import type { Span } from "../../tracing/span";
import { readAccount } from "./account";
import { type Billing, CustomerGone, PaymentDeclined } from "./billing";
import { cancelAndRefund } from "./cancel-and-refund";
import { previewCheckout, previewNext, previewUpgrade } from "./charge-preview";
import { closeCheckouts, openCheckout } from "./checkout";
import { idempotencyKeyOf } from "./idempotency-key";
import { listInvoices } from "./invoices";
import { assertBillable, billNext, priceOf, upgrade } from "./subscription-changes";
import { tracedHttpClient } from "./traced-http-client";
import { readEvent } from "./webhook-event";

const TIMEOUT_MS = 10_000;
const RETRIES = 2;

function clientOf(
  { secretKey, apiUrl }: { secretKey: string; apiUrl: string | null },
  span: Span | null = null,
): Stripe {
  return new Stripe(secretKey, {
    ...endpoint(apiUrl),
    timeout: TIMEOUT_MS,
    maxNetworkRetries: RETRIES,
    ...(span && { httpClient: tracedHttpClient(span) }),
    telemetry: false,
    appInfo: { name: "cloudthinker-organizations" },
  });
}

/** Throws unless Stripe accepts the secret key. Changes nothing. */
export async function verifyStripe(options: { secretKey: string; apiUrl: string | null }): Promise<void> {
  try {
    await clientOf(options).prices.list({ limit: 1 });
  } catch (error) {
    // Stripe's messages may quote a part of the key.
    const { type = "no answer", statusCode } = error as { type?: string; statusCode?: number };
    throw new Error(`Stripe failed: ${type}${statusCode ? ` ${statusCode}` : ""}.`);
  }
}

/** Implements billing with Stripe. `apiUrl` replaces Stripe's endpoint in tests. */
export function createStripeBilling(
  options: { secretKey: string; webhookSecret: string; apiUrl: string | null },
  span: Span | null = null,
): Billing {
  const stripe = clientOf(options, span);

  return {
    withSpan: (within) => createStripeBilling(options, within),
    createCustomer: async ({ organizationId, name, email, replaces }) => {
      const details = { name, ...(email && { email }), metadata: { organization_id: organizationId } };
      // Without `replaces` in the key, Stripe would return the deleted customer again.
      const idempotencyKey = idempotencyKeyOf("customer", details, ...(replaces ? [replaces] : []));
      return (await stripe.customers.create(details, { idempotencyKey })).id;
    },
    customersSince: (since) => customersSince(stripe, since),
    openCheckout: (customer, order, page) =>
      withCustomer(customer, async () => {
        const paidPage = `${page}?paid=${order.plan.code}&cycle=${order.billingInterval}`;
        return openCheckout(stripe, customer, { price: await priceOf(stripe, order), page, paidPage });
      }),
    closeCheckouts: (customer) => withCustomer(customer, () => closeCheckouts(stripe, customer)),
    openPortal: (customer, page, attempt) =>
      withCustomer(customer, async () => {
        const idempotencyKey = idempotencyKeyOf("portal", attempt, customer, page);
        return (await stripe.billingPortal.sessions.create({ customer, return_url: page }, { idempotencyKey })).url;
      }),
    upgrade: async (id, order, attempt) => {
      try {
        await upgrade(stripe, id, order, attempt);
      } catch (error) {
        if (error instanceof Stripe.errors.StripeCardError) throw new PaymentDeclined(error.message);
        throw error;
      }
    },
    previewUpgrade: (id, order) => previewUpgrade(stripe, id, order),
    previewNext: (id, order) => previewNext(stripe, id, order),
    previewCheckout: (customer, order) => {
      const preview = () => previewCheckout(stripe, customer, order);
      return customer === null ? preview() : withCustomer(customer, preview);
    },
    billNext: (id, order, attempt) => billNext(stripe, id, order, attempt),
    assertBillable: (id, order) => assertBillable(stripe, id, order),
    cancelAndRefund: (id, since) => cancelAndRefund(stripe, id, since),
    readAccount: (customerId) => withCustomer(customerId, () => readAccount(stripe, customerId)),
    listInvoices: (customerId, page) => withCustomer(customerId, () => listInvoices(stripe, customerId, page)),
    readEvent: (body, signature) => readEvent(stripe, body, signature, options.webhookSecret),
  };
}

async function* customersSince(stripe: Stripe, since: Date | null) {
  const created = since && { created: { gte: Math.floor(since.getTime() / 1000) } };
  for await (const { id, metadata } of stripe.customers.list({ limit: 100, ...created })) {
    yield { id, organizationId: metadata.organization_id ?? "" };
  }
}

/** Turns Stripe's "no such customer" into CustomerGone. */
async function withCustomer<Result>(customerId: string, call: () => Promise<Result>): Promise<Result> {
  try {
    return await call();
  } catch (error) {
    if (isMissing(error, customerId)) throw new CustomerGone(customerId);
    throw error;
  }
}

// Stripe names the parameter "id" when a customer is read, and "customer" in all other calls.
function isMissing(error: unknown, customerId: string): boolean {
  if (!(error instanceof Stripe.errors.StripeInvalidRequestError) || error.code !== "resource_missing") return false;
  return error.param === "customer" || (error.param === "id" && error.message.includes(customerId));
}

function endpoint(apiUrl: string | null) {
  if (!apiUrl) return {};
  const { hostname, port, protocol } = new URL(apiUrl);
  const scheme = protocol === "http:" ? ("http" as const) : ("https" as const);
  return { host: hostname, protocol: scheme, port: port || (scheme === "http" ? 80 : 443) };
}

import Stripe from "stripe";
import { type Invoice, type InvoicePage, InvoiceStatus, isHttpsAddress } from "../../domain/billing";
import { UnknownInvoice } from "./billing";

/** A person waits for the page, so a slow response counts as an outage. */
const REQUEST = { timeout: 3_000, maxNetworkRetries: 0 };
/** The most calls for one page. If there are many drafts to skip, the page ends early. */
const MAX_CALLS = 3;
const MAX_LIMIT = 100;

/**
 * A page of a customer's invoices, newest first, of all their subscriptions. Stripe's list includes drafts and cannot
 * leave them out, so they are skipped here. Throws UnknownInvoice if `after` is not an invoice of the customer.
 */
export async function listInvoices(
  stripe: Stripe,
  customer: string,
  { first, after }: { first: number; after: string | null },
): Promise<InvoicePage> {
  const invoices: Invoice[] = [];
  let end = after;
  for (let call = 0; call < MAX_CALLS; call++) {
    const limit = Math.min(first + 1, MAX_LIMIT);
    const page = await read(stripe, { customer, limit, ...(end && { starting_after: end }) });
    for (const found of page.data) {
      const invoice = parseInvoice(found);
      if (invoice && invoices.length === first) return { invoices, end, hasMore: true };
      if (invoice) invoices.push(invoice);
      end = found.id;
    }
    if (!page.has_more) return { invoices, end, hasMore: false };
  }
  return { invoices, end, hasMore: true };
}

async function read(stripe: Stripe, parameters: Stripe.InvoiceListParams) {
  try {
    return await stripe.invoices.list(parameters, REQUEST);
  } catch (error) {
    const isUnknown = error instanceof Stripe.errors.StripeInvalidRequestError && error.param === "starting_after";
    throw isUnknown ? new UnknownInvoice(error.message) : error;
  }
}

const STATUSES: Partial<Record<string, InvoiceStatus>> = {
  open: InvoiceStatus.OPEN,
  paid: InvoiceStatus.PAID,
  void: InvoiceStatus.VOID,
  uncollectible: InvoiceStatus.UNCOLLECTIBLE,
};

/** Returns null for a draft, which may still change and which nobody has to pay. */
function parseInvoice(invoice: Stripe.Invoice): Invoice | null {
  const { id, number, total, created, hosted_invoice_url: url, status_transitions: transitions } = invoice;
  const status = STATUSES[invoice.status ?? "draft"];
  if (!status) return null;
  const paidAt = status === "PAID" ? transitions?.paid_at : null;
  return {
    id,
    number: number ?? null,
    status,
    totalCents: total,
    issuedAt: new Date((transitions?.finalized_at ?? created) * 1000),
    paidAt: paidAt ? new Date(paidAt * 1000) : null,
    url: isHttpsAddress(url) ? url : null,
  };
}

import type { SubscriptionInvoiceConnection } from "../schema/billing";
import type { InvoiceArgs } from "../schema/invoice-arguments";
import type { Context } from "../src/context";
import type { InvoicePage } from "../src/domain/billing";
import { BillingUnavailable, Denied } from "../src/domain/denial";
import { type Billing, CustomerGone, UnknownInvoice } from "../src/integrations/stripe/billing";
import { MAX_PAGE_SIZE } from "../src/store/page";
import type { SubscriptionView } from "../src/store/views/subscriptions";

const DEFAULT_SIZE = 12;
const NOTHING: InvoicePage = { invoices: [], end: null, hasMore: false };

/** A page of a subscription's invoices, from the payment provider. The caller has checked that the viewer is an Owner. */
export async function readInvoices(
  { services }: Context,
  { id, providerCustomerId }: SubscriptionView,
  { first, after }: InvoiceArgs,
): Promise<SubscriptionInvoiceConnection> {
  const size = first ?? DEFAULT_SIZE;
  if (size < 1 || size > MAX_PAGE_SIZE)
    throw new Denied("BAD_USER_INPUT", `'first' must be between 1 and ${MAX_PAGE_SIZE}.`);
  const from = after == null ? null : readCursor(id, after);
  const { billing } = services.integrations;
  const request = { first: size, after: from };
  const page = billing && providerCustomerId ? await listPage(billing, providerCustomerId, request) : NOTHING;
  const { invoices, end, hasMore } = page;
  const [newest] = invoices;
  return {
    nodes: invoices,
    pageInfo: {
      hasNextPage: hasMore,
      hasPreviousPage: from !== null,
      startCursor: newest ? writeCursor(id, newest.id) : null,
      endCursor: end && (newest || hasMore) ? writeCursor(id, end) : null,
    },
  };
}

async function listPage(billing: Billing, customerId: string, page: { first: number; after: string | null }) {
  try {
    return await billing.listInvoices(customerId, page);
  } catch (error) {
    if (error instanceof CustomerGone) return NOTHING;
    if (error instanceof UnknownInvoice) throw noCursor();
    throw new BillingUnavailable(error);
  }
}

const INVOICE_ID = /^in_\w{1,250}$/;
const noCursor = () =>
  new Denied("BAD_USER_INPUT", "'after' is not a cursor of this list. Use a cursor of one of its pages.");

/** A position in one subscription's invoices. The provider continues after an invoice's id. */
function writeCursor(subscriptionId: string, invoiceId: string): string {
  return Buffer.from(JSON.stringify(["invoices", subscriptionId, invoiceId])).toString("base64url");
}

function readCursor(subscriptionId: string, cursor: string): string {
  try {
    const [, , invoiceId] = JSON.parse(Buffer.from(cursor, "base64url").toString());
    const isOurs = INVOICE_ID.test(invoiceId) && writeCursor(subscriptionId, invoiceId) === cursor;
    if (isOurs) return invoiceId;
  } catch {
    // A text that cannot be decoded is not a cursor either.
  }
  throw noCursor();
}

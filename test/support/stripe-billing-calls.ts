import type { Call, Given } from "./stripe-calls";
import { missing, StripeRefusal } from "./stripe-refusal";
import { type Invoice, type Json, list, showInvoice } from "./stripe-shapes";
import type { StripeState } from "./stripe-state";

function billOf(state: StripeState, id: string, param = "id") {
  const bill = state.bills.find((each) => each.id === id);
  if (!bill) throw missing("invoice", id, param);
  return bill;
}

/** Newest first, ten at a time by default, after an id if one is given. */
function pageOf(found: readonly Invoice[], given: Given): Json {
  const after = found.findIndex(({ id }) => id === given.starting_after);
  if (given.starting_after && after < 0) throw missing("invoice", given.starting_after, "starting_after");
  const rest = found.slice(after + 1);
  const limit = Number(given.limit ?? 10);
  return { ...list(rest.slice(0, limit).map(showInvoice)), has_more: rest.length > limit };
}

/** Invoices and their refunds. */
export const billingCalls: Record<string, Call> = {
  "GET /v1/invoices": (state, _, given) => {
    const since = Number(given["created[gte]"] ?? 0);
    const owner = (subscription: string) => state.subscriptions.get(subscription)?.customer;
    if (given.customer && !state.customers.has(given.customer)) throw missing("customer", given.customer, "customer");
    const found = state.bills.filter(
      ({ subscription, created }) =>
        (!given.subscription || subscription === given.subscription) &&
        (!given.customer || owner(subscription) === given.customer) &&
        created >= since,
    );
    return pageOf(found.reverse(), given);
  },
  "POST /v1/invoices/:id": (state, id) => {
    const bill = billOf(state, id);
    if (bill.status !== "draft") throw new StripeRefusal("Finalized invoices can't be updated in this way.");
    bill.advances = false;
    return showInvoice(bill);
  },
  "POST /v1/invoices/:id/void": (state, id) => {
    const bill = billOf(state, id);
    if (bill.status !== "open") throw new StripeRefusal(`You can only void open invoices, not ${bill.status} ones.`);
    if (bill.isProcessing) throw new StripeRefusal("This invoice has a payment in progress and can't be voided.");
    bill.status = "void";
    return showInvoice(bill);
  },
  "POST /v1/credit_notes": (state, _, given) => {
    const bill = billOf(state, given.invoice ?? "", "invoice");
    const [amount, refund, credit] = [given.amount, given.refund_amount, given.credit_amount].map((n) =>
      Number(n ?? 0),
    );
    if (bill.status !== "paid") throw new StripeRefusal("Credit notes of open invoices take no refund.");
    if (!amount || amount !== (refund ?? 0) + (credit ?? 0)) {
      throw new StripeRefusal("The sum of credit amount, refund amount and out of band amount must equal the amount.");
    }
    if (bill.returned) throw new StripeRefusal("It is returned already.", { code: bill.returned, mayRace: true });
    if (bill.credited + bill.waived + amount > bill.total)
      throw new StripeRefusal("The credit note is larger than what is left.");
    if ((refund ?? 0) > bill.total - bill.fromBalance - bill.waived)
      throw new StripeRefusal("More to refund than was charged.");
    bill.credited += amount;
    state.creditNotes.push({ invoice: bill.id, amount, refunded: refund ?? 0 });
    return { id: state.next("cn"), object: "credit_note", invoice: bill.id, amount };
  },
};

import type { InvoicePage, PaymentMethod, ProviderAccount, ProviderSubscription } from "../../domain/billing";
import type { BillingInterval, Plan } from "../../domain/plan";
import type { Span } from "../../tracing/span";

export type { PaymentMethod, ProviderAccount, ProviderSubscription };

/** A plan with a price and its billing interval. */
export interface Order {
  plan: Plan;
  billingInterval: BillingInterval;
}

/** A webhook event with a valid signature. */
export interface BillingEvent {
  id: string;
  type: string;
  /** The provider's customer id, or null for events without a customer. */
  customerId: string | null;
}

/**
 * The payment provider. Every write carries an idempotency key, so a repeated call has one effect. If the arguments do
 * not identify the call, `attempt` does: it is the same for a retried request. Never call it inside a transaction.
 */
export interface Billing {
  /** Returns the same integration with a span for every call. */
  withSpan(span: Span): Billing;
  /** Creates a customer, once for the same details, and returns its id. `replaces` is the deleted customer's id. */
  createCustomer(customer: {
    organizationId: string;
    name: string;
    email: string | null;
    replaces?: string;
  }): Promise<string>;
  /** Opens the checkout page for a first subscription and closes all others of the customer. Throws CustomerGone. */
  openCheckout(customerId: string, order: Order, returnUrl: string): Promise<string>;
  /** Returns the customers created since an instant, or all for null, newest first. */
  customersSince(since: Date | null): AsyncIterable<{ id: string; organizationId: string }>;
  /** Closes all open checkout pages of a customer. Throws CustomerGone. */
  closeCheckouts(customerId: string): Promise<void>;
  /** Opens the portal page for payment methods and invoices. Throws CustomerGone. */
  openPortal(customerId: string, returnUrl: string, attempt: string): Promise<string>;
  /** Throws BillingImpossible if the order cannot be billed together with the subscription's add-ons. */
  assertBillable(subscriptionId: string, order: Order): Promise<void>;
  /** Changes the plan now and bills the difference. Throws PaymentDeclined and BillingImpossible. */
  upgrade(subscriptionId: string, order: Order, attempt: string): Promise<void>;
  /** Returns the charge of `upgrade`; changes nothing. Throws BillingImpossible. */
  previewUpgrade(subscriptionId: string, order: Order): Promise<ChargePreview>;
  /** Returns the charge of the next period after `billNext`; changes nothing. Null if the subscription is gone. */
  previewNext(subscriptionId: string, order: Order): Promise<ChargePreview | null>;
  /**
   * Returns the charge of a checkout for a first subscription; changes nothing. Null if the provider does not know the
   * price yet. Throws CustomerGone.
   */
  previewCheckout(customerId: string | null, order: Order): Promise<ChargePreview | null>;
  /** Schedules the order for the next period. Null cancels the subscription at the end of this period. */
  billNext(subscriptionId: string, order: Order | null, attempt: string): Promise<void>;
  /**
   * Cancels a subscription now and refunds its invoices since `since`, or all for null. Safe to repeat; repeat it until
   * the result is settled.
   */
  cancelAndRefund(subscriptionId: string, since: Date | null): Promise<Refund>;
  /** Reads a customer's subscriptions and payment method. Throws CustomerGone. */
  readAccount(customerId: string): Promise<ProviderAccount>;
  /**
   * Reads a page of a customer's invoices, newest first and without drafts, after the invoice with the id `after`.
   * Throws CustomerGone and UnknownInvoice.
   */
  listInvoices(customerId: string, page: { first: number; after: string | null }): Promise<InvoicePage>;
  /** Verifies and parses a webhook's raw body. Throws BadSignature and BadEvent. */
  readEvent(body: Buffer, signature: string | undefined): BillingEvent;
}

/** The charge of an order, in US cents. */
export interface ChargePreview {
  dueNowCents: number;
  nextAmountCents: number;
  nextChargeAt: Date | null;
}

export interface Refund {
  /** Total refunded so far, over all calls. */
  cents: number;
  /** False while a payment is still being processed and may have to be refunded later. */
  isSettled: boolean;
}

/** The bank declined the payment. */
export class PaymentDeclined extends Error {}

/** The provider cannot bill this order together with the subscription's add-ons. The message is for the Owner. */
export class BillingImpossible extends Error {}

/** The customer has no invoice with the id after which the page should start. */
export class UnknownInvoice extends Error {}

/** The customer was deleted at the provider, or belongs to another provider account. */
export class CustomerGone extends Error {
  constructor(readonly customerId: string) {
    super(`The payment provider has no customer ${customerId}: it was deleted, or belongs to another account.`);
    this.name = "CustomerGone";
  }
}

/** The webhook has a valid signature but no usable event. */
export class BadEvent extends Error {}

/** The webhook's signature is missing, wrong, too old or from the future. */
export class BadSignature extends Error {}

import type { PaymentMethod, ProviderAccount, ProviderSubscription } from "../../domain/billing";
import type { BillingInterval, Plan } from "../../domain/plan";

export type { PaymentMethod, ProviderAccount, ProviderSubscription };

/** What is to be billed: a plan that has a price, by the month or the year. */
export interface Order {
  plan: Plan;
  billingInterval: BillingInterval;
}

/** Something that the provider tells of, whose signature was good. */
export interface BillingEvent {
  id: string;
  type: string;
  /** Whose it is, by the provider's own id; null where it is nobody's. */
  customerId: string | null;
}

/**
 * The payment provider. Every call that changes something carries a key, by which the provider takes a repetition for
 * the same call; `attempt` names what is repeated where the call's own content does not. Calls are made outside
 * transactions.
 */
export interface Billing {
  /** Makes a customer, once for the same details; gives its id. `replaces`: the one that is gone. */
  createCustomer(customer: {
    organizationId: string;
    name: string;
    email: string | null;
    replaces?: string;
  }): Promise<string>;
  /** A page on which a first subscription is paid. There is one at a time: others that are open are closed. Throws CustomerGone. */
  openCheckout(customerId: string, order: Order, returnUrl: string): Promise<string>;
  /** Closes all pages on which a first subscription could still be paid. Throws CustomerGone. */
  closeCheckouts(customerId: string): Promise<void>;
  /** A page for payment methods and invoices. Throws CustomerGone. */
  openPortal(customerId: string, returnUrl: string, attempt: string): Promise<string>;
  /** Throws BillingImpossible where an order does not go together with what else the subscription bills. */
  assertBillable(subscriptionId: string, order: Order): Promise<void>;
  /** Bills the difference at once. Throws PaymentDeclined where it cannot be collected, and BillingImpossible. */
  upgrade(subscriptionId: string, order: Order, attempt: string): Promise<void>;
  /** What is billed from the next period on; null: nothing, the subscription ends with this one. */
  billNext(subscriptionId: string, order: Order | null, attempt: string): Promise<void>;
  /** Ends a subscription at once and gives back what was invoiced since, or all. May be repeated, until it is settled. */
  cancelAndRefund(subscriptionId: string, since: Date | null): Promise<Refund>;
  /** Everything that is known of a customer now. Throws CustomerGone. */
  readAccount(customerId: string): Promise<ProviderAccount>;
  /** The event in a request's raw body. Throws BadSignature and BadEvent. */
  readEvent(body: Buffer, signature: string | undefined): BillingEvent;
}

/** What was given back of a subscription's payments, and whether nothing more is on its way. */
export interface Refund {
  cents: number;
  isSettled: boolean;
}

/** The bank said no. */
export class PaymentDeclined extends Error {}

/** The provider cannot bill this together with the rest of the subscription. The message is for its Owner. */
export class BillingImpossible extends Error {}

/** The provider does not have this customer: it was deleted there, or belongs to another account. */
export class CustomerGone extends Error {
  constructor(readonly customerId: string) {
    super(`The payment provider has no customer ${customerId}: it was deleted there, or is another account's.`);
    this.name = "CustomerGone";
  }
}

/** Something that was signed by the provider and is no event that can be taken. */
export class BadEvent extends Error {}

/** A webhook that the provider did not send, or not now. */
export class BadSignature extends Error {}

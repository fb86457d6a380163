import type { PaymentMethod, ProviderAccount, ProviderSubscription } from "../domain/billing";
import type { BillingInterval, Plan } from "../domain/plan";

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
  /** Makes a customer, once for the same details; gives its id. */
  createCustomer(customer: { organizationId: string; name: string; email: string | null }): Promise<string>;
  /** A page on which a first subscription is paid. There is one at a time: others that are open are closed. */
  openCheckout(customerId: string, order: Order, returnUrl: string): Promise<string>;
  /** A page for payment methods and invoices. */
  openPortal(customerId: string, returnUrl: string, attempt: string): Promise<string>;
  /** Bills the difference at once. Throws PaymentDeclined where it cannot be collected. */
  upgrade(subscriptionId: string, order: Order, attempt: string): Promise<void>;
  /** What is billed from the next period on; null: nothing, the subscription ends with this one. */
  billNext(subscriptionId: string, order: Order | null, attempt: string): Promise<void>;
  /** Everything that is known of a customer now. */
  readAccount(customerId: string): Promise<ProviderAccount>;
  /** The event in a request's raw body. Throws BadSignature. */
  readEvent(body: Buffer, signature: string | undefined): BillingEvent;
}

/** The bank said no. */
export class PaymentDeclined extends Error {}

/** A webhook that the provider did not send, or not now. */
export class BadSignature extends Error {}

import {
  type BillingInterval,
  describeTerms,
  FIRST_PLAN_CODE,
  isAtOnce,
  isUpgrade,
  type SubscriptionStatus,
  scheduledIntervalOf,
  type Terms,
} from "./plan";

export const PaymentMethodKind = { CARD: "CARD", SEPA_DEBIT: "SEPA_DEBIT", LINK: "LINK", OTHER: "OTHER" } as const;
export type PaymentMethodKind = (typeof PaymentMethodKind)[keyof typeof PaymentMethodKind];

/** The parts of a card by which its owner recognizes it. */
export interface Card {
  kind?: "CARD";
  brand: string;
  last4: string;
  expiryMonth: number;
  expiryYear: number;
}

/**
 * A stored payment method. Old rows hold cards without `kind`. A SEPA payment takes days and counts as paid until it
 * fails; then the account is past due, as after a declined card.
 */
export type PaymentMethod = Card | { kind: Exclude<PaymentMethodKind, "CARD">; last4: string | null };

/** The payment method if it is a card, otherwise null. */
export function cardOf(method: PaymentMethod | null): Card | null {
  return method && "brand" in method ? method : null;
}

/** The label of a payment method, such as "visa •••• 4242". */
export function labelOf(method: PaymentMethod): string {
  const name = "brand" in method ? method.brand : NAMES[method.kind];
  return method.last4 ? `${name} •••• ${method.last4}` : name;
}

const NAMES: Record<Exclude<PaymentMethodKind, "CARD">, string> = {
  SEPA_DEBIT: "SEPA direct debit",
  LINK: "Link",
  OTHER: "Another payment method",
};

export const InvoiceStatus = { OPEN: "OPEN", PAID: "PAID", VOID: "VOID", UNCOLLECTIBLE: "UNCOLLECTIBLE" } as const;
export type InvoiceStatus = keyof typeof InvoiceStatus;

/** A finished invoice of the payment provider, not a draft. */
export interface Invoice {
  id: string;
  number: string | null;
  status: InvoiceStatus;
  totalCents: number;
  issuedAt: Date;
  /** Null while it is not paid. */
  paidAt: Date | null;
  /** The provider's page of the invoice. */
  url: string | null;
}

/** A page of invoices. `end` is the id of the last invoice read, from which the next page continues. */
export interface InvoicePage {
  invoices: Invoice[];
  end: string | null;
  hasMore: boolean;
}

/** Whether a text is an address that a client may open: https, so that nobody can read or change the page on its way. */
export function isHttpsAddress(text: string | null | undefined): text is string {
  return typeof text === "string" && URL.canParse(text) && new URL(text).protocol === "https:";
}

/** A subscription at the payment provider. */
export interface ProviderSubscription {
  id: string;
  /** PAST_DUE if a payment failed or collection is paused. */
  status: SubscriptionStatus;
  isCollectionPaused: boolean;
  planCode: string;
  billingInterval: BillingInterval;
  anchor: Date;
  periodStart: Date;
  periodEnd: Date;
  /** Whether it will be cancelled, at the end of its period or on a given day. */
  endsWithPeriod: boolean;
  /** Whether the provider has a schedule for the time after this period. */
  isScheduled: boolean;
  /** The plan and interval of the schedule; null if it has neither. */
  scheduled: Terms | null;
}

/** An organization's account at the payment provider. */
export interface ProviderAccount {
  /** Subscriptions that bill one of our plans and have not ended, newest first. */
  subscriptions: ProviderSubscription[];
  paymentMethod: PaymentMethod | null;
  /** Whether the customer was deleted at the provider, with everything it had. */
  isGone: boolean;
}

/** The part of our subscription that is copied from the provider's. */
export interface BilledState {
  planCode: string;
  status: SubscriptionStatus;
  billingInterval: BillingInterval;
  startedAt: Date;
  currentPeriodStart: Date;
  currentPeriodEnd: Date;
  scheduledPlanCode: string | null;
  scheduledInterval: BillingInterval | null;
  providerSubscriptionId: string | null;
  paymentMethod: PaymentMethod | null;
}

/** The part of a subscription that its events hold, before and after a change. */
type RecordedTerms = Omit<BilledState, "startedAt" | "providerSubscriptionId" | "paymentMethod">;

/** Returns the part of a subscription that its events hold, with the fields that a change sets. */
export function recordedTerms(subscription: RecordedTerms, change: Partial<RecordedTerms> = {}): RecordedTerms {
  const { planCode, status, billingInterval, ...terms } = { ...subscription, ...change };
  const { currentPeriodStart, currentPeriodEnd, scheduledPlanCode, scheduledInterval } = terms;
  const period = { currentPeriodStart, currentPeriodEnd };
  return { planCode, status, billingInterval, ...period, scheduledPlanCode, scheduledInterval };
}

/** The sentence of the log about a scheduled change that a change of plan drops; empty if none is dropped. */
export function droppedSchedule(before: RecordedTerms, after: RecordedTerms): string {
  const { scheduledPlanCode: planCode } = before;
  const billingInterval = scheduledIntervalOf(before);
  if (planCode === null || billingInterval === null || after.scheduledPlanCode !== null) return "";
  if (planCode === after.planCode && billingInterval === after.billingInterval) return "";
  return ` The scheduled change to ${describeTerms({ planCode, billingInterval })}, was dropped.`;
}

/**
 * Returns our subscription, updated from the provider's. Downgrades take effect with the next cycle (product rule): if
 * the provider already bills a smaller plan, the larger one stays until the paid period ends. After a subscription has
 * ended the organization is on the first plan. `keepSchedule` keeps a scheduled downgrade that has not reached the
 * provider yet, unless an upgrade drops it.
 */
export function applyProviderAccount<State extends BilledState>(
  before: State,
  { subscription, paymentMethod }: { subscription: ProviderSubscription | null; paymentMethod: PaymentMethod | null },
  keepSchedule: boolean,
): State {
  if (!subscription) return { ...before, paymentMethod, ...(before.providerSubscriptionId && ENDED) };
  const { id, status, billingInterval, anchor, periodStart, periodEnd, endsWithPeriod } = subscription;
  const billed = subscription.planCode;
  const isNew = before.providerSubscriptionId !== id;
  const isNextPeriod = isNew || periodStart > before.currentPeriodStart;
  const keepsPaidPlan = !isNextPeriod && isUpgrade(billed, before.planCode);
  const planCode = keepsPaidPlan ? before.planCode : billed;
  const next = nextTerms(subscription);
  const staysSame = next.planCode === planCode && (endsWithPeriod || next.billingInterval === billingInterval);
  const schedule = staysSame
    ? UNSCHEDULED
    : { scheduledPlanCode: next.planCode, scheduledInterval: next.billingInterval };
  const previous = { scheduledPlanCode: before.scheduledPlanCode, scheduledInterval: before.scheduledInterval };
  const tookOver =
    previous.scheduledPlanCode === planCode && (previous.scheduledInterval ?? billingInterval) === billingInterval;
  return {
    ...before,
    ...(keepsPrevious(before, subscription, keepSchedule) && !tookOver ? previous : schedule),
    planCode,
    status,
    billingInterval: keepsPaidPlan ? before.billingInterval : billingInterval,
    startedAt: anchor,
    currentPeriodStart: periodStart,
    currentPeriodEnd: periodEnd,
    providerSubscriptionId: id,
    paymentMethod,
  };
}

/** Whether the provider's schedule says less than ours. A scheduled change that it has not received ends with an upgrade. */
function keepsPrevious(before: Terms, billed: ProviderSubscription, keepSchedule: boolean): boolean {
  const isUnknown = billed.isScheduled && !billed.endsWithPeriod && !billed.scheduled;
  return isUnknown || (keepSchedule && !billsUnrecordedUpgrade(before, billed));
}

/** Whether the provider already bills an upgrade that our subscription does not have. */
export function billsUnrecordedUpgrade(before: Terms, billed: Terms): boolean {
  const isSame = before.planCode === billed.planCode && before.billingInterval === billed.billingInterval;
  return !isSame && isAtOnce(before, billed);
}

function nextTerms({ planCode, billingInterval, endsWithPeriod, scheduled }: ProviderSubscription): Terms {
  if (endsWithPeriod) return { planCode: FIRST_PLAN_CODE, billingInterval };
  return scheduled ?? { planCode, billingInterval };
}

const UNSCHEDULED = { scheduledPlanCode: null, scheduledInterval: null };
const ENDED = { ...UNSCHEDULED, planCode: FIRST_PLAN_CODE, status: "ACTIVE", providerSubscriptionId: null } as const;

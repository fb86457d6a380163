import { type BillingInterval, FIRST_PLAN_CODE, isUpgrade, type SubscriptionStatus, type Terms } from "./plan";

export const PaymentMethodKind = { CARD: "CARD", SEPA_DEBIT: "SEPA_DEBIT", LINK: "LINK", OTHER: "OTHER" } as const;
export type PaymentMethodKind = (typeof PaymentMethodKind)[keyof typeof PaymentMethodKind];

/** A card, as far as its owner needs to recognize it. */
export interface Card {
  kind?: "CARD";
  brand: string;
  last4: string;
  expiryMonth: number;
  expiryYear: number;
}

/**
 * What pays, as it is stored. Cards were stored without their kind before there were others. With SEPA a payment takes
 * days and counts as made until it fails; then the account is past due, like with a declined card.
 */
export type PaymentMethod = Card | { kind: Exclude<PaymentMethodKind, "CARD">; last4: string | null };

/** The card among payment methods; null for everything else. */
export function cardOf(method: PaymentMethod | null): Card | null {
  return method && "brand" in method ? method : null;
}

/** What a payment method is called where people recognize it. */
export function labelOf(method: PaymentMethod): string {
  const name = "brand" in method ? method.brand : NAMES[method.kind];
  return method.last4 ? `${name} •••• ${method.last4}` : name;
}

const NAMES: Record<Exclude<PaymentMethodKind, "CARD">, string> = {
  SEPA_DEBIT: "SEPA direct debit",
  LINK: "Link",
  OTHER: "Another payment method",
};

/** A subscription at the payment provider: what it bills next, and how it stands. */
export interface ProviderSubscription {
  id: string;
  /** PAST_DUE while payments are not collected: by default, or because collection is paused. */
  status: SubscriptionStatus;
  isCollectionPaused: boolean;
  planCode: string;
  billingInterval: BillingInterval;
  anchor: Date;
  periodStart: Date;
  periodEnd: Date;
  /** Whether it was cancelled for later: with its period, or at a day that was named. */
  endsWithPeriod: boolean;
  /** Whether the provider has been told what takes over then, apart from what it bills now. */
  isScheduled: boolean;
  /** What takes over, where the provider's schedule says so. */
  scheduled: Terms | null;
}

/** What the payment provider knows of an organization. */
export interface ProviderAccount {
  /** All that count, the newest first. */
  subscriptions: ProviderSubscription[];
  paymentMethod: PaymentMethod | null;
  /** Whether the provider has deleted the customer, and everything with it. */
  isGone: boolean;
}

/** The part of our subscription that follows the provider's. */
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

/**
 * Our subscription as it follows from the provider's. What the provider bills next is smaller than what was paid for:
 * then it takes over when the period ends (the product's guide: downgrades with the next cycle), until then the plan
 * stays. A subscription that has ended leaves the first plan. `keepSchedule`: a downgrade that the provider has not
 * been told of yet stands, as does one that it keeps itself.
 */
export function applyProviderAccount<State extends BilledState>(
  before: State,
  { subscription, paymentMethod }: { subscription: ProviderSubscription | null; paymentMethod: PaymentMethod | null },
  keepSchedule: boolean,
): State {
  if (!subscription) return { ...before, paymentMethod, ...(before.providerSubscriptionId && ENDED) };
  const { id, status, billingInterval, anchor, periodStart, periodEnd, endsWithPeriod, isScheduled } = subscription;
  const billed = subscription.planCode;
  const isNew = before.providerSubscriptionId !== id;
  const isNextPeriod = isNew || periodStart > before.currentPeriodStart;
  const waits = !isNextPeriod && isUpgrade(billed, before.planCode);
  const planCode = waits ? before.planCode : billed;
  const next = nextTerms(subscription);
  const staysSame = next.planCode === planCode && (endsWithPeriod || next.billingInterval === billingInterval);
  const schedule = staysSame
    ? UNSCHEDULED
    : { scheduledPlanCode: next.planCode, scheduledInterval: next.billingInterval };
  const kept = { scheduledPlanCode: before.scheduledPlanCode, scheduledInterval: before.scheduledInterval };
  const saysNothing = isScheduled && !endsWithPeriod && !subscription.scheduled;
  const tookOver =
    kept.scheduledPlanCode === planCode && (kept.scheduledInterval ?? billingInterval) === billingInterval;
  return {
    ...before,
    ...((keepSchedule || saysNothing) && !tookOver ? kept : schedule),
    planCode,
    status,
    billingInterval: waits ? before.billingInterval : billingInterval,
    startedAt: anchor,
    currentPeriodStart: periodStart,
    currentPeriodEnd: periodEnd,
    providerSubscriptionId: id,
    paymentMethod,
  };
}

function nextTerms({ planCode, billingInterval, endsWithPeriod, scheduled }: ProviderSubscription): Terms {
  if (endsWithPeriod) return { planCode: FIRST_PLAN_CODE, billingInterval };
  return scheduled ?? { planCode, billingInterval };
}

const UNSCHEDULED = { scheduledPlanCode: null, scheduledInterval: null };
const ENDED = { ...UNSCHEDULED, planCode: FIRST_PLAN_CODE, status: "ACTIVE", providerSubscriptionId: null } as const;

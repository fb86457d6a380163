import { type BillingInterval, FIRST_PLAN_CODE, isUpgrade, type SubscriptionStatus } from "./plan";

/** A card, as far as its owner needs to recognize it. */
export interface PaymentMethod {
  brand: string;
  last4: string;
  expiryMonth: number;
  expiryYear: number;
}

/** A subscription at the payment provider: what it bills next, and how it stands. */
export interface ProviderSubscription {
  id: string;
  status: SubscriptionStatus;
  /** Null where the provider bills something that is none of our plans. */
  planCode: string | null;
  billingInterval: BillingInterval;
  anchor: Date;
  periodStart: Date;
  periodEnd: Date;
  endsWithPeriod: boolean;
  /** Whether the provider has been told what takes over then, apart from what it bills now. */
  isScheduled: boolean;
}

/** What the payment provider knows of an organization. */
export interface ProviderAccount {
  subscription: ProviderSubscription | null;
  paymentMethod: PaymentMethod | null;
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
export function followProvider<State extends BilledState>(
  before: State,
  { subscription, paymentMethod }: ProviderAccount,
  keepSchedule: boolean,
): State {
  if (!subscription) return { ...before, paymentMethod, ...(before.providerSubscriptionId && ENDED) };
  const { id, status, billingInterval, anchor, periodStart, periodEnd, endsWithPeriod, isScheduled } = subscription;
  const billed = subscription.planCode ?? before.planCode;
  const isNew = before.providerSubscriptionId !== id;
  const isNextPeriod = isNew || periodStart > before.currentPeriodStart;
  const waits = !isNextPeriod && isUpgrade(billed, before.planCode);
  const planCode = waits ? before.planCode : billed;
  const next = endsWithPeriod ? FIRST_PLAN_CODE : billed;
  const schedule = next === planCode ? UNSCHEDULED : { scheduledPlanCode: next, scheduledInterval: billingInterval };
  const kept = { scheduledPlanCode: before.scheduledPlanCode, scheduledInterval: before.scheduledInterval };
  const tookOver =
    kept.scheduledPlanCode === planCode && (kept.scheduledInterval ?? billingInterval) === billingInterval;
  return {
    ...before,
    ...((keepSchedule || isScheduled) && !tookOver ? kept : schedule),
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

const UNSCHEDULED = { scheduledPlanCode: null, scheduledInterval: null };
const ENDED = { ...UNSCHEDULED, planCode: FIRST_PLAN_CODE, status: "ACTIVE", providerSubscriptionId: null } as const;

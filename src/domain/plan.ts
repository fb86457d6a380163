import catalogue from "./plans.json";
import { type LimitUse, type RefusalData, Refused, refusalData } from "./refusal";
import retired from "./retired-plans.json";

export const BillingInterval = { MONTHLY: "MONTHLY", ANNUAL: "ANNUAL" } as const;
export type BillingInterval = (typeof BillingInterval)[keyof typeof BillingInterval];

export const SubscriptionStatus = {
  ACTIVE: "ACTIVE",
  TRIALING: "TRIALING",
  PAST_DUE: "PAST_DUE",
  CANCELED: "CANCELED",
} as const;
export type SubscriptionStatus = (typeof SubscriptionStatus)[keyof typeof SubscriptionStatus];

/** A plan. A null limit means unlimited; a null price means by arrangement. */
export interface Plan {
  code: string;
  name: string;
  monthlyPriceCents: number | null;
  memberLimit: number | null;
  workspaceLimit: number | null;
  monthlyCredits: number | null;
  dailyCredits: number;
  byok: boolean;
  features: string[];
}

/** The offered plans, from smallest to largest. The order decides what counts as an upgrade. */
export const PLANS: readonly Plan[] = catalogue;

/** Plans that are no longer offered; organizations that have one keep it. */
const RETIRED_PLANS: readonly Plan[] = retired;

/** Every organization starts on this plan (product rule, Subscription). */
export const FIRST_PLAN_CODE = "STARTER";

/** The price per year, in US cents: twelve months, without a discount. Null for a plan by arrangement. */
export function annualPriceCents({ monthlyPriceCents }: Pick<Plan, "monthlyPriceCents">): number | null {
  return monthlyPriceCents === null ? null : 12 * monthlyPriceCents;
}

/** The offered plan with this code. Refuses PLAN_UNKNOWN. */
export function planOf(code: string): Plan {
  const plan = PLANS.find((candidate) => candidate.code === code);
  if (plan) return plan;
  const known = PLANS.map((candidate) => candidate.code).join(", ");
  throw new Refused("PLAN_UNKNOWN", `There is no such plan. Choose one of ${known}.`, { path: ["planCode"] });
}

/** All plans that an organization can have: the offered and the retired ones. */
export function knownPlans(): readonly Plan[] {
  return [...PLANS, ...RETIRED_PLANS];
}

/**
 * The plan of a stored subscription, offered or retired. An unknown code gets the smallest plan's limits under its own
 * name, so that removing a plan from the catalogue breaks no page.
 */
export function storedPlan(code: string): Plan {
  const plan = knownPlans().find((candidate) => candidate.code === code);
  if (plan) return plan;
  const [smallest] = PLANS;
  if (!smallest) throw new Error("The catalogue has no plans.");
  return { ...smallest, code, name: code, features: [] };
}

/**
 * Whether a change of plan is an upgrade: to a higher price ("by arrangement" is the highest), or at the same price
 * further up in the catalogue, where retired plans come first.
 */
export function isUpgrade(from: string, to: string): boolean {
  const price = (code: string) => storedPlan(code).monthlyPriceCents ?? Number.POSITIVE_INFINITY;
  const rank = (code: string) => PLANS.findIndex((plan) => plan.code === code);
  return price(to) === price(from) ? rank(to) > rank(from) : price(to) > price(from);
}

export interface Terms {
  planCode: string;
  billingInterval: BillingInterval;
}

/** A plan and how it is billed, for the sentences of the log. */
export function describeTerms(terms: Terms): string {
  return `${storedPlan(terms.planCode).name}, ${billed(terms)}`;
}

/** The sentence of the log about new terms. It names what changes: the plan, its billing or both. */
export function termsChanged(from: Terms, to: Terms): string {
  if (to.planCode === from.planCode) return `The ${storedPlan(to.planCode).name} plan is now ${billed(to)}.`;
  const isSameInterval = to.billingInterval === from.billingInterval;
  return `The plan is now ${isSameInterval ? storedPlan(to.planCode).name : describeTerms(to)}.`;
}

/** The sentence of the log about terms that begin when the period ends. */
export function termsScheduled(from: Terms, to: Terms): string {
  return to.planCode === from.planCode
    ? `The ${storedPlan(to.planCode).name} plan is ${billed(to)} once the period ends.`
    : `The plan changes to ${describeTerms(to)}, when the period ends.`;
}

function billed({ billingInterval }: Pick<Terms, "billingInterval">): string {
  return billingInterval === "ANNUAL" ? "billed annually" : "billed monthly";
}

/** Upgrades and changes to annual billing take effect at once, others with the next cycle (product rule, Subscription). */
export function isAtOnce(from: Terms, to: Terms): boolean {
  return from.planCode === to.planCode ? to.billingInterval === "ANNUAL" : isUpgrade(from.planCode, to.planCode);
}

/** The interval of the scheduled plan; null if none is scheduled. Old rows without an interval keep the current one. */
export function scheduledIntervalOf(subscription: {
  billingInterval: BillingInterval;
  scheduledPlanCode: string | null;
  scheduledInterval: BillingInterval | null;
}): BillingInterval | null {
  const { billingInterval, scheduledPlanCode, scheduledInterval } = subscription;
  return scheduledPlanCode === null ? null : (scheduledInterval ?? billingInterval);
}

/** Returns the use of a limit with the rest, which is never negative. A null limit means unlimited. */
export function limitUse(used: number, limit: number | null): LimitUse {
  return { used, limit, remaining: limit === null ? null : Math.max(0, limit - used) };
}

/** An organization's use of its plan. Seats are active members plus pending invitations. */
export interface PlanUse {
  seats: number;
  workspaces: number;
}

/**
 * The refusals that block a change of plan: for a downgrade, each limit that current use exceeds; for a plan by
 * arrangement, that the payment provider cannot bill it.
 */
export function blockersOf(from: string, plan: Plan, use: PlanUse, hasProvider: boolean): RefusalData[] {
  if (isUpgrade(from, plan.code)) {
    if (!hasProvider || plan.monthlyPriceCents !== null) return [];
    const message = `The ${plan.name} plan is by arrangement. Contact support to change to it.`;
    return [refusalData("PAYMENT_REQUIRED", message)];
  }
  const blockers: RefusalData[] = [];
  const check = (what: string, used: number, limit: number | null, remedy: string) => {
    if (limit === null || used <= limit) return;
    const message = `The ${plan.name} plan allows ${limit} ${what}, and ${used} are in use. ${remedy}`;
    blockers.push(refusalData("PLAN_LIMIT_EXCEEDED", message, { limit: limitUse(used, limit) }));
  };
  check("members, pending invitations included", use.seats, plan.memberLimit, "Remove members or cancel invitations.");
  check("workspaces", use.workspaces, plan.workspaceLimit, "Delete workspaces first.");
  return blockers;
}

/**
 * A past-due organization keeps working until its subscription is cancelled, but cannot grow (product rule,
 * Subscription). Refuses PAYMENT_REQUIRED.
 */
export function assertMayGrow(status: SubscriptionStatus): void {
  if (mayGrow(status)) return;
  throw new Refused(
    "PAYMENT_REQUIRED",
    "The subscription has an open payment. Ask an Owner to settle it in the billing portal, or contact support if " +
      "collection is paused. Then try again.",
  );
}

/** Whether members and workspaces may be added at all. */
export function mayGrow(status: SubscriptionStatus): boolean {
  return status === "ACTIVE" || status === "TRIALING";
}

/**
 * The end of the period that starts at `from`: a month or a year later, on the day of the first subscription (`anchor`),
 * or on the month's last day if it is shorter. All in UTC.
 */
export function periodEnd(anchor: Date, interval: BillingInterval, from: Date): Date {
  const months = interval === "MONTHLY" ? 1 : 12;
  const first = new Date(Date.UTC(from.getUTCFullYear(), from.getUTCMonth() + months, 1));
  const lastDay = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0)).getUTCDate();
  const day = Math.min(anchor.getUTCDate(), lastDay);
  const timeOfDay = anchor.getTime() - Date.UTC(anchor.getUTCFullYear(), anchor.getUTCMonth(), anchor.getUTCDate());
  return new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth(), day) + timeOfDay);
}

import catalogue from "./plans.json";
import { type LimitUse, type RefusalData, Refused } from "./refusal";
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

/** What an organization may subscribe to. Null limits are no limits; a null price is by arrangement. */
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

/** The catalogue, from the smallest to the largest: this order says what is an upgrade. */
export const PLANS: readonly Plan[] = catalogue;

/** Plans that are no longer offered, and go on where an organization has them. */
const RETIRED_PLANS: readonly Plan[] = retired;

/** The plan on which every organization starts. */
export const FIRST_PLAN_CODE = "STARTER";

/** The plan of a code; refuses PLAN_UNKNOWN. */
export function planOf(code: string): Plan {
  const plan = PLANS.find((candidate) => candidate.code === code);
  if (plan) return plan;
  const known = PLANS.map((candidate) => candidate.code).join(", ");
  throw new Refused("PLAN_UNKNOWN", `There is no such plan. The plans are: ${known}.`, { path: ["planCode"] });
}

/** All plans that an organization may have: those that are offered, and the retired ones. */
export function knownPlans(): readonly Plan[] {
  return [...PLANS, ...RETIRED_PLANS];
}

/**
 * The plan of a stored subscription, offered still or retired. A code that was dropped without being retired keeps the
 * smallest plan's limits under its own name: nobody's pages break by an edited catalogue.
 */
export function storedPlan(code: string): Plan {
  const plan = knownPlans().find((candidate) => candidate.code === code);
  if (plan) return plan;
  const [smallest] = PLANS;
  if (!smallest) throw new Error("The catalogue has no plans.");
  return { ...smallest, code, name: code, features: [] };
}

/**
 * Whether moving from one plan to the other is an upgrade: to a higher price, one by arrangement being the highest, or
 * for the same price further up in the catalogue, in which retired plans come first.
 */
export function isUpgrade(from: string, to: string): boolean {
  const price = (code: string) => storedPlan(code).monthlyPriceCents ?? Number.POSITIVE_INFINITY;
  const rank = (code: string) => PLANS.findIndex((plan) => plan.code === code);
  return price(to) === price(from) ? rank(to) > rank(from) : price(to) > price(from);
}

/** A plan and how it is billed. */
export interface Terms {
  planCode: string;
  billingInterval: BillingInterval;
}

/** Whether a change takes effect at once: an upgrade, or the same plan by the year. Others wait for the period's end. */
export function isAtOnce(from: Terms, to: Terms): boolean {
  return from.planCode === to.planCode ? to.billingInterval === "ANNUAL" : isUpgrade(from.planCode, to.planCode);
}

/** How much of a limit is used. */
export function limitUse(used: number, limit: number | null): LimitUse {
  return { used, limit, remaining: limit === null ? null : Math.max(0, limit - used) };
}

/** What an organization uses of its plan: seats are active members plus pending invitations. */
export interface PlanUse {
  seats: number;
  workspaces: number;
}

/**
 * What stands in the way of moving to a plan: for a smaller one, every limit of it that is exceeded already; for one
 * whose price is by arrangement, a payment provider that cannot take it.
 */
export function blockersOf(from: string, plan: Plan, use: PlanUse, hasProvider: boolean): RefusalData[] {
  if (isUpgrade(from, plan.code)) {
    if (!hasProvider || plan.monthlyPriceCents !== null) return [];
    const message = `${plan.name} is by arrangement: write to us to change to it.`;
    return [{ code: "PAYMENT_REQUIRED", message, path: null, limit: null }];
  }
  const blockers: RefusalData[] = [];
  const check = (what: string, used: number, limit: number | null, remedy: string) => {
    if (limit === null || used <= limit) return;
    const message = `${plan.name} allows ${limit} ${what}, and ${used} are in use. ${remedy}`;
    blockers.push({ code: "PLAN_LIMIT_EXCEEDED", message, path: null, limit: limitUse(used, limit) });
  };
  check("members, pending invitations included", use.seats, plan.memberLimit, "Remove members or cancel invitations.");
  check("workspaces", use.workspaces, plan.workspaceLimit, "Delete workspaces first.");
  return blockers;
}

/**
 * Whether the organization may grow. A past-due account keeps working until it is cancelled, but does not grow (the
 * product's guide, "Subscription"). Refuses PAYMENT_REQUIRED.
 */
export function assertMayGrow(status: SubscriptionStatus): void {
  if (status === "ACTIVE" || status === "TRIALING") return;
  throw new Refused(
    "PAYMENT_REQUIRED",
    "The subscription is not being paid for: settle it in the billing portal, or write to us where collection is paused. " +
      "Then invite and create again.",
  );
}

/**
 * The end of the period that starts at `from`: a month or a year on, on the day of the month of `anchor` (the first
 * subscription), or the month's last day where it is shorter. All in UTC.
 */
export function periodEnd(anchor: Date, interval: BillingInterval, from: Date): Date {
  const months = interval === "MONTHLY" ? 1 : 12;
  const first = new Date(Date.UTC(from.getUTCFullYear(), from.getUTCMonth() + months, 1));
  const lastDay = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0)).getUTCDate();
  const day = Math.min(anchor.getUTCDate(), lastDay);
  const timeOfDay = anchor.getTime() - Date.UTC(anchor.getUTCFullYear(), anchor.getUTCMonth(), anchor.getUTCDate());
  return new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth(), day) + timeOfDay);
}

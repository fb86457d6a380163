import { limitUse, mayGrow, type Plan, type SubscriptionStatus, storedPlan } from "./plan";
import { Refused } from "./refusal";

/** An organization's current plan, and the one scheduled for the next period. */
export interface CountingPlans {
  planCode: string;
  scheduledPlanCode: string | null;
}

/** The limits that count members and workspaces. */
export type CountedLimit = "memberLimit" | "workspaceLimit";

/**
 * The plan whose limit applies. A scheduled plan's lower limits apply from the moment it is scheduled (product rule):
 * otherwise an organization could grow on the larger plan and keep the seats at the smaller plan's price. BYOK is paid
 * for until the period ends, so it is not limited early.
 */
export function limitingPlan(
  { planCode, scheduledPlanCode }: CountingPlans,
  limit: CountedLimit,
): { plan: Plan; isScheduled: boolean } {
  const current = storedPlan(planCode);
  const scheduled = scheduledPlanCode === null ? current : storedPlan(scheduledPlanCode);
  const isScheduled = (scheduled[limit] ?? Number.POSITIVE_INFINITY) < (current[limit] ?? Number.POSITIVE_INFINITY);
  return { plan: isScheduled ? scheduled : current, isScheduled };
}

/** How far an organization may grow. Its Admins see this, but not the plan and the payments that decide it. */
export interface Room {
  /** Null: unlimited. */
  memberLimit: number | null;
  workspaceLimit: number | null;
  /** Whether it may grow at all. */
  mayGrow: boolean;
}

export function roomOf(plans: CountingPlans & { status: SubscriptionStatus }): Room {
  const [members, workspaces] = [limitingPlan(plans, "memberLimit"), limitingPlan(plans, "workspaceLimit")];
  return {
    memberLimit: members.plan.memberLimit,
    workspaceLimit: workspaces.plan.workspaceLimit,
    mayGrow: mayGrow(plans.status),
  };
}

export function isSameRoom(one: Room, other: Room): boolean {
  const { memberLimit, workspaceLimit } = other;
  return one.memberLimit === memberLimit && one.workspaceLimit === workspaceLimit && one.mayGrow === other.mayGrow;
}

/** The room in a sentence that names neither the plan nor a payment. */
export function sentenceOf({ memberLimit, workspaceLimit, ...room }: Room): string {
  const limits = `${amount(memberLimit, "member")} and ${amount(workspaceLimit, "workspace")}`;
  return `The organization may have ${limits}${room.mayGrow ? "" : ", but cannot grow for now"}.`;
}

function amount(limit: number | null, noun: string): string {
  if (limit === null) return `any number of ${noun}s`;
  return `${limit} ${limit === 1 ? noun : `${noun}s`}`;
}

/** Members and pending invitations count against the member limit. Refuses MEMBER_LIMIT_REACHED for all `added` or none. */
export function assertSeatsFor(added: number, plans: CountingPlans, seats: number, field = "emails"): void {
  const { plan, isScheduled } = limitingPlan(plans, "memberLimit");
  const limit = plan.memberLimit;
  if (added === 0 || limit === null || seats + added <= limit) return;
  throw new Refused(
    "MEMBER_LIMIT_REACHED",
    `${nameOf(plan, isScheduled)} has ${limit} ${limit === 1 ? "seat" : "seats"}, ` +
      `${seats} of them taken by members and pending invitations; ${added} more ${added === 1 ? "does" : "do"} not fit. ` +
      `${isScheduled ? CANCEL_CHANGE : "Upgrade"}, remove members or cancel invitations.`,
    { path: [field], limit: limitUse(seats, limit) },
  );
}

/**
 * Checks for a free seat when an invitation is accepted. The invitation took a seat when it was sent, but the plan may
 * have become smaller since, so only members are counted. The invitee must not learn how many there are. Refuses
 * MEMBER_LIMIT_REACHED.
 */
export function assertSeatToJoin(plans: CountingPlans, members: number): void {
  const { plan, isScheduled } = limitingPlan(plans, "memberLimit");
  if (plan.memberLimit === null || members < plan.memberLimit) return;
  throw new Refused(
    "MEMBER_LIMIT_REACHED",
    "The organization has no free seat for you. Ask an Owner to " +
      `${isScheduled ? "cancel the scheduled change of plan" : "upgrade"} or to free a seat. ` +
      "The invitation stays open meanwhile.",
  );
}

/** Checks that one more workspace fits. Refuses WORKSPACE_LIMIT_REACHED. */
export function assertRoomForWorkspace(plans: CountingPlans, workspaces: number): void {
  const { plan, isScheduled } = limitingPlan(plans, "workspaceLimit");
  const limit = plan.workspaceLimit;
  if (limit === null || workspaces < limit) return;
  throw new Refused(
    "WORKSPACE_LIMIT_REACHED",
    `${nameOf(plan, isScheduled)} allows ${limit} ${limit === 1 ? "workspace" : "workspaces"}, all of them in use. ` +
      `${isScheduled ? CANCEL_CHANGE : "Upgrade"}, or delete one.`,
    { limit: limitUse(workspaces, limit) },
  );
}

const CANCEL_CHANGE = "Ask an Owner to cancel the scheduled change";

function nameOf({ name }: Plan, isScheduled: boolean): string {
  return isScheduled ? `The ${name} plan, which is scheduled for the next period,` : `The ${name} plan`;
}

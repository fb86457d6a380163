import { limitUse, type Plan, storedPlan } from "./plan";
import { Refused } from "./refusal";

/** The plan that an organization has, and the one that is scheduled to take over when the period ends. */
export interface CountingPlans {
  planCode: string;
  scheduledPlanCode: string | null;
}

/** The limits that count members and workspaces. */
export type CountedLimit = "memberLimit" | "workspaceLimit";

/**
 * The plan whose limit counts. Limits that a scheduled plan brings count from when it is scheduled: otherwise an
 * organization could grow on the larger plan and keep the seats for the smaller plan's price. Own keys are no such
 * limit: they are paid for until the period ends, and the smaller plan keeps them out of use by itself.
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

/** Seats for `added` more people, all or none. Refuses MEMBER_LIMIT_REACHED. */
export function assertSeatsFor(added: number, plans: CountingPlans, seats: number): void {
  const { plan, isScheduled } = limitingPlan(plans, "memberLimit");
  const limit = plan.memberLimit;
  if (added === 0 || limit === null || seats + added <= limit) return;
  throw new Refused(
    "MEMBER_LIMIT_REACHED",
    `${nameOf(plan, isScheduled)} has ${limit} ${limit === 1 ? "seat" : "seats"}, ` +
      `${seats} of them taken by members and pending invitations; ${added} more do not fit. ` +
      `${isScheduled ? CALL_OFF : "Upgrade"}, or free seats.`,
    { path: ["emails"], limit: limitUse(seats, limit) },
  );
}

/**
 * A seat for somebody who accepts an invitation. It took a seat when it was sent, but the plan may have become smaller
 * since: then the members alone have to fit. The invitee is not told how many there are. Refuses MEMBER_LIMIT_REACHED.
 */
export function assertSeatToJoin(plans: CountingPlans, members: number): void {
  const { plan, isScheduled } = limitingPlan(plans, "memberLimit");
  if (plan.memberLimit === null || members < plan.memberLimit) return;
  throw new Refused(
    "MEMBER_LIMIT_REACHED",
    "The organization has no free seat for you. Ask an Owner to " +
      `${isScheduled ? "call off the scheduled change of plan (cancelScheduledPlan)" : "upgrade"} or to free a seat; ` +
      "the invitation stays open meanwhile.",
  );
}

/** Room for one more workspace. Refuses WORKSPACE_LIMIT_REACHED. */
export function assertRoomForWorkspace(plans: CountingPlans, workspaces: number): void {
  const { plan, isScheduled } = limitingPlan(plans, "workspaceLimit");
  const limit = plan.workspaceLimit;
  if (limit === null || workspaces < limit) return;
  throw new Refused(
    "WORKSPACE_LIMIT_REACHED",
    `${nameOf(plan, isScheduled)} allows ${limit} ${limit === 1 ? "workspace" : "workspaces"}, all of them in use. ` +
      `${isScheduled ? CALL_OFF : "Upgrade"}, or delete one.`,
    { limit: limitUse(workspaces, limit) },
  );
}

const CALL_OFF = "Have an Owner call the change off (cancelScheduledPlan)";

function nameOf({ name }: Plan, isScheduled: boolean): string {
  return isScheduled ? `The ${name} plan, which is scheduled to take over when the period ends,` : `The ${name} plan`;
}

import { blockersOf, storedPlan } from "../../domain/plan";
import type { RefusalData } from "../../domain/refusal";
import { countUse } from "../../store/counts";
import { notifyOwners } from "../organization/notify-owners";
import type { OrganizationUnitOfWork } from "../runner/unit-of-work";

/** A change from one plan to another, which may be too small for the organization. */
export interface PlanMove {
  from: string;
  to: string;
}

/** Returns a refusal for each limit of the new plan that the organization exceeds. */
export async function limitsExceeded(
  { transaction, organization, now }: OrganizationUnitOfWork,
  { from, to }: PlanMove,
): Promise<RefusalData[]> {
  if (from === to) return [];
  const { members, pending, workspaces } = await countUse(transaction, organization.id, now);
  return blockersOf(from, storedPlan(to), { seats: members + pending, workspaces }, false);
}

/**
 * Mails the Owners that the organization exceeds a plan's limits. `dropped`: the change was dropped and the former plan
 * continues. `smaller`: the smaller plan is active, because the provider stopped billing the larger one. `scheduled`:
 * the smaller plan becomes active when the period ends. Nobody loses access; the organization cannot grow until it
 * fits.
 */
export async function notifyOverLimits(
  unit: OrganizationUnitOfWork,
  { from, to }: PlanMove,
  exceeded: readonly RefusalData[],
  outcome: "dropped" | "smaller" | "scheduled",
): Promise<void> {
  if (exceeded.length === 0) return;
  const { id, name } = unit.organization;
  const [before, after] = [storedPlan(from).name, storedPlan(to).name];
  const opening = {
    dropped: `${name} was scheduled to change to the ${after} plan, but exceeds its limits. It stays on ${before} and is billed for it.`,
    smaller: `${name} is now on the ${after} plan, but exceeds its limits.`,
    scheduled: `${name} changes to the ${after} plan when the period ends, but exceeds its limits.`,
  }[outcome];
  const growth =
    "Everybody keeps their access, but nobody can join and no workspace can be created until it is within the limits.";
  const nextStep = "Free seats or workspaces, then change the plan again.";
  const notice = {
    subject: outcome === "dropped" ? `Your plan stays ${before}` : `Your organization exceeds the ${after} plan`,
    paragraphs: [opening, ...exceeded.map(({ message }) => message), outcome === "dropped" ? nextStep : growth],
    page: `/organizations/${id}/subscription`,
  };
  await notifyOwners(unit, notice);
}

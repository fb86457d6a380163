import { blockersOf, storedPlan } from "../../domain/plan";
import type { RefusalData } from "../../domain/refusal";
import { countUse } from "../../store/organization";
import { notifyOwners } from "../organization/notify-owners";
import type { OrganizationUnitOfWork } from "../runner/unit-of-work";

/** A move from one plan to another, which may be smaller than what is in use. */
export interface PlanMove {
  from: string;
  to: string;
}

/** Every limit of the plan that an organization moves to, and that it is over. */
export async function limitsExceeded(
  { transaction, organization, now }: OrganizationUnitOfWork,
  { from, to }: PlanMove,
): Promise<RefusalData[]> {
  if (from === to) return [];
  const { members, pending, workspaces } = await countUse(transaction, organization.id, now);
  return blockersOf(from, storedPlan(to), { seats: members + pending, workspaces }, false);
}

/**
 * Mails the Owners that a plan and what is in use do not fit. `kept`: the change was dropped and the former plan goes on.
 * `smaller`: the smaller plan has taken over, because the payment provider stopped billing the larger one. `scheduled`:
 * it will. Nobody loses access by a calendar; nothing grows until it fits.
 */
export async function notifyOverLimits(
  unit: OrganizationUnitOfWork,
  { from, to }: PlanMove,
  exceeded: readonly RefusalData[],
  outcome: "kept" | "smaller" | "scheduled",
): Promise<void> {
  if (exceeded.length === 0) return;
  const { id, name } = unit.organization;
  const [before, after] = [storedPlan(from).name, storedPlan(to).name];
  const opening = {
    kept: `${name} was to change to the ${after} plan and does not fit it. It stays on ${before}, which is billed on.`,
    smaller: `The plan of ${name} is now ${after}, and ${name} does not fit it.`,
    scheduled: `The plan of ${name} changes to ${after} when the period ends, and ${name} does not fit it.`,
  }[outcome];
  const growth = "Everybody keeps their access, but nobody can join and no workspace can be created until it fits.";
  const again = "Make room, then change the plan again.";
  const notice = {
    subject: outcome === "kept" ? `Your plan stays ${before}` : `Your organization does not fit the ${after} plan`,
    paragraphs: [opening, ...exceeded.map(({ message }) => message), outcome === "kept" ? again : growth],
    page: `/organizations/${id}/subscription`,
  };
  await notifyOwners(unit, notice);
}

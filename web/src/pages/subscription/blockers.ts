import type { SubscriptionPagePlanFragment } from "../../graph/generated/graphql";

type Option = SubscriptionPagePlanFragment["planOptions"][number];
type Blocker = Option["blockers"][number];
type Use = Pick<SubscriptionPagePlanFragment["usage"], "members" | "workspaces">;

/** A reason against a plan. For a limit, it says what has to be reduced, and by how many. */
export interface Obstacle {
  message: string;
  what: "members" | "workspaces" | null;
  tooMany: number;
}

/**
 * A blocker has the use and the limit, but does not name the limited thing; the plan and the use tell which one it is.
 * If both have the same numbers, both are exceeded, and the members come first.
 */
export function obstaclesOf({ blockers, plan }: Pick<Option, "blockers" | "plan">, use: Use): Obstacle[] {
  const [first, ...others] = blockers;
  if (!first) return [];
  const isMembers = isAbout(first, use.members.used, plan.memberLimit);
  return [obstacleOf(first, plan, use, !isMembers), ...others.map((each) => obstacleOf(each, plan, use, true))];
}

function obstacleOf(blocker: Blocker, plan: Option["plan"], use: Use, isAfterMembers: boolean): Obstacle {
  const { message, limit } = blocker;
  const tooMany = (limit?.used ?? 0) - (limit?.limit ?? 0);
  if (!isAfterMembers) return { message, what: "members", tooMany };
  const isWorkspaces = isAbout(blocker, use.workspaces.used, plan.workspaceLimit);
  return { message, what: isWorkspaces ? "workspaces" : null, tooMany };
}

function isAbout({ limit }: Blocker, used: number, allowed: number | null | undefined): boolean {
  return typeof limit?.limit === "number" && limit.used === used && limit.limit === allowed;
}

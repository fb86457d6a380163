import type { Context } from "../src/context";
import { type CountingPlans, limitingPlan } from "../src/domain/growth";
import { limitUse } from "../src/domain/plan";
import type { LimitUse } from "../src/domain/refusal";

/** How many of the plan's members or workspaces an organization uses. */
export async function readLimitUse(
  { loaders }: Context,
  { id, ...plans }: CountingPlans & { id: string },
  limit: "members" | "workspaces",
): Promise<LimitUse> {
  const use = await loaders.use.load(id);
  return limit === "members"
    ? limitUse(use?.seats ?? 0, limitingPlan(plans, "memberLimit").plan.memberLimit)
    : limitUse(use?.workspaces ?? 0, limitingPlan(plans, "workspaceLimit").plan.workspaceLimit);
}

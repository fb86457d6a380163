import { Arg, Ctx, Query, Resolver } from "type-graphql";
import { OrganizationPermissionCheck, PermissionDecision, WorkspacePermissionCheck } from "../schema/permission";
import type { Context } from "../src/context";
import { decideInOrganization, decideInWorkspace } from "../src/domain/decision";
import { Denied } from "../src/domain/denial";
import { isIdentifier } from "../src/domain/identifier";
import { storedPlan } from "../src/domain/plan";
import { organizationAccessStates, workspaceAccessStates } from "../src/store/views/access-states";

const CHECKS_AT_A_TIME = 100;

@Resolver()
export class PermissionResolver {
  @Query(() => [PermissionDecision], {
    description: "May the viewer, and why. At most 100 at a time, answered in order; strangers are answered 'no'.",
  })
  async organizationPermissions(
    @Arg("checks", () => [OrganizationPermissionCheck]) checks: OrganizationPermissionCheck[],
    @Ctx() context: Context,
  ) {
    const ids = askable(checks.map((check) => check.organizationId));
    const states = await ask(context, ids, organizationAccessStates);
    const byId = new Map(states.map((state) => [state.organizationId, state]));
    return checks.map(({ organizationId, permission }) => {
      const state = byId.get(organizationId.toLowerCase());
      return decideInOrganization(permission, state && { ...state, plan: storedPlan(state.planCode) });
    });
  }

  @Query(() => [PermissionDecision])
  async workspacePermissions(
    @Arg("checks", () => [WorkspacePermissionCheck]) checks: WorkspacePermissionCheck[],
    @Ctx() context: Context,
  ) {
    const ids = askable(checks.map((check) => check.workspaceId));
    const states = await ask(context, ids, workspaceAccessStates);
    const byId = new Map(states.map((state) => [state.workspaceId, state]));
    return checks.map(({ workspaceId, permission }) =>
      decideInWorkspace(permission, byId.get(workspaceId.toLowerCase())),
    );
  }
}

function askable(ids: string[]): string[] {
  if (ids.length > CHECKS_AT_A_TIME) throw new Denied("BAD_USER_INPUT", `Ask at most ${CHECKS_AT_A_TIME} at a time.`);
  return [...new Set(ids.filter(isIdentifier).map((id) => id.toLowerCase()))];
}

async function ask<Standing>(
  { services, viewer }: Context,
  ids: string[],
  read: (reader: Context["services"]["database"], userId: string, ids: string[]) => Promise<Standing[]>,
): Promise<Standing[]> {
  return viewer.kind === "person" && ids.length > 0 ? await read(services.database, viewer.id, ids) : [];
}

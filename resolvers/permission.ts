import { Arg, Ctx, Query, Resolver } from "type-graphql";
import { OrganizationPermissionCheck, PermissionDecision, WorkspacePermissionCheck } from "../schema/permission";
import type { Context } from "../src/context";
import { decideInOrganization, decideInWorkspace } from "../src/domain/decision";
import { Denied } from "../src/domain/denial";
import { isIdentifier } from "../src/domain/identifier";
import { storedPlan } from "../src/domain/plan";
import { standingInOrganizations, standingInWorkspaces } from "../src/store/views/access-states";

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
    const standings = await ask(context, ids, standingInOrganizations);
    const byId = new Map(standings.map((standing) => [standing.organizationId, standing]));
    return checks.map(({ organizationId, permission }) => {
      const standing = byId.get(organizationId.toLowerCase());
      return decideInOrganization(permission, standing && { ...standing, plan: storedPlan(standing.planCode) });
    });
  }

  @Query(() => [PermissionDecision])
  async workspacePermissions(
    @Arg("checks", () => [WorkspacePermissionCheck]) checks: WorkspacePermissionCheck[],
    @Ctx() context: Context,
  ) {
    const ids = askable(checks.map((check) => check.workspaceId));
    const standings = await ask(context, ids, standingInWorkspaces);
    const byId = new Map(standings.map((standing) => [standing.workspaceId, standing]));
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

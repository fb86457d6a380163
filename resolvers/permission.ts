import { Arg, Ctx, Query, Resolver } from "type-graphql";
import { FieldPolicy } from "../schema/field-policy";
import { OrganizationPermissionCheck, PermissionDecision, WorkspacePermissionCheck } from "../schema/permission";
import type { Context } from "../src/context";
import { decideInOrganization, decideInWorkspace } from "../src/domain/decision";
import { Denied } from "../src/domain/denial";
import { isIdentifier } from "../src/domain/identifier";
import { storedPlan } from "../src/domain/plan";
import { organizationAccessStates, workspaceAccessStates } from "../src/store/views/access-states";

const MAX_CHECKS = 100;

@Resolver()
export class PermissionResolver {
  @FieldPolicy({ access: "signed-in", listSize: MAX_CHECKS })
  @Query(() => [PermissionDecision], {
    description:
      "Whether the viewer has permissions in organizations, and why. One decision per check, in the same order. " +
      "Not allowed where the viewer is not a member.",
  })
  async organizationPermissions(
    @Arg("checks", () => [OrganizationPermissionCheck], { description: "At most 100." })
    checks: OrganizationPermissionCheck[],
    @Ctx() context: Context,
  ) {
    const ids = distinctIds(checks.map((check) => check.organizationId));
    const states = await readStates(context, ids, organizationAccessStates);
    const byId = new Map(states.map((state) => [state.organizationId, state]));
    return checks.map(({ organizationId, permission }) => {
      const state = byId.get(organizationId.toLowerCase());
      return decideInOrganization(permission, state && { ...state, plan: storedPlan(state.planCode) });
    });
  }

  @FieldPolicy({ access: "signed-in", listSize: MAX_CHECKS })
  @Query(() => [PermissionDecision], {
    description:
      "Whether the viewer has permissions in workspaces, and why. One decision per check, in the same order. " +
      "Not allowed where the viewer has no access.",
  })
  async workspacePermissions(
    @Arg("checks", () => [WorkspacePermissionCheck], { description: "At most 100." })
    checks: WorkspacePermissionCheck[],
    @Ctx() context: Context,
  ) {
    const ids = distinctIds(checks.map((check) => check.workspaceId));
    const states = await readStates(context, ids, workspaceAccessStates);
    const byId = new Map(states.map((state) => [state.workspaceId, state]));
    return checks.map(({ workspaceId, permission }) =>
      decideInWorkspace(permission, byId.get(workspaceId.toLowerCase())),
    );
  }
}

/** The well-formed ids in lower case, each once. Throws BAD_USER_INPUT for too many. */
function distinctIds(ids: string[]): string[] {
  if (ids.length > MAX_CHECKS) throw new Denied("BAD_USER_INPUT", `Send at most ${MAX_CHECKS} checks at a time.`);
  return [...new Set(ids.filter(isIdentifier).map((id) => id.toLowerCase()))];
}

async function readStates<State>(
  { services, viewer }: Context,
  ids: string[],
  read: (reader: Context["services"]["database"], userId: string, ids: string[]) => Promise<State[]>,
): Promise<State[]> {
  return viewer.kind === "person" && ids.length > 0 ? await read(services.database, viewer.id, ids) : [];
}

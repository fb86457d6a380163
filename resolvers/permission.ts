import { Arg, Ctx, Directive, Query, Resolver } from "type-graphql";
import { FieldPolicy } from "../schema/field-policy";
import {
  OrganizationPermissionCheck,
  PermissionCheck,
  PermissionDecision,
  WorkspacePermissionCheck,
} from "../schema/permission";
import { RoleDescription } from "../schema/role";
import type { Context } from "../src/context";
import { assertScope } from "../src/domain/authorization";
import { type Decision, decideInOrganization, decideInWorkspace } from "../src/domain/decision";
import { Denied } from "../src/domain/denial";
import { isIdentifier, isSubject } from "../src/domain/identifier";
import { storedPlan } from "../src/domain/plan";
import { describeRoles } from "../src/domain/role-descriptions";
import type { Reader } from "../src/store/engine/statement";
import { type AccessKey, organizationAccessStates, workspaceAccessStates } from "../src/store/views/access-states";

const MAX_CHECKS = 100;
const MAX_CHECKS_OF_SERVICE = 1_000;

type OfPerson<Check> = Check & { userId: string };

@Resolver()
export class PermissionResolver {
  @FieldPolicy({ access: "anyone", listSize: 4 })
  @Query(() => [RoleDescription], {
    description: "The roles that members can have, from the most to the least powerful. Needs no sign-in.",
  })
  roles() {
    return describeRoles();
  }

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
    assertAtMost(MAX_CHECKS, checks);
    return await decideForOrganizations(context.services.database, ofViewer(context, checks));
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
    assertAtMost(MAX_CHECKS, checks);
    return await decideForWorkspaces(context.services, ofViewer(context, checks));
  }

  @FieldPolicy({ access: { scope: "permissions:read" }, listSize: MAX_CHECKS_OF_SERVICE })
  @Directive("@inaccessible")
  @Query(() => [PermissionDecision], {
    description:
      "Whether people have permissions in organizations and workspaces, and why. One decision per check, in the same " +
      "order, with the reasons worded for the person. Not allowed for unknown people and places.",
  })
  async checkPermissions(
    @Arg("checks", () => [PermissionCheck], { description: "At most 1,000." }) checks: PermissionCheck[],
    @Ctx() { viewer, services }: Context,
  ) {
    assertScope(viewer, "permissions:read");
    assertAtMost(MAX_CHECKS_OF_SERVICE, checks);
    checks.forEach(assertOnePlace);
    const [inOrganizations, inWorkspaces] = await Promise.all([
      decideForOrganizations(
        services.database,
        checks.flatMap(({ userId, organization }) => (organization ? [{ ...organization, userId }] : [])),
      ),
      decideForWorkspaces(
        services,
        checks.flatMap(({ userId, workspace }) => (workspace ? [{ ...workspace, userId }] : [])),
      ),
    ]);
    return checks.map(({ organization }) => (organization ? inOrganizations.shift() : inWorkspaces.shift()));
  }
}

async function decideForOrganizations(
  reader: Reader,
  checks: ReadonlyArray<OfPerson<OrganizationPermissionCheck>>,
): Promise<Decision[]> {
  const keys = checks.map(({ userId, organizationId }) => ({ userId, placeId: organizationId.toLowerCase() }));
  const states = await readStates(reader, keys, organizationAccessStates);
  return checks.map(({ permission }, index) => {
    const state = states[index];
    return decideInOrganization(
      permission,
      state && { ...state, organizationId: state.placeId, plan: storedPlan(state.planCode) },
    );
  });
}

async function decideForWorkspaces(
  { database, clock }: Context["services"],
  checks: ReadonlyArray<OfPerson<WorkspacePermissionCheck>>,
): Promise<Decision[]> {
  const keys = checks.map(({ userId, workspaceId }) => ({ userId, placeId: workspaceId.toLowerCase() }));
  const states = await readStates(database, keys, (reader, distinct) =>
    workspaceAccessStates(reader, distinct, clock.now()),
  );
  return checks.map(({ permission }, index) => decideInWorkspace(permission, states[index]));
}

/** The state for each key, undefined where there is none. Each pair is read once; ids that exist nowhere are not read. */
async function readStates<State extends AccessKey>(
  reader: Reader,
  keys: readonly AccessKey[],
  read: (reader: Reader, keys: AccessKey[]) => Promise<State[]>,
): Promise<Array<State | undefined>> {
  const possible = keys.filter(({ userId, placeId }) => isSubject(userId) && isIdentifier(placeId));
  const distinct = [...new Map(possible.map((key) => [textOf(key), key])).values()];
  const states = distinct.length > 0 ? await read(reader, distinct) : [];
  const byKey = new Map(states.map((state) => [textOf(state), state]));
  return keys.map((key) => byKey.get(textOf(key)));
}

function textOf({ userId, placeId }: AccessKey): string {
  return `${placeId} ${userId}`;
}

/** The viewer's own checks. A service has no permissions: its checks are those of nobody. */
function ofViewer<Check>({ viewer }: Context, checks: readonly Check[]): Array<OfPerson<Check>> {
  const userId = viewer.kind === "person" ? viewer.id : "";
  return checks.map((check) => ({ ...check, userId }));
}

/** Throws BAD_USER_INPUT for too many checks. */
function assertAtMost(limit: number, checks: readonly unknown[]): void {
  if (checks.length <= limit) return;
  throw new Denied("BAD_USER_INPUT", `Send at most ${limit.toLocaleString("en")} checks at a time.`);
}

/** Throws BAD_USER_INPUT unless the check names exactly one place. */
function assertOnePlace({ organization, workspace }: PermissionCheck, index: number): void {
  if (Boolean(organization) !== Boolean(workspace)) return;
  throw new Denied("BAD_USER_INPUT", `Check ${index} must have exactly one of 'organization' and 'workspace'.`);
}

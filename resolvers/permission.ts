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

/** A check, and the person whose permission it checks. */
interface OfPerson<Check> {
  userId: string;
  check: Check;
}

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
        checks.flatMap(({ userId, organization }) => (organization ? [{ userId, check: organization }] : [])),
      ),
      decideForWorkspaces(
        services,
        checks.flatMap(({ userId, workspace }) => (workspace ? [{ userId, check: workspace }] : [])),
      ),
    ]);
    const next = { organization: 0, workspace: 0 };
    return checks.map(({ organization }) =>
      organization ? inOrganizations[next.organization++] : inWorkspaces[next.workspace++],
    );
  }
}

async function decideForOrganizations(
  reader: Reader,
  checks: ReadonlyArray<OfPerson<OrganizationPermissionCheck>>,
): Promise<Decision[]> {
  const keys = checks.map(({ userId, check }) => ({ userId, placeId: check.organizationId }));
  const states = await readStates(reader, keys, organizationAccessStates);
  return checks.map(({ check }, index) => {
    const state = states[index];
    return decideInOrganization(check.permission, state && { ...state, plan: storedPlan(state.planCode) });
  });
}

async function decideForWorkspaces(
  { database, clock }: Context["services"],
  checks: ReadonlyArray<OfPerson<WorkspacePermissionCheck>>,
): Promise<Decision[]> {
  const keys = checks.map(({ userId, check }) => ({ userId, placeId: check.workspaceId }));
  const states = await readStates(database, keys, (reader, distinct) =>
    workspaceAccessStates(reader, distinct, clock.now()),
  );
  return checks.map(({ check }, index) => decideInWorkspace(check.permission, states[index]));
}

/** The state for each key, undefined if there is none. Each pair is read once; invalid ids are not read. */
async function readStates<State extends { index: number }>(
  reader: Reader,
  keys: readonly AccessKey[],
  read: (reader: Reader, keys: AccessKey[]) => Promise<State[]>,
): Promise<Array<State | undefined>> {
  const distinct: AccessKey[] = [];
  const indexes = new Map<string, number>();
  const indexOf = ({ userId, placeId }: AccessKey): number => {
    if (!isSubject(userId) || !isIdentifier(placeId)) return -1;
    const text = `${placeId.toLowerCase()} ${userId}`;
    const index = indexes.get(text) ?? distinct.push({ userId, placeId }) - 1;
    indexes.set(text, index);
    return index;
  };
  const wanted = keys.map(indexOf);
  const states: State[] = [];
  if (distinct.length > 0) for (const state of await read(reader, distinct)) states[state.index] = state;
  return wanted.map((index) => states[index]);
}

/** The viewer's own checks. A service has no permissions, so its checks have no person. */
function ofViewer<Check>({ viewer }: Context, checks: readonly Check[]): Array<OfPerson<Check>> {
  const userId = viewer.kind === "person" ? viewer.id : "";
  return checks.map((check) => ({ userId, check }));
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

import type { Context } from "../src/context";
import { forbidden, notFound } from "../src/domain/denial";
import { type CountingPlans, limitingPlan } from "../src/domain/growth";
import { mayInOrganization, type OrganizationPermission } from "../src/domain/permission";
import { limitUse } from "../src/domain/plan";
import type { LimitUse } from "../src/domain/refusal";
import { ROLE_NAMES } from "../src/domain/role";
import { hasScope } from "../src/domain/viewer";
import type { OrganizationView } from "../src/store/views/people";
import type { WorkspaceView } from "../src/store/views/workspaces";

/** The lock on a field that needs a permission; the door asks the same before, where there is a door. */
export function allowed<Value>(
  organization: OrganizationView,
  permission: OrganizationPermission,
  read: () => Value,
): Value {
  assertPermitted(organization, permission);
  return read();
}

/** Throws FORBIDDEN where the viewer lacks a permission in an organization that they see. */
export function assertPermitted(organization: OrganizationView, permission: OrganizationPermission): void {
  const role = organization.viewerMember?.role ?? null;
  if (mayInOrganization(role, permission)) return;
  const who = role ? `Your role in this organization is ${ROLE_NAMES[role]}, which` : "A service";
  throw forbidden(`${who} lacks ${permission}.`);
}

/** What every member may see of an organization is for its members, and for services that read entities. */
export function among<Value>({ viewer }: Context, organization: OrganizationView, read: () => Value): Value {
  if (!organization.viewerMember && !hasScope(viewer, "entities:read")) throw notFound("organization");
  return read();
}

/** Everything below a workspace is for those who have access to it. Throws NOT_FOUND. */
export function inside<Value>({ viewer }: Context, workspace: WorkspaceView, read: () => Value): Value {
  if (workspace.viewerRole === null && !hasScope(viewer, "entities:read")) throw notFound("workspace");
  return read();
}

/**
 * What has to be there, because its reader was told of it. Where it was deleted in between, by somebody else or on
 * another replica, it is gone for them as for everyone. Throws NOT_FOUND.
 */
export async function present<Value>(
  what: string,
  loading: Promise<Value | null | undefined>,
): Promise<NonNullable<Value>> {
  const value = await loading;
  if (value === null || value === undefined) throw notFound(what);
  return value;
}

/** How much of one of the plan's limits is used. */
export async function limitOf(
  { loaders }: Context,
  { id, ...plans }: CountingPlans & { id: string },
  limit: "members" | "workspaces",
): Promise<LimitUse> {
  const use = await loaders.use.load(id);
  return limit === "members"
    ? limitUse(use?.seats ?? 0, limitingPlan(plans, "memberLimit").plan.memberLimit)
    : limitUse(use?.workspaces ?? 0, limitingPlan(plans, "workspaceLimit").plan.workspaceLimit);
}

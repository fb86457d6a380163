import {
  assertPermission,
  assertPerson,
  assertScope,
  assertSignedIn,
  assertWorkspacePermission,
} from "../../domain/authorization";
import { notFound } from "../../domain/denial";
import { isIdentifier } from "../../domain/identifier";
import type { OrganizationPermission, WorkspacePermission } from "../../domain/permission";
import type { Actor, Person, Service, ServiceScope, Viewer } from "../../domain/viewer";
import { effectiveAccess } from "../../domain/workspace-access";
import type { Reader } from "../../store/engine/statement";
import { type ActorMembership, actorMembership } from "../../store/member";
import { findWorkspaceWithAssignment } from "../../store/workspace";
import type { MemberUnitOfWork, OrganizationUnitOfWork, UnitOfWork, WorkspaceUnitOfWork } from "./unit-of-work";

/** Who may run a command. The guard checks it before the resolver, and the runner checks it again under the lock. */
export type Requirement =
  | { of: "member"; permission: OrganizationPermission | null; deletedToo: boolean }
  | { of: "workspace"; permission: WorkspacePermission }
  | { of: "person" }
  | { of: "service"; scope: ServiceScope };

/** Checks that the viewer is the right kind of caller, without the database. Throws UNAUTHENTICATED or FORBIDDEN. */
export function assertKindOfViewer(viewer: Viewer, requires: Requirement): asserts viewer is Person | Service {
  assertSignedIn(viewer);
  if (requires.of === "service") assertScope(viewer, requires.scope);
  else asPerson(viewer);
}

/** Throws FORBIDDEN unless the viewer is a person. */
export function asPerson(viewer: Viewer | Actor): Person {
  assertPerson(viewer);
  return viewer;
}

/** The unit of work with its organization. Throws NOT_FOUND if it has none. */
export function inOrganization(unit: UnitOfWork): OrganizationUnitOfWork {
  const { organization } = unit;
  if (!organization) throw notFound("organization");
  return { ...unit, organization };
}

/** The unit of work of a member; reads the membership under the lock. Throws NOT_FOUND or FORBIDDEN. */
export async function admitMember(
  unit: UnitOfWork,
  permission: OrganizationPermission | null,
): Promise<MemberUnitOfWork> {
  const here = inOrganization(unit);
  const actor = asPerson(unit.actor);
  const membership = await requireMembership(here.transaction, here.organization.id, actor.id, permission);
  return { ...here, actor, membership };
}

/** The unit of work of a member in a workspace that they can access. Throws NOT_FOUND or FORBIDDEN. */
export async function admitToWorkspace(
  unit: MemberUnitOfWork,
  workspaceId: string,
  permission: WorkspacePermission,
): Promise<WorkspaceUnitOfWork> {
  const { transaction, organization, membership, now } = unit;
  const workspace = isIdentifier(workspaceId)
    ? await findWorkspaceWithAssignment(transaction, organization.id, workspaceId, membership.id, now)
    : undefined;
  const access = workspace && effectiveAccess(membership.role, workspace.isAssigned ? workspace : null);
  if (!workspace || !access) throw notFound("workspace");
  assertWorkspacePermission(access.role, permission);
  return { ...unit, workspace };
}

/** A person's membership with the permission, or any membership for null. Throws NOT_FOUND or FORBIDDEN. */
export async function requireMembership(
  reader: Reader,
  organizationId: string,
  userId: string,
  permission: OrganizationPermission | null,
): Promise<ActorMembership> {
  const membership = await actorMembership(reader, organizationId, userId);
  if (!membership) throw notFound("organization");
  if (permission !== null) assertPermission(membership.role, permission);
  return membership;
}

import { forbidden, notFound, unauthenticated } from "./denial";
import { mayInOrganization, mayInWorkspace, type OrganizationPermission, type WorkspacePermission } from "./permission";
import { type OrganizationRole, ROLE_NAMES, type WorkspaceRole } from "./role";
import { type Actor, hasScope, type Person, type Service, type ServiceScope, type Viewer } from "./viewer";

// Decides and words every denial. The guard, the command runner, resolvers and live streams all call it, so that a
// client reads the same code and message on every path.

/** Throws UNAUTHENTICATED for an anonymous viewer. */
export function assertSignedIn(viewer: Viewer): asserts viewer is Person | Service {
  if (viewer.kind === "anonymous") throw unauthenticated();
}

/** Throws FORBIDDEN unless the viewer is a person. */
export function assertPerson(viewer: Viewer | Actor): asserts viewer is Person {
  if (viewer.kind !== "person") throw forbidden("Only a signed-in person can do this.");
}

/** Throws UNAUTHENTICATED, or FORBIDDEN unless the viewer is a service whose token has the scope. */
export function assertScope(viewer: Viewer, scope: ServiceScope): void {
  assertSignedIn(viewer);
  if (!hasScope(viewer, scope)) throw forbidden(`Only a service with the scope ${scope} can do this.`);
}

/** Throws UNAUTHENTICATED, or FORBIDDEN for a service without the scope entities:read. Every person passes. */
export function assertEntityReader(viewer: Viewer): void {
  assertSignedIn(viewer);
  if (viewer.kind === "service" && !hasScope(viewer, "entities:read")) {
    throw forbidden("A service needs the scope entities:read for this.");
  }
}

/**
 * Throws NOT_FOUND unless the viewer has a role in the organization or is a service that reads entities. The error is
 * NOT_FOUND and not FORBIDDEN, so that strangers do not learn which organizations exist.
 */
export function assertMember(viewer: Viewer, role: OrganizationRole | null | undefined): void {
  if (!role && !hasScope(viewer, "entities:read")) throw notFound("organization");
}

/** Throws NOT_FOUND unless the viewer has access to the workspace or is a service that reads entities. */
export function assertWorkspaceAccess(viewer: Viewer, role: WorkspaceRole | null): void {
  if (role === null && !hasScope(viewer, "entities:read")) throw notFound("workspace");
}

/** Throws FORBIDDEN unless the organization role has the permission. A service has no role, and so no permission. */
export function assertPermission(role: OrganizationRole | null | undefined, permission: OrganizationPermission): void {
  if (mayInOrganization(role ?? null, permission)) return;
  throw forbidden(`${role ? yourRole("organization", role) : "A service"} lacks ${permission}.`);
}

/** Throws FORBIDDEN unless the effective workspace role has the permission. */
export function assertWorkspacePermission(role: WorkspaceRole | null, permission: WorkspacePermission): void {
  if (mayInWorkspace(role, permission)) return;
  throw forbidden(`${role ? yourRole("workspace", role) : "A service"} lacks ${permission}.`);
}

function yourRole(place: "organization" | "workspace", role: OrganizationRole): string {
  return `Your role in this ${place} is ${ROLE_NAMES[role]}, which`;
}

import { assertPermission } from "../domain/authorization";
import { forbidden, notFound } from "../domain/denial";
import { mayInOrganization } from "../domain/permission";
import type { OrganizationRole } from "../domain/role";
import type { EventFilter } from "./event-filter";

type Need = Pick<EventFilter, "permission">;

/**
 * Checks the right when a stream starts. Throws NOT_FOUND for strangers and FORBIDDEN for members without the
 * permission.
 */
export function assertMaySubscribe({ permission }: Need, role: OrganizationRole | null): void {
  if (role === null) throw notFound("organization");
  if (permission !== null) assertPermission(role, permission);
}

/**
 * Checks the right before each event. Throws the error that ends the stream if a subscriber with this role has lost the
 * right.
 */
export function assertMayReceive({ permission }: Need, role: OrganizationRole | null, isDeleted: boolean): void {
  if (isDeleted || (role === null && permission === null)) throw notFound("organization");
  if (permission !== null && !mayInOrganization(role, permission)) {
    throw forbidden(`You no longer hold ${permission} in this organization.`);
  }
}

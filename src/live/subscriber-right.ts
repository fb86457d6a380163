import { assertPermission } from "../domain/authorization";
import { forbidden, notFound } from "../domain/denial";
import { mayInOrganization } from "../domain/permission";
import type { OrganizationRole } from "../domain/role";
import type { EventFilter } from "./event-filter";

type Need = Pick<EventFilter, "permission">;

/** At the start of a stream: throws NOT_FOUND to strangers, FORBIDDEN to members without the permission. */
export function assertMaySubscribe({ permission }: Need, role: OrganizationRole | null): void {
  if (role === null) throw notFound("organization");
  if (permission !== null) assertPermission(role, permission);
}

/** Before each event: throws the error that ends the stream if its subscriber, with this role, has lost the right. */
export function assertMayReceive({ permission }: Need, role: OrganizationRole | null, isDeleted: boolean): void {
  if (isDeleted || (role === null && permission === null)) throw notFound("organization");
  if (permission !== null && !mayInOrganization(role, permission)) {
    throw forbidden(`You no longer hold ${permission} in this organization.`);
  }
}

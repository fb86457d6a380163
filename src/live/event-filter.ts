import { forbidden, notFound } from "../domain/denial";
import { mayInOrganization, type OrganizationPermission } from "../domain/permission";
import type { OrganizationRole } from "../domain/role";
import type { EventKind, LiveEvent } from "../store/events/live-events";

/** Which events of an organization a subscription wants, and the right that it needs. */
export interface EventFilter {
  /** The permission to see the events; null if membership is enough. */
  permission: OrganizationPermission | null;
  /** What the events are loaded with: their invitation or their member. */
  kind: EventKind;
  matches(event: LiveEvent): boolean;
}

/** Throws the error that ends a stream if its subscriber, with this role, may no longer see the events. */
export function assertStillVisible(
  { permission }: EventFilter,
  role: OrganizationRole | null,
  isDeleted: boolean,
): void {
  if (isDeleted || (role === null && permission === null)) throw notFound("organization");
  if (permission !== null && !mayInOrganization(role, permission)) {
    throw forbidden(`You no longer hold ${permission} in this organization.`);
  }
}

import type { OrganizationPermission } from "../domain/permission";
import type { EventKind, LiveEvent } from "../store/events/live-events";

/** Which events of an organization a subscription wants, and the right that it needs. */
export interface EventFilter {
  /** The permission to see the events; null if membership is enough. */
  permission: OrganizationPermission | null;
  /** True: the subscriber gets only events whose subject they may see, and the deletion of the organization as the last. */
  bySubject?: true;
  /** Which data is loaded with each event: its invitation, its member, or the organization's. */
  kind: EventKind;
  matches(event: LiveEvent): boolean;
}

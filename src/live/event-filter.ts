import type { OrganizationPermission } from "../domain/permission";
import type { EventKind, LiveEvent } from "../store/events/live-events";

/** Which events of an organization a subscription wants, and the right that it needs. */
export interface EventFilter {
  /** The permission to see the events; null if membership is enough. */
  permission: OrganizationPermission | null;
  /** What the events are loaded with: their invitation or their member. */
  kind: EventKind;
  matches(event: LiveEvent): boolean;
}

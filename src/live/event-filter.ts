import type { OrganizationPermission } from "../domain/permission";
import type { EventKind, LiveEvent } from "../store/events/live-events";

/** Which events of an organization a subscription wants, and the right that it needs. */
export interface EventFilter {
  /** The permission to see the events; null if membership is enough. */
  permission: OrganizationPermission | null;
  /** Whether each event is only for those who may see its subject. */
  bySubject?: true;
  /** What the events are loaded with: their invitation, their member, or what the organization's subscribers see. */
  kind: EventKind;
  matches(event: LiveEvent): boolean;
}

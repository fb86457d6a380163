import { Denied } from "./denial";

/** All event types of an organization's log. They are public: clients filter the audit log by them. */
export const EVENT_TYPES = [
  "organization.created",
  "organization.updated",
  "organization.limits_changed",
  "organization.deleted",
  "organization.restored",
  "ownership.transferred",
  "member.joined",
  "member.role_changed",
  "member.removed",
  "member.reinstated",
  "member.left",
  "workspace.created",
  "workspace.updated",
  "workspace.deleted",
  "workspace_access.changed",
  "workspace_access.expired",
  "access_review.started",
  "access_review.decided",
  "access_review.reminded",
  "access_review.completed",
  "access_review.canceled",
  "invitation.created",
  "invitation.resent",
  "invitation.updated",
  "invitation.link_renewed",
  "invitation.requested",
  "invitation.sent",
  "invitation.delivery_failed",
  "invitation.accepted",
  "invitation.declined",
  "invitation.canceled",
  "invitation.expired",
  "subscription.plan_changed",
  "subscription.downgrade_scheduled",
  "subscription.schedule_canceled",
  "subscription.renewed",
  "subscription.payment_failed",
  "subscription.recovered",
  "subscription.trial_started",
  "subscription.trial_ended",
  "subscription.payment_method_changed",
  "subscription.payment_returned",
  "subscription.customer_replaced",
  "credits.threshold_reached",
  "byok.configured",
  "byok.rotated",
  "byok.resealed",
  "byok.paused",
  "byok.resumed",
  "byok.removed",
  "byok.verified",
  "byok.failing",
  "byok.recovered",
  "byok.expiring",
  "byok.expired",
  "byok.excluded",
  "byok.included",
] as const;
export type EventType = (typeof EVENT_TYPES)[number];

/** Reads a filter by types. Throws BAD_USER_INPUT for an unknown type, and for an empty list, which matches nothing. */
export function parseEventTypes(types: readonly string[]): EventType[] {
  if (types.length === 0) throw new Denied("BAD_USER_INPUT", "'types' is empty. Leave it out for all types.");
  const known: readonly string[] = EVENT_TYPES;
  const unknown = types.findIndex((type) => !known.includes(type));
  if (unknown >= 0) throw new Denied("BAD_USER_INPUT", `'types' has no event type at index ${unknown}.`);
  return EVENT_TYPES.filter((type) => types.includes(type));
}

/** An event, before the log adds its sequence, time and hash. */
export interface Change {
  type: EventType;
  /** One sentence for people. Must not contain a secret or token. */
  summary: string;
  /** The member, invitation, workspace or organization that changed. */
  subjectId: string;
  workspaceId?: string;
  /** Values before and after the change. Must not contain a secret or token. */
  data?: Readonly<Record<string, unknown>>;
}

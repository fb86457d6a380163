import type { EventType } from "./events";
import type { OrganizationRole } from "./role";

/** What happened to an invitation, as those who watch it are told. */
export const InvitationChange = {
  CREATED: "CREATED",
  RESENT: "RESENT",
  SENT: "SENT",
  DELIVERY_FAILED: "DELIVERY_FAILED",
  ACCEPTED: "ACCEPTED",
  DECLINED: "DECLINED",
  CANCELED: "CANCELED",
  EXPIRED: "EXPIRED",
} as const;
export type InvitationChange = keyof typeof InvitationChange;

/** What happened to a membership, as the other members are told. */
export const MembershipChange = {
  JOINED: "JOINED",
  ROLE_CHANGED: "ROLE_CHANGED",
  REMOVED: "REMOVED",
  LEFT: "LEFT",
  OWNERSHIP_TRANSFERRED: "OWNERSHIP_TRANSFERRED",
  WORKSPACE_ACCESS_CHANGED: "WORKSPACE_ACCESS_CHANGED",
} as const;
export type MembershipChange = keyof typeof MembershipChange;

const INVITATION_CHANGES: Partial<Record<EventType, InvitationChange>> = {
  "invitation.created": "CREATED",
  "invitation.resent": "RESENT",
  "invitation.sent": "SENT",
  "invitation.delivery_failed": "DELIVERY_FAILED",
  "invitation.accepted": "ACCEPTED",
  "invitation.declined": "DECLINED",
  "invitation.canceled": "CANCELED",
  "invitation.expired": "EXPIRED",
};

const MEMBERSHIP_CHANGES: Partial<Record<EventType, MembershipChange>> = {
  "member.joined": "JOINED",
  "member.role_changed": "ROLE_CHANGED",
  "member.removed": "REMOVED",
  "member.left": "LEFT",
  "ownership.transferred": "OWNERSHIP_TRANSFERRED",
  "workspace_access.changed": "WORKSPACE_ACCESS_CHANGED",
};

/** The events that are changes of invitations. */
export const INVITATION_EVENTS = Object.keys(INVITATION_CHANGES) as EventType[];

/** The change of an invitation that an event is; null for any other event. */
export function invitationChangeOf(type: EventType): InvitationChange | null {
  return INVITATION_CHANGES[type] ?? null;
}

/** The change of a membership that an event is; null for any other event. */
export function membershipChangeOf(type: EventType): MembershipChange | null {
  return MEMBERSHIP_CHANGES[type] ?? null;
}

/** As much of an event as tells whom it is about. */
export interface EventData {
  type: EventType;
  data: Readonly<Record<string, unknown>>;
}

type Named = { userId?: string };

/**
 * The role that somebody has after an event, null where they are no member any more; undefined where the event does
 * not change it. This is how a stream ends exactly where its right does, however late the event is looked at.
 */
export function roleAfter({ type, data }: EventData, userId: string): OrganizationRole | null | undefined {
  if (type === "organization.deleted") return null;
  if (type === "ownership.transferred") {
    if ((data.formerOwner as Named | undefined)?.userId === userId) return "ADMIN";
    return (data.newOwner as Named | undefined)?.userId === userId ? "OWNER" : undefined;
  }
  if (data.userId !== userId) return undefined;
  if (type === "member.removed" || type === "member.left") return null;
  if (type !== "member.joined" && type !== "member.role_changed") return undefined;
  return (data.after as { role?: OrganizationRole } | undefined)?.role;
}

/** Whose membership an event is about. A transfer is the new owner's. */
export function personConcerned({ type, data }: EventData): string {
  const named = type === "ownership.transferred" ? (data.newOwner as Named | undefined) : (data as Named);
  return named?.userId ?? "";
}

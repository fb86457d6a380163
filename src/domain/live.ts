import type { EventType } from "./events";
import type { OrganizationRole } from "./role";

/** What happened to an invitation, as subscribers see it. */
export const InvitationChange = {
  CREATED: "CREATED",
  RESENT: "RESENT",
  UPDATED: "UPDATED",
  LINK_RENEWED: "LINK_RENEWED",
  REQUESTED: "REQUESTED",
  SENT: "SENT",
  DELIVERY_FAILED: "DELIVERY_FAILED",
  ACCEPTED: "ACCEPTED",
  DECLINED: "DECLINED",
  CANCELED: "CANCELED",
  EXPIRED: "EXPIRED",
} as const;
export type InvitationChange = keyof typeof InvitationChange;

/** What happened to a membership, as subscribers see it. */
export const MembershipChange = {
  JOINED: "JOINED",
  ROLE_CHANGED: "ROLE_CHANGED",
  REMOVED: "REMOVED",
  REINSTATED: "REINSTATED",
  LEFT: "LEFT",
  OWNERSHIP_TRANSFERRED: "OWNERSHIP_TRANSFERRED",
  WORKSPACE_ACCESS_CHANGED: "WORKSPACE_ACCESS_CHANGED",
  ORGANIZATION_DELETED: "ORGANIZATION_DELETED",
  ORGANIZATION_RESTORED: "ORGANIZATION_RESTORED",
} as const;
export type MembershipChange = keyof typeof MembershipChange;

const INVITATION_CHANGES: Partial<Record<EventType, InvitationChange>> = {
  "invitation.created": "CREATED",
  "invitation.resent": "RESENT",
  "invitation.updated": "UPDATED",
  "invitation.link_renewed": "LINK_RENEWED",
  "invitation.requested": "REQUESTED",
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
  "member.reinstated": "REINSTATED",
  "member.left": "LEFT",
  "ownership.transferred": "OWNERSHIP_TRANSFERRED",
  "workspace_access.changed": "WORKSPACE_ACCESS_CHANGED",
  "workspace_access.expired": "WORKSPACE_ACCESS_CHANGED",
};

/** Changes of all memberships of an organization at once. */
const CHANGES_OF_ALL: Partial<Record<EventType, MembershipChange>> = {
  "organization.deleted": "ORGANIZATION_DELETED",
  "organization.restored": "ORGANIZATION_RESTORED",
};

/** The types of events that change one membership, or those of two people. */
export const MEMBERSHIP_EVENTS = Object.keys(MEMBERSHIP_CHANGES) as EventType[];

/** The types of events that change an invitation. */
export const INVITATION_EVENTS = Object.keys(INVITATION_CHANGES) as EventType[];

/** Returns how an event changes an invitation; null if it does not. */
export function invitationChangeOf(type: EventType): InvitationChange | null {
  return INVITATION_CHANGES[type] ?? null;
}

/** Returns how an event changes a membership; null if it does not. */
export function membershipChangeOf(type: EventType): MembershipChange | null {
  return MEMBERSHIP_CHANGES[type] ?? null;
}

/** Returns how an event changes a membership, for the person whose membership it is; null if it does not. */
export function ownMembershipChangeOf(type: EventType): MembershipChange | null {
  return MEMBERSHIP_CHANGES[type] ?? CHANGES_OF_ALL[type] ?? null;
}

/** Whether an event changes the memberships of everybody in the organization. */
export function concernsAllMembers(type: EventType): boolean {
  return CHANGES_OF_ALL[type] !== undefined;
}

/** The types of events that say which role a person has afterwards. */
const ROLE_EVENTS: ReadonlySet<EventType> = new Set(["member.joined", "member.reinstated", "member.role_changed"]);

/** The part of an event that names the people whom it concerns. */
export interface EventData {
  type: EventType;
  data: Readonly<Record<string, unknown>>;
}

type PersonData = { userId?: string };

/**
 * Returns a person's role after an event: null if they are no longer a member, undefined if the event does not change
 * it. So a stream ends exactly at the event that takes the right away, even if that event is read late.
 */
export function roleAfter({ type, data }: EventData, userId: string): OrganizationRole | null | undefined {
  if (type === "organization.deleted") return null;
  if (type === "ownership.transferred") {
    if ((data.formerOwner as PersonData | undefined)?.userId === userId) return "ADMIN";
    return (data.newOwner as PersonData | undefined)?.userId === userId ? "OWNER" : undefined;
  }
  if (data.userId !== userId) return undefined;
  if (type === "member.removed" || type === "member.left") return null;
  if (!ROLE_EVENTS.has(type)) return undefined;
  return (data.after as { role?: OrganizationRole } | undefined)?.role;
}

/** Returns the ids of the people whose own memberships an event changes, unless it changes those of all members. */
export function peopleConcerned({ type, data }: EventData): string[] {
  if (membershipChangeOf(type) === null) return [];
  const people = type === "ownership.transferred" ? [data.formerOwner, data.newOwner] : [data];
  return people.flatMap((person) => (person as PersonData | undefined)?.userId ?? []);
}

/** Returns the id of the person whose membership an event changes. A transfer of ownership counts for the new Owner. */
export function personConcerned({ type, data }: EventData): string {
  const person = type === "ownership.transferred" ? (data.newOwner as PersonData | undefined) : (data as PersonData);
  return person?.userId ?? "";
}

import { Arg, Ctx, FieldResolver, ID, Resolver, Root, Subscription } from "type-graphql";
import { Invitation } from "../entities/invitation";
import { Organization } from "../entities/organization";
import { FieldPolicy } from "../schema/field-policy";
import {
  AuditLogChange,
  InvitationEvent,
  MembershipEvent,
  OrganizationEvent,
  ViewerMembershipEvent,
} from "../schema/live";
import type { Context } from "../src/context";
import { audienceOf } from "../src/domain/audience";
import { invitationChangeOf, membershipChangeOf, personConcerned } from "../src/domain/live";
import type { OwnMembershipChange } from "../src/live/membership-log";
import { writeEventCursor } from "../src/store/events/event-cursor";
import type { LiveEvent } from "../src/store/events/live-events";
import type { InvitationView } from "../src/store/views/invitations";
import { subscriberOf } from "./subscriber";

interface Asked<Args> {
  args: Args;
  context: Context;
}
type OfOrganization = { organizationId: string; after?: string | null };

const INVITATIONS = {
  permission: "INVITE_AND_REMOVE_MEMBERS",
  kind: "invitation",
  matches: ({ type, invitation }: LiveEvent) => invitationChangeOf(type) !== null && invitation !== null,
} as const;

const MEMBERSHIPS = {
  permission: null,
  kind: "member",
  matches: ({ type }: LiveEvent) => membershipChangeOf(type) !== null,
} as const;

const ORGANIZATION = {
  permission: null,
  bySubject: true,
  kind: "organization",
  matches: ({ type }: LiveEvent) => audienceOf(type) !== null,
} as const;

/** The log hides no event from those who may read it. */
const AUDIT_LOG = {
  permission: "VIEW_AUDIT_LOG",
  // The console opens the stream beside organizationChanged, which loads the same.
  kind: "organization",
  matches: () => true,
} as const;

const AFTER =
  "An 'eventCursor' or the cursor of an earlier event: changes since then come first. Null or absent: only new changes.";

const AFTER_MEMBERSHIP =
  "The cursor of an earlier event: changes since then come first. Null or absent: only new changes.";

@Resolver()
export class LiveResolver {
  @FieldPolicy({ access: "signed-in" })
  @Subscription(() => InvitationEvent, {
    subscribe: ({ args, context }: Asked<OfOrganization>) =>
      context.live.subscribeToOrganization(subscriberOf(context), args, INVITATIONS),
    description:
      "Every change of the organization's invitations, in order and once. Requires INVITE_AND_REMOVE_MEMBERS.",
  })
  invitationChanged(
    @Root() event: LiveEvent,
    @Ctx() { epochs }: Context,
    @Arg("organizationId", () => ID, { description: "The organization's id." }) organizationId: string,
    @Arg("after", () => String, { nullable: true, description: AFTER }) _after: string | null,
  ) {
    const { type, occurredAt, invitation } = event;
    const cursor = epochs.tag(writeEventCursor(organizationId.toLowerCase(), event.sequence));
    return { cursor, change: invitationChangeOf(type), occurredAt, invitation };
  }

  @FieldPolicy({ access: "signed-in" })
  @Subscription(() => MembershipEvent, {
    subscribe: ({ args, context }: Asked<OfOrganization>) =>
      context.live.subscribeToOrganization(subscriberOf(context), args, MEMBERSHIPS),
    description:
      "Every change of membership, role or workspace access in the organization, in order and once. For its members.",
  })
  membershipChanged(
    @Root() event: LiveEvent,
    @Ctx() { epochs }: Context,
    @Arg("organizationId", () => ID, { description: "The organization's id." }) organizationId: string,
    @Arg("after", () => String, { nullable: true, description: AFTER }) _after: string | null,
  ) {
    const { type, occurredAt, subjectId, member } = event;
    const cursor = epochs.tag(writeEventCursor(organizationId.toLowerCase(), event.sequence));
    const change = membershipChangeOf(type);
    return { cursor, change, occurredAt, memberId: subjectId, userId: personConcerned(event), member };
  }

  @FieldPolicy({ access: "signed-in" })
  @Subscription(() => OrganizationEvent, {
    subscribe: ({ args, context }: Asked<OfOrganization>) =>
      context.live.subscribeToOrganization(subscriberOf(context), args, ORGANIZATION),
    description:
      "Changes of the organization, its workspaces, their access, its access reviews, plan, payment, credits and own AWS " +
      "key, in order and once. The viewer gets only changes that they may see: of a workspace if they can access it, of " +
      "reviews with REVIEW_ACCESS, of billing and credits with MANAGE_BILLING, of the key with CONFIGURE_BYOK. What a " +
      "change of plan means for others is a change of its own: of the limits (organization.limits_changed) with " +
      "INVITE_AND_REMOVE_MEMBERS, and of the key's status. Every member gets those that change the key's status; without " +
      "VIEW_AUDIT_LOG, their summary has no details. The deletion of the organization is the last change.",
  })
  organizationChanged(
    @Root() event: LiveEvent,
    @Ctx() { epochs }: Context,
    @Arg("organizationId", () => ID, { description: "The organization's id." }) organizationId: string,
    @Arg("after", () => String, { nullable: true, description: AFTER }) _after: string | null,
  ) {
    const { type, occurredAt, organization } = event;
    const cursor = epochs.tag(writeEventCursor(organizationId.toLowerCase(), event.sequence));
    return { cursor, type, occurredAt, ...organization, organizationId };
  }

  @FieldPolicy({ access: "signed-in" })
  @Subscription(() => AuditLogChange, {
    subscribe: ({ args, context }: Asked<OfOrganization>) =>
      context.live.subscribeToOrganization(subscriberOf(context), args, AUDIT_LOG),
    description: "Every new entry of the organization's audit log, in order and once. Requires VIEW_AUDIT_LOG.",
  })
  auditLogChanged(
    @Root() { sequence }: LiveEvent,
    @Ctx() { epochs }: Context,
    @Arg("organizationId", () => ID, { description: "The organization's id." }) organizationId: string,
    @Arg("after", () => String, { nullable: true, description: AFTER }) _after: string | null,
  ) {
    return { cursor: epochs.tag(writeEventCursor(organizationId.toLowerCase(), sequence)), sequence };
  }

  @FieldPolicy({ access: "signed-in" })
  @Subscription(() => Invitation, {
    subscribe: ({ context }: Asked<object>) => context.live.subscribeToReceivedInvitations(subscriberOf(context)),
    description: "Invitations to the viewer's verified e-mail address: those pending now, then each change.",
  })
  receivedInvitationChanged(@Root() invitation: InvitationView) {
    return invitation;
  }

  @FieldPolicy({ access: "signed-in" })
  @Subscription(() => ViewerMembershipEvent, {
    subscribe: ({ args, context }: Asked<{ after?: string | null }>) =>
      context.live.subscribeToMemberships(subscriberOf(context), args),
    description:
      "Every change of the viewer's own memberships in all organizations, once, and in order within each organization. " +
      "Deletions and restorations of their organizations are among them.",
  })
  viewerMembershipChanged(
    @Root() change: OwnMembershipChange,
    @Arg("after", () => String, { nullable: true, description: AFTER_MEMBERSHIP }) _after: string | null,
  ) {
    return change;
  }
}

@Resolver(() => ViewerMembershipEvent)
export class ViewerMembershipEventResolver {
  @FieldResolver(() => Organization, {
    nullable: true,
    description: "The organization after the change. Null if the viewer no longer sees it.",
  })
  organization(@Root() { organizationId }: OwnMembershipChange, @Ctx() { loaders }: Context) {
    return loaders.organization.load(organizationId);
  }
}

@Resolver(() => OrganizationEvent)
export class OrganizationEventResolver {
  @FieldResolver(() => Organization, {
    nullable: true,
    description: "The organization after the change. Null if the viewer no longer sees it.",
  })
  organization(@Root() { organizationId }: { organizationId: string }, @Ctx() { loaders }: Context) {
    return loaders.organization.load(organizationId);
  }
}

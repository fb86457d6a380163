import { Arg, Args, Ctx, FieldResolver, ID, Query, Resolver, Root } from "type-graphql";
import { ByokConfig } from "../entities/byok-config";
import { Member } from "../entities/member";
import { Organization } from "../entities/organization";
import { OrganizationSubscription } from "../entities/organization-subscription";
import {
  AccessReviewConnection,
  AuditEventConnection,
  InvitationConnection,
  MemberConnection,
  WorkspaceConnection,
} from "../schema/connection";
import { FieldPolicy } from "../schema/field-policy";
import { AccessReviewArgs, AuditArgs, InvitationArgs, MemberArgs, WorkspaceArgs } from "../schema/page-arguments";
import { LimitUsage } from "../schema/refusal";
import type { Context } from "../src/context";
import { assertMember, assertPermission } from "../src/domain/authorization";
import { ByokStatus, byokStatusOf } from "../src/domain/byok";
import { OrganizationPermission, permissionsInOrganization } from "../src/domain/permission";
import { storedPlan } from "../src/domain/plan";
import { writeEventCursor } from "../src/store/events/event-cursor";
import type { OrganizationView } from "../src/store/views/people";
import { readLimitUse } from "./limit-use";
import { readAccessReviews, readAuditLog, readInvitations, readMembers, readWorkspaces } from "./lists";

// The guard checks a field's policy before its resolver runs. The resolver asserts it again, for callers that reach it
// without the guard.
@Resolver(() => Organization)
export class OrganizationResolver {
  @FieldPolicy({ access: "entity-reader" })
  @Query(() => Organization, {
    nullable: true,
    description: "An organization by its id. Null if it does not exist or the viewer is not a member.",
  })
  organization(
    @Arg("id", () => ID, { description: "The organization's id." }) id: string,
    @Ctx() { loaders }: Context,
  ) {
    return loaders.organization.load(id);
  }

  @FieldResolver(() => Boolean, {
    description: "Whether it was created for a person at sign-up and that person still owns it.",
  })
  isPersonal(@Root() organization: OrganizationView) {
    return organization.personalForId !== null;
  }

  @FieldResolver(() => String, {
    description:
      "Position in the organization's events. A subscription with it as 'after' continues where this answer ends: it " +
      "delivers every change that the answer does not show.",
  })
  async eventCursor(@Root() { id }: OrganizationView, @Ctx() { epochs, loaders }: Context) {
    return epochs.tag(writeEventCursor(id, await loaders.eventHeads.of(id)));
  }

  @FieldResolver(() => Member, { nullable: true, description: "The viewer's membership. Null for a service." })
  viewerMember(@Root() organization: OrganizationView) {
    return organization.viewerMember;
  }

  @FieldResolver(() => [OrganizationPermission], {
    description: "The permissions of the viewer's role. Empty for a service.",
  })
  viewerPermissions(@Root() organization: OrganizationView) {
    return permissionsInOrganization(organization.viewerMember?.role ?? null);
  }

  @FieldResolver(() => MemberConnection, { description: "The organization's members." })
  members(@Root() organization: OrganizationView, @Args(() => MemberArgs) args: MemberArgs, @Ctx() context: Context) {
    assertMember(context.viewer, organization.viewerMember?.role);
    // The order reveals when members were last seen, as the field does.
    if (args.orderBy === "LAST_SEEN") assertPermission(organization.viewerMember?.role, "CHANGE_MEMBER_ROLES");
    return readMembers(context, organization, args);
  }

  @FieldResolver(() => Member, {
    nullable: true,
    description: "One of the organization's members. Null if the organization has no member with this id.",
  })
  async member(
    @Root() organization: OrganizationView,
    @Arg("id", () => ID, { description: "The member's id." }) id: string,
    @Ctx() { loaders, viewer }: Context,
  ) {
    assertMember(viewer, organization.viewerMember?.role);
    const member = await loaders.member.load(id);
    return member?.organizationId === organization.id ? member : null;
  }

  @FieldPolicy({ permission: "INVITE_AND_REMOVE_MEMBERS" })
  @FieldResolver(() => InvitationConnection, {
    nullable: true,
    description: "The organization's invitations, newest first.",
  })
  invitations(
    @Root() organization: OrganizationView,
    @Args(() => InvitationArgs) args: InvitationArgs,
    @Ctx() context: Context,
  ) {
    assertPermission(organization.viewerMember?.role, "INVITE_AND_REMOVE_MEMBERS");
    return readInvitations(context, organization, args);
  }

  @FieldResolver(() => WorkspaceConnection, {
    description: "The workspaces that the viewer can access: the default one first, then the oldest first.",
  })
  workspaces(
    @Root() organization: OrganizationView,
    @Args(() => WorkspaceArgs) args: WorkspaceArgs,
    @Ctx() context: Context,
  ) {
    assertMember(context.viewer, organization.viewerMember?.role);
    return readWorkspaces(context, organization, args);
  }

  @FieldPolicy({ permission: "INVITE_AND_REMOVE_MEMBERS" })
  @FieldResolver(() => LimitUsage, {
    nullable: true,
    description: "How many of the plan's seats are taken, by members and by pending invitations.",
  })
  memberLimit(@Root() organization: OrganizationView, @Ctx() context: Context) {
    assertPermission(organization.viewerMember?.role, "INVITE_AND_REMOVE_MEMBERS");
    return readLimitUse(context, organization, "members");
  }

  @FieldPolicy({ permission: "CREATE_WORKSPACES" })
  @FieldResolver(() => LimitUsage, { nullable: true, description: "How many of the plan's workspaces exist." })
  workspaceLimit(@Root() organization: OrganizationView, @Ctx() context: Context) {
    assertPermission(organization.viewerMember?.role, "CREATE_WORKSPACES");
    return readLimitUse(context, organization, "workspaces");
  }

  @FieldPolicy({ permission: "MANAGE_BILLING" })
  @FieldResolver(() => OrganizationSubscription, {
    nullable: true,
    description: "The plan, its billing and its usage.",
  })
  subscription(@Root() organization: OrganizationView, @Ctx() { loaders }: Context) {
    assertPermission(organization.viewerMember?.role, "MANAGE_BILLING");
    return loaders.subscriptionOfOrganization.load(organization.id);
  }

  @FieldPolicy({ permission: "CONFIGURE_BYOK" })
  @FieldResolver(() => ByokConfig, {
    nullable: true,
    description: "The organization's own AWS key, without its secrets. Null if there is none.",
  })
  byokConfig(@Root() organization: OrganizationView, @Ctx() { loaders }: Context) {
    assertPermission(organization.viewerMember?.role, "CONFIGURE_BYOK");
    return loaders.byokOfOrganization.load(organization.id);
  }

  @FieldResolver(() => ByokStatus, {
    description: "Whether LLM calls run on the organization's own AWS key now. Visible to every member.",
  })
  async byokStatus(@Root() organization: OrganizationView, @Ctx() { loaders, services, viewer }: Context) {
    assertMember(viewer, organization.viewerMember?.role);
    const config = await loaders.byokOfOrganization.load(organization.id);
    return byokStatusOf(config, config ? storedPlan(config.planCode).byok : false, services.clock.now());
  }

  @FieldPolicy({ permission: "REVIEW_ACCESS" })
  @FieldResolver(() => AccessReviewConnection, {
    nullable: true,
    description: "Reviews of who has which access, newest first.",
  })
  accessReviews(
    @Root() organization: OrganizationView,
    @Args(() => AccessReviewArgs) args: AccessReviewArgs,
    @Ctx() context: Context,
  ) {
    assertPermission(organization.viewerMember?.role, "REVIEW_ACCESS");
    return readAccessReviews(context, organization, args);
  }

  @FieldPolicy({ permission: "VIEW_AUDIT_LOG" })
  @FieldResolver(() => AuditEventConnection, {
    nullable: true,
    description: "Every change of the organization, newest first.",
  })
  auditLog(@Root() organization: OrganizationView, @Args(() => AuditArgs) args: AuditArgs, @Ctx() context: Context) {
    assertPermission(organization.viewerMember?.role, "VIEW_AUDIT_LOG");
    return readAuditLog(context, organization, args);
  }
}

import { Arg, Args, Ctx, FieldResolver, ID, Query, Resolver, Root } from "type-graphql";
import { ByokConfig } from "../entities/byok-config";
import { Member } from "../entities/member";
import { Organization } from "../entities/organization";
import { OrganizationSubscription } from "../entities/organization-subscription";
import {
  AuditEventConnection,
  InvitationConnection,
  MemberConnection,
  WorkspaceConnection,
} from "../schema/connection";
import { AuditArgs, InvitationArgs, MemberArgs, WorkspaceArgs } from "../schema/page-arguments";
import { LimitUsage } from "../schema/refusal";
import type { Context } from "../src/context";
import { ByokStatus, byokStatusOf } from "../src/domain/byok";
import { OrganizationPermission, permissionsInOrganization } from "../src/domain/permission";
import { storedPlan } from "../src/domain/plan";
import type { OrganizationView } from "../src/store/views/people";
import { readAuditLog, readInvitations, readMembers, readWorkspaces } from "./lists";
import { allowed, among, limitOf } from "./permitted";

@Resolver(() => Organization)
export class OrganizationResolver {
  @Query(() => Organization, {
    nullable: true,
    description: "Null for an organization that does not exist and for one that the viewer is not in, alike.",
  })
  organization(@Arg("id", () => ID) id: string, @Ctx() { loaders }: Context) {
    return loaders.organization.load(id);
  }

  @FieldResolver(() => Boolean, { description: "Created at sign-up for its first owner, and still owned by them." })
  isPersonal(@Root() organization: OrganizationView) {
    return organization.personalForId !== null;
  }

  @FieldResolver(() => Member, { nullable: true })
  viewerMember(@Root() organization: OrganizationView) {
    return organization.viewerMember;
  }

  @FieldResolver(() => [OrganizationPermission])
  viewerPermissions(@Root() organization: OrganizationView) {
    return permissionsInOrganization(organization.viewerMember?.role ?? null);
  }

  @FieldResolver(() => MemberConnection)
  members(@Root() organization: OrganizationView, @Args(() => MemberArgs) args: MemberArgs, @Ctx() context: Context) {
    return among(context, organization, () => readMembers(context, organization, args));
  }

  @FieldResolver(() => InvitationConnection, {
    nullable: true,
    description: "Needs INVITE_AND_REMOVE_MEMBERS. Newest first.",
  })
  invitations(
    @Root() organization: OrganizationView,
    @Args(() => InvitationArgs) args: InvitationArgs,
    @Ctx() context: Context,
  ) {
    return allowed(organization, "INVITE_AND_REMOVE_MEMBERS", () => readInvitations(context, organization, args));
  }

  @FieldResolver(() => WorkspaceConnection, {
    description: "Only those that the viewer may access. The default workspace first, then by creation.",
  })
  workspaces(
    @Root() organization: OrganizationView,
    @Args(() => WorkspaceArgs) args: WorkspaceArgs,
    @Ctx() context: Context,
  ) {
    return among(context, organization, () => readWorkspaces(context, organization, args));
  }

  @FieldResolver(() => LimitUsage, {
    nullable: true,
    description: "Active members plus pending invitations. Needs INVITE_AND_REMOVE_MEMBERS.",
  })
  memberLimit(@Root() organization: OrganizationView, @Ctx() context: Context) {
    return allowed(organization, "INVITE_AND_REMOVE_MEMBERS", () => limitOf(context, organization, "members"));
  }

  @FieldResolver(() => LimitUsage, { nullable: true, description: "Needs CREATE_WORKSPACES." })
  workspaceLimit(@Root() organization: OrganizationView, @Ctx() context: Context) {
    return allowed(organization, "CREATE_WORKSPACES", () => limitOf(context, organization, "workspaces"));
  }

  @FieldResolver(() => OrganizationSubscription, { nullable: true, description: "Needs MANAGE_BILLING." })
  subscription(@Root() organization: OrganizationView, @Ctx() { loaders }: Context) {
    return allowed(organization, "MANAGE_BILLING", () => loaders.subscriptionOfOrganization.load(organization.id));
  }

  @FieldResolver(() => ByokConfig, {
    nullable: true,
    description: "Needs CONFIGURE_BYOK; null where none is configured.",
  })
  byokConfig(@Root() organization: OrganizationView, @Ctx() { loaders }: Context) {
    return allowed(organization, "CONFIGURE_BYOK", () => loaders.byokOfOrganization.load(organization.id));
  }

  @FieldResolver(() => ByokStatus, {
    description:
      "Whether LLM calls run on the organization's own key. Every member may know; it reveals no credential.",
  })
  byokStatus(@Root() organization: OrganizationView, @Ctx() context: Context) {
    const { loaders, services } = context;
    return among(context, organization, async () => {
      const config = await loaders.byokOfOrganization.load(organization.id);
      return byokStatusOf(config, config ? storedPlan(config.planCode).byok : false, services.clock.now());
    });
  }

  @FieldResolver(() => AuditEventConnection, {
    nullable: true,
    description: "Needs VIEW_AUDIT_LOG. Newest first.",
  })
  auditLog(@Root() organization: OrganizationView, @Args(() => AuditArgs) args: AuditArgs, @Ctx() context: Context) {
    return allowed(organization, "VIEW_AUDIT_LOG", () => readAuditLog(context, organization, args));
  }
}

import { Ctx, FieldResolver, Resolver, Root } from "type-graphql";
import { Member } from "../entities/member";
import { Organization } from "../entities/organization";
import { OrganizationEvent } from "../entities/organization-event";
import { Workspace } from "../entities/workspace";
import { FieldPolicy } from "../schema/field-policy";
import { Refusal } from "../schema/refusal";
import { RoleOption } from "../schema/role";
import { WorkspaceAccess } from "../schema/workspace-access";
import type { Context } from "../src/context";
import * as refusals from "../src/domain/field-refusals";
import type { RefusalData } from "../src/domain/refusal";
import type { AuditEventView } from "../src/store/views/audit-log";
import type { MemberView, OrganizationView } from "../src/store/views/people";
import type { WorkspaceAccessView } from "../src/store/views/workspace-access";
import type { WorkspaceView } from "../src/store/views/workspaces";
import { orNotFound } from "./or-not-found";
import { toRefusal } from "./run-mutation";

// Everybody who sees the object may read these fields: a viewer without the permission reads FORBIDDEN as a refusal.

@Resolver(() => Organization)
export class OrganizationRefusals {
  @FieldResolver(() => Refusal, {
    nullable: true,
    description: "Why the viewer cannot leave with leaveOrganization. Null if they can.",
  })
  leaveRefusal(@Root() organization: OrganizationView, @Ctx() context: Context) {
    return orNull(refusals.leaveRefusal(askerIn(organization, context), organization.owners));
  }

  @FieldResolver(() => Refusal, {
    nullable: true,
    description: "Why the viewer cannot delete the organization with deleteOrganization. Null if they can.",
  })
  deletionRefusal(@Root() organization: OrganizationView, @Ctx() context: Context) {
    return orNull(refusals.deletionRefusal(askerIn(organization, context), organization));
  }

  @FieldResolver(() => Refusal, {
    nullable: true,
    description: "Why the viewer cannot invite one more person with inviteMembers. Null if they can.",
  })
  async invitationRefusal(@Root() organization: OrganizationView, @Ctx() context: Context) {
    const mails = context.loaders.sentMails.load(organization.id);
    const [growth, sent] = await Promise.all([growthOf(organization, context), mails]);
    return orNull(refusals.invitationRefusal(askerIn(organization, context), growth, sent?.sent ?? 0));
  }

  @FieldResolver(() => Refusal, {
    nullable: true,
    description: "Why the viewer cannot create one more workspace with createWorkspace. Null if they can.",
  })
  async workspaceCreationRefusal(@Root() organization: OrganizationView, @Ctx() context: Context) {
    const growth = await growthOf(organization, context);
    return orNull(refusals.workspaceCreationRefusal(askerIn(organization, context), growth));
  }
}

@Resolver(() => Member)
export class MemberRefusals {
  @FieldPolicy({ listSize: 4 })
  @FieldResolver(() => [RoleOption], { description: "Every role, and why the viewer cannot give it to this member." })
  async roleOptions(@Root() member: MemberView, @Ctx() context: Context) {
    const organization = await organizationOf(member, context);
    const options = refusals.roleOptions(askerIn(organization, context), member, organization.owners);
    return options.map(({ role, refusal }) => ({ role, refusal: orNull(refusal) }));
  }

  @FieldResolver(() => Refusal, {
    nullable: true,
    description: "Why the viewer cannot remove this member with removeMember. Null if they can.",
  })
  async removalRefusal(@Root() member: MemberView, @Ctx() context: Context) {
    const organization = await organizationOf(member, context);
    return orNull(refusals.removalRefusal(askerIn(organization, context), member, organization.owners));
  }

  @FieldResolver(() => Refusal, {
    nullable: true,
    description: "Why the viewer cannot set this member's workspaces with setWorkspaceAccess. Null if they can.",
  })
  async workspaceAccessRefusal(@Root() member: MemberView, @Ctx() context: Context) {
    const organization = await organizationOf(member, context);
    return orNull(refusals.workspaceAccessRefusal(askerIn(organization, context), member));
  }
}

@Resolver(() => Workspace)
export class WorkspaceRefusals {
  @FieldResolver(() => Refusal, {
    nullable: true,
    description: "Why the viewer cannot delete the workspace with deleteWorkspace. Null if they can.",
  })
  deletionRefusal(@Root() workspace: WorkspaceView, @Ctx() { viewer }: Context) {
    const { viewerOrganizationRole: role } = workspace;
    return orNull(refusals.workspaceDeletionRefusal({ viewer, membership: role && { role } }, workspace));
  }
}

@Resolver(() => WorkspaceAccess)
export class WorkspaceAccessRefusals {
  @FieldResolver(() => Refusal, {
    nullable: true,
    description:
      "Why the viewer cannot change or end this access with grantWorkspaceAccess and revokeWorkspaceAccess. Null if they can.",
  })
  changeRefusal(@Root() { member, workspace }: WorkspaceAccessView, @Ctx() { viewer }: Context) {
    return orNull(refusals.accessChangeRefusal({ viewer, workspaceRole: workspace.viewerRole }, member));
  }
}

@Resolver(() => OrganizationEvent)
export class AuditEventRefusals {
  @FieldResolver(() => Refusal, {
    nullable: true,
    description:
      "Why the viewer cannot take the member whom this event removed back with reinstateMember: NOT_REINSTATABLE, if " +
      "they are a member again. Null if the viewer can, and for other events.",
  })
  async reinstatementRefusal(@Root() event: AuditEventView, @Ctx() context: Context) {
    const { type, subjectId, organizationId, occurredAt } = event;
    if (type !== "member.removed" || subjectId === null) return null;
    const { loaders, services } = context;
    const organization = await orNotFound(loaders.organization.load(organizationId), "organization");
    const key = { id: subjectId, organizationId };
    const [former, growth] = await Promise.all([loaders.formerMember.load(key), growthOf(organization, context)]);
    const asker = askerIn(organization, context);
    return orNull(refusals.reinstatementRefusal(asker, occurredAt, former, growth, services.clock.now()));
  }
}

function askerIn({ viewerMember }: OrganizationView, { viewer }: Context) {
  return { viewer, membership: viewerMember };
}

async function organizationOf(member: MemberView, { loaders }: Context): Promise<OrganizationView> {
  const { organization, organizationId } = member;
  return organization ?? (await orNotFound(loaders.organization.load(organizationId), "organization"));
}

async function growthOf(organization: OrganizationView, { loaders }: Context): Promise<refusals.Growth> {
  const use = await loaders.use.load(organization.id);
  return { ...organization, seats: use?.seats ?? 0, workspaces: use?.workspaces ?? 0 };
}

function orNull(refusal: RefusalData | null): Refusal | null {
  return refusal && toRefusal(refusal);
}

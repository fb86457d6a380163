import { Arg, Args, Ctx, FieldResolver, ID, Int, Query, Resolver, Root } from "type-graphql";
import { Organization } from "../entities/organization";
import { Workspace } from "../entities/workspace";
import { WorkspaceAccessConnection } from "../schema/connection";
import { FieldPolicy } from "../schema/field-policy";
import { PageArgs } from "../schema/page-arguments";
import type { Context } from "../src/context";
import { assertWorkspaceAccess } from "../src/domain/authorization";
import { permissionsInWorkspace, WorkspacePermission } from "../src/domain/permission";
import { WorkspaceRole } from "../src/domain/role";
import type { WorkspaceView } from "../src/store/views/workspaces";
import { readAccess } from "./lists";
import { orNotFound } from "./or-not-found";

@Resolver(() => Workspace)
export class WorkspaceResolver {
  @FieldPolicy({ access: "entity-reader" })
  @Query(() => Workspace, {
    nullable: true,
    description: "A workspace by its id. Null if it does not exist or the viewer has no access to it.",
  })
  workspace(@Arg("id", () => ID, { description: "The workspace's id." }) id: string, @Ctx() { loaders }: Context) {
    return loaders.workspace.load(id);
  }

  @FieldResolver(() => Organization, { description: "The organization that the workspace belongs to." })
  organization(@Root() workspace: WorkspaceView, @Ctx() { loaders }: Context) {
    return orNotFound(loaders.organization.load(workspace.organizationId), "organization");
  }

  @FieldResolver(() => WorkspaceRole, {
    nullable: true,
    description:
      "The viewer's effective role in the workspace. Null for a service, and once the viewer's access has ended.",
  })
  viewerRole(@Root() workspace: WorkspaceView) {
    return workspace.viewerRole;
  }

  @FieldResolver(() => [WorkspacePermission], {
    description: "The permissions of the viewer's role in the workspace. Empty for a service.",
  })
  viewerPermissions(@Root() workspace: WorkspaceView) {
    return permissionsInWorkspace(workspace.viewerRole);
  }

  @FieldResolver(() => WorkspaceAccessConnection, {
    description: "Everyone with access, including the organization's Owners and Admins.",
  })
  access(@Root() workspace: WorkspaceView, @Args(() => PageArgs) args: PageArgs, @Ctx() context: Context) {
    assertWorkspaceAccess(context.viewer, workspace.viewerRole);
    return readAccess(context, workspace, args);
  }

  @FieldResolver(() => Int, {
    description: "Number of people with access, including the organization's Owners and Admins.",
  })
  memberCount(@Root() workspace: WorkspaceView, @Ctx() { loaders, viewer }: Context) {
    assertWorkspaceAccess(viewer, workspace.viewerRole);
    return loaders.accessTotal.load({ parentId: workspace.id, args: null });
  }
}

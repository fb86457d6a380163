import { Arg, Args, Ctx, FieldResolver, ID, Int, Query, Resolver, Root } from "type-graphql";
import { Organization } from "../entities/organization";
import { Workspace } from "../entities/workspace";
import { WorkspaceAccessConnection } from "../schema/connection";
import { PageArgs } from "../schema/page-arguments";
import type { Context } from "../src/context";
import { permissionsInWorkspace, WorkspacePermission } from "../src/domain/permission";
import { WorkspaceRole } from "../src/domain/role";
import type { WorkspaceView } from "../src/store/views/workspaces";
import { readAccess } from "./lists";
import { inside, present } from "./permitted";

@Resolver(() => Workspace)
export class WorkspaceResolver {
  @Query(() => Workspace, { nullable: true })
  workspace(@Arg("id", () => ID) id: string, @Ctx() { loaders }: Context) {
    return loaders.workspace.load(id);
  }

  @FieldResolver(() => Organization)
  organization(@Root() workspace: WorkspaceView, @Ctx() { loaders }: Context) {
    return present("organization", loaders.organization.load(workspace.organizationId));
  }

  @FieldResolver(() => WorkspaceRole, {
    nullable: true,
    description: "Null for a service, which is nobody in particular.",
  })
  viewerRole(@Root() workspace: WorkspaceView) {
    return workspace.viewerRole;
  }

  @FieldResolver(() => [WorkspacePermission])
  viewerPermissions(@Root() workspace: WorkspaceView) {
    return permissionsInWorkspace(workspace.viewerRole);
  }

  @FieldResolver(() => WorkspaceAccessConnection, { description: "Everyone with access, implicit access included." })
  access(@Root() workspace: WorkspaceView, @Args(() => PageArgs) args: PageArgs, @Ctx() context: Context) {
    return inside(context, workspace, () => readAccess(context, workspace, args));
  }

  @FieldResolver(() => Int)
  memberCount(@Root() workspace: WorkspaceView, @Ctx() context: Context) {
    return inside(context, workspace, () => context.loaders.accessTotal.load({ parentId: workspace.id, args: null }));
  }
}

import { Field, ObjectType } from "type-graphql";
import { Member } from "../entities/member";
import { Workspace } from "../entities/workspace";
import { WorkspaceRole } from "../src/domain/role";
import { WorkspaceAccessSource } from "../src/domain/workspace-access";

@ObjectType({ simpleResolvers: true, description: "Somebody's effective access to a workspace." })
export class WorkspaceAccess {
  @Field(() => Workspace)
  workspace: Workspace;

  @Field(() => Member)
  member: Member;

  @Field(() => WorkspaceRole, { description: "The effective role." })
  role: WorkspaceRole;

  @Field(() => WorkspaceAccessSource)
  source: WorkspaceAccessSource;

  @Field(() => WorkspaceRole, { nullable: true, description: "Set only where source is OVERRIDE." })
  roleOverride: WorkspaceRole | null;

  @Field(() => WorkspaceRole, {
    nullable: true,
    description:
      "The override that is kept for an Owner or Admin. It does not count now; it counts again when they become " +
      "Developer or Viewer.",
  })
  dormantOverride: WorkspaceRole | null;
}

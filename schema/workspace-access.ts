import { Field, ObjectType } from "type-graphql";
import { Member } from "../entities/member";
import { DateTime } from "../entities/scalars";
import { Workspace } from "../entities/workspace";
import { WorkspaceRole } from "../src/domain/role";
import { WorkspaceAccessSource } from "../src/domain/workspace-access";

@ObjectType({ simpleResolvers: true, description: "A member's access to a workspace." })
export class WorkspaceAccess {
  @Field(() => Workspace, { description: "The workspace." })
  workspace: Workspace;

  @Field(() => Member, { description: "The member." })
  member: Member;

  @Field(() => WorkspaceRole, { description: "The member's effective role in the workspace." })
  role: WorkspaceRole;

  @Field(() => WorkspaceAccessSource, { description: "Why the member has access." })
  source: WorkspaceAccessSource;

  @Field(() => WorkspaceRole, {
    nullable: true,
    description: "The override that sets the role. Null unless the source is OVERRIDE.",
  })
  roleOverride: WorkspaceRole | null;

  @Field(() => WorkspaceRole, {
    nullable: true,
    description:
      "Override of an Owner or Admin: it has no effect until they become Developer or Viewer. Null if there is none.",
  })
  dormantOverride: WorkspaceRole | null;

  @Field(() => DateTime, {
    nullable: true,
    description: "When the access ends by itself. Null if it does not, as for Owners and Admins.",
  })
  expiresAt: Date | null;
}

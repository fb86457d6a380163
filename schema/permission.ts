import { Field, ID, InputType, ObjectType } from "type-graphql";
import { OrganizationPermission, WorkspacePermission } from "../src/domain/permission";

@InputType({ description: "A permission to check in an organization." })
export class OrganizationPermissionCheck {
  @Field(() => ID, { description: "The organization's id." })
  organizationId: string;

  @Field(() => OrganizationPermission, { description: "The permission to check." })
  permission: OrganizationPermission;
}

@InputType({ description: "A permission to check in a workspace." })
export class WorkspacePermissionCheck {
  @Field(() => ID, { description: "The workspace's id." })
  workspaceId: string;

  @Field(() => WorkspacePermission, { description: "The permission to check." })
  permission: WorkspacePermission;
}

@ObjectType({ simpleResolvers: true, description: "Whether the viewer has a permission, and why." })
export class PermissionDecision {
  @Field(() => Boolean, { description: "Whether the viewer has the permission." })
  allowed: boolean;

  @Field(() => [String], {
    description: "Why, in sentences: organization role, workspace assignment or override, plan.",
  })
  reasons: string[];
}

import { Field, ID, InputType, ObjectType } from "type-graphql";
import { OrganizationPermission, WorkspacePermission } from "../src/domain/permission";

@InputType()
export class OrganizationPermissionCheck {
  @Field(() => ID)
  organizationId: string;

  @Field(() => OrganizationPermission)
  permission: OrganizationPermission;
}

@InputType()
export class WorkspacePermissionCheck {
  @Field(() => ID)
  workspaceId: string;

  @Field(() => WorkspacePermission)
  permission: WorkspacePermission;
}

@ObjectType({ simpleResolvers: true })
export class PermissionDecision {
  @Field(() => Boolean)
  allowed: boolean;

  @Field(() => [String], {
    description: "The chain that decided: organization role, workspace assignment or override, plan.",
  })
  reasons: string[];
}

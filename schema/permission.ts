import { Field, ID, InputType, Int, ObjectType } from "type-graphql";
import { DateTime } from "../entities/scalars";
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

@InputType({ description: "A permission of a person to check. Give exactly one of 'organization' and 'workspace'." })
export class PermissionCheck {
  @Field(() => ID, { description: "The person's id. An unknown person has no permission." })
  userId: string;

  @Field(() => OrganizationPermissionCheck, {
    nullable: true,
    description: "A permission in an organization. Null or absent if 'workspace' is given.",
  })
  organization: OrganizationPermissionCheck | null;

  @Field(() => WorkspacePermissionCheck, {
    nullable: true,
    description: "A permission in a workspace. Null or absent if 'organization' is given.",
  })
  workspace: WorkspacePermissionCheck | null;
}

@ObjectType({ simpleResolvers: true, description: "Whether somebody has a permission, and why." })
export class PermissionDecision {
  @Field(() => Boolean, { description: "Whether the person has the permission." })
  allowed: boolean;

  @Field(() => [String], {
    description: "Why, in English sentences: organization role, workspace assignment or override, plan.",
  })
  reasons: string[];

  @Field(() => Int, {
    nullable: true,
    description:
      "Number of the organization's latest event when this was decided. A later event about the person, the workspace " +
      "or the plan may change the decision. Null where the person has no access.",
  })
  sequence: number | null;

  @Field(() => ID, {
    nullable: true,
    description: "Id of the organization whose events 'sequence' counts. Null where the person has no access.",
  })
  organizationId: string | null;

  @Field(() => DateTime, {
    nullable: true,
    description: "When the access ends by itself, and the decision with it. Null if it does not.",
  })
  validUntil: Date | null;
}

import { Field, ID, InputType } from "type-graphql";
import { WorkspaceRole } from "../../src/domain/role";
import { CloudProvider } from "../../src/domain/workspace";

@InputType()
export class WorkspaceGrantInput {
  @Field(() => ID)
  workspaceId: string;

  @Field(() => WorkspaceRole, { nullable: true, description: "Absent: the organization role." })
  roleOverride?: WorkspaceRole | null;
}

@InputType()
export class CreateWorkspaceInput {
  @Field(() => ID)
  organizationId: string;

  @Field(() => String)
  name: string;

  @Field(() => String, { nullable: true })
  description?: string | null;

  @Field(() => CloudProvider)
  cloudProvider: CloudProvider;
}

@InputType()
export class UpdateWorkspaceInput {
  @Field(() => ID)
  organizationId: string;

  @Field(() => ID)
  workspaceId: string;

  @Field(() => String, { nullable: true })
  name?: string | null;

  @Field(() => String, { nullable: true })
  description?: string | null;
}

@InputType()
export class DeleteWorkspaceInput {
  @Field(() => ID)
  organizationId: string;

  @Field(() => ID)
  workspaceId: string;
}

@InputType()
export class SetWorkspaceAccessInput {
  @Field(() => ID)
  organizationId: string;

  @Field(() => ID)
  memberId: string;

  @Field(() => [WorkspaceGrantInput])
  grants: WorkspaceGrantInput[];
}

@InputType()
export class GrantWorkspaceAccessInput {
  @Field(() => ID)
  organizationId: string;

  @Field(() => ID)
  workspaceId: string;

  @Field(() => ID)
  memberId: string;

  @Field(() => WorkspaceRole, { nullable: true })
  roleOverride?: WorkspaceRole | null;
}

@InputType()
export class RevokeWorkspaceAccessInput {
  @Field(() => ID)
  organizationId: string;

  @Field(() => ID)
  workspaceId: string;

  @Field(() => ID)
  memberId: string;
}

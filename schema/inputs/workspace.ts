import { Field, ID, InputType } from "type-graphql";
import { DateTime } from "../../entities/scalars";
import { WorkspaceRole } from "../../src/domain/role";
import { CloudProvider } from "../../src/domain/workspace";

const ACCESS_END =
  "When the access ends by itself: in the future, at most 5 years from now. Null or absent: it does not end by itself.";

@InputType({ description: "Access to a workspace." })
export class WorkspaceGrantInput {
  @Field(() => ID, { description: "The workspace's id." })
  workspaceId: string;

  @Field(() => WorkspaceRole, {
    nullable: true,
    description: "Role in this workspace. Null or absent: the organization role applies.",
  })
  roleOverride?: WorkspaceRole | null;

  @Field(() => DateTime, { nullable: true, description: ACCESS_END })
  expiresAt?: Date | null;
}

@InputType({ description: "Input of createWorkspace." })
export class CreateWorkspaceInput {
  @Field(() => ID, { description: "The organization's id." })
  organizationId: string;

  @Field(() => String, { description: "Name, unique among the organization's workspaces." })
  name: string;

  @Field(() => String, { nullable: true, description: "Free text, at most 1,000 characters. Null or absent: none." })
  description?: string | null;

  @Field(() => CloudProvider, { description: "Cloud provider that the workspace works with. Cannot be changed later." })
  cloudProvider: CloudProvider;
}

@InputType({ description: "Input of updateWorkspace." })
export class UpdateWorkspaceInput {
  @Field(() => ID, { description: "The organization's id." })
  organizationId: string;

  @Field(() => ID, { description: "The workspace's id." })
  workspaceId: string;

  @Field(() => String, {
    nullable: true,
    description: "New name, unique among the organization's workspaces. Null or absent: unchanged.",
  })
  name?: string | null;

  @Field(() => String, {
    nullable: true,
    description: "New description, at most 1,000 characters. Null removes it. Absent: unchanged.",
  })
  description?: string | null;
}

@InputType({ description: "Input of deleteWorkspace." })
export class DeleteWorkspaceInput {
  @Field(() => ID, { description: "The organization's id." })
  organizationId: string;

  @Field(() => ID, { description: "The workspace's id." })
  workspaceId: string;
}

@InputType({ description: "Input of setWorkspaceAccess." })
export class SetWorkspaceAccessInput {
  @Field(() => ID, { description: "The organization's id." })
  organizationId: string;

  @Field(() => ID, { description: "The membership's id." })
  memberId: string;

  @Field(() => [WorkspaceGrantInput], {
    description: "The workspaces that the member is assigned to from now on. Other assignments end.",
  })
  grants: WorkspaceGrantInput[];
}

@InputType({ description: "Input of grantWorkspaceAccess." })
export class GrantWorkspaceAccessInput {
  @Field(() => ID, { description: "The organization's id." })
  organizationId: string;

  @Field(() => ID, { description: "The workspace's id." })
  workspaceId: string;

  @Field(() => ID, { description: "The membership's id." })
  memberId: string;

  @Field(() => WorkspaceRole, {
    nullable: true,
    description: "Role in this workspace. Null or absent: the organization role applies.",
  })
  roleOverride?: WorkspaceRole | null;

  @Field(() => DateTime, { nullable: true, description: ACCESS_END })
  expiresAt?: Date | null;
}

@InputType({ description: "Input of revokeWorkspaceAccess." })
export class RevokeWorkspaceAccessInput {
  @Field(() => ID, { description: "The organization's id." })
  organizationId: string;

  @Field(() => ID, { description: "The workspace's id." })
  workspaceId: string;

  @Field(() => ID, { description: "The membership's id." })
  memberId: string;
}

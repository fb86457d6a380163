import { Field, ID, ObjectType } from "type-graphql";
import { Member } from "../../entities/member";
import { Organization } from "../../entities/organization";
import { Workspace } from "../../entities/workspace";
import { WorkspaceAccess } from "../workspace-access";
import { resultOf } from "./result";

@ObjectType({ simpleResolvers: true })
export class CreateWorkspaceSuccess {
  @Field(() => Workspace)
  workspace: Workspace;
}
export const CreateWorkspaceResult = resultOf("CreateWorkspace", CreateWorkspaceSuccess);

@ObjectType({ simpleResolvers: true })
export class UpdateWorkspaceSuccess {
  @Field(() => Workspace)
  workspace: Workspace;
}
export const UpdateWorkspaceResult = resultOf("UpdateWorkspace", UpdateWorkspaceSuccess);

@ObjectType({ simpleResolvers: true })
export class DeleteWorkspaceSuccess {
  @Field(() => ID)
  workspaceId: string;

  @Field(() => Organization)
  organization: Organization;
}
export const DeleteWorkspaceResult = resultOf("DeleteWorkspace", DeleteWorkspaceSuccess);

@ObjectType({ simpleResolvers: true })
export class SetWorkspaceAccessSuccess {
  @Field(() => Member)
  member: Member;
}
export const SetWorkspaceAccessResult = resultOf("SetWorkspaceAccess", SetWorkspaceAccessSuccess);

@ObjectType({ simpleResolvers: true })
export class GrantWorkspaceAccessSuccess {
  @Field(() => WorkspaceAccess)
  access: WorkspaceAccess;
}
export const GrantWorkspaceAccessResult = resultOf("GrantWorkspaceAccess", GrantWorkspaceAccessSuccess);

@ObjectType({ simpleResolvers: true })
export class RevokeWorkspaceAccessSuccess {
  @Field(() => Member)
  member: Member;

  @Field(() => Workspace)
  workspace: Workspace;
}
export const RevokeWorkspaceAccessResult = resultOf("RevokeWorkspaceAccess", RevokeWorkspaceAccessSuccess);

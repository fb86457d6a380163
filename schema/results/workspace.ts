import { Field, ID, ObjectType } from "type-graphql";
import { Member } from "../../entities/member";
import { Organization } from "../../entities/organization";
import { Workspace } from "../../entities/workspace";
import { WorkspaceAccess } from "../workspace-access";
import { resultOf } from "./result";

@ObjectType({ simpleResolvers: true, description: "The workspace was created." })
export class CreateWorkspaceSuccess {
  @Field(() => Workspace, { description: "The new workspace." })
  workspace: Workspace;
}
export const CreateWorkspaceResult = resultOf("CreateWorkspace", CreateWorkspaceSuccess);

@ObjectType({ simpleResolvers: true, description: "The workspace was changed." })
export class UpdateWorkspaceSuccess {
  @Field(() => Workspace, { description: "The workspace after the change." })
  workspace: Workspace;
}
export const UpdateWorkspaceResult = resultOf("UpdateWorkspace", UpdateWorkspaceSuccess);

@ObjectType({ simpleResolvers: true, description: "The workspace was deleted." })
export class DeleteWorkspaceSuccess {
  @Field(() => ID, { description: "Id of the deleted workspace." })
  workspaceId: string;

  @Field(() => Organization, { description: "The organization after the change." })
  organization: Organization;
}
export const DeleteWorkspaceResult = resultOf("DeleteWorkspace", DeleteWorkspaceSuccess);

@ObjectType({ simpleResolvers: true, description: "The assignments were replaced." })
export class SetWorkspaceAccessSuccess {
  @Field(() => Member, { description: "The member with the new assignments." })
  member: Member;
}
export const SetWorkspaceAccessResult = resultOf("SetWorkspaceAccess", SetWorkspaceAccessSuccess);

@ObjectType({ simpleResolvers: true, description: "The access was granted." })
export class GrantWorkspaceAccessSuccess {
  @Field(() => WorkspaceAccess, { description: "The member's access after the change." })
  access: WorkspaceAccess;
}
export const GrantWorkspaceAccessResult = resultOf("GrantWorkspaceAccess", GrantWorkspaceAccessSuccess);

@ObjectType({ simpleResolvers: true, description: "The access was revoked." })
export class RevokeWorkspaceAccessSuccess {
  @Field(() => Member, { description: "The member after the change." })
  member: Member;

  @Field(() => Workspace, { description: "The workspace that the member lost access to." })
  workspace: Workspace;
}
export const RevokeWorkspaceAccessResult = resultOf("RevokeWorkspaceAccess", RevokeWorkspaceAccessSuccess);

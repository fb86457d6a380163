import { Field, ObjectType } from "type-graphql";
import { OrganizationPermission, WorkspacePermission } from "../src/domain/permission";
import { OrganizationRole, WorkspaceRole } from "../src/domain/role";
import { Refusal } from "./refusal";

@ObjectType({ simpleResolvers: true, description: "A role of an organization, and what it permits." })
export class RoleDescription {
  @Field(() => OrganizationRole, { description: "The role." })
  role: OrganizationRole;

  @Field(() => String, { description: "Display name." })
  name: string;

  @Field(() => String, { description: "Who the role is for and what they do, in one or two English sentences." })
  description: string;

  @Field(() => [OrganizationPermission], { description: "The role's permissions in the organization." })
  permissions: OrganizationPermission[];

  @Field(() => WorkspaceRole, { description: "The role it has in its workspaces, unless an override sets another." })
  workspaceRole: WorkspaceRole;

  @Field(() => [WorkspacePermission], { description: "The permissions of that workspace role." })
  workspacePermissions: WorkspacePermission[];

  @Field(() => Boolean, { description: "Whether people can be invited with the role." })
  isInvitable: boolean;
}

@ObjectType({ simpleResolvers: true, description: "A role that a member could get." })
export class RoleOption {
  @Field(() => OrganizationRole, { description: "The role." })
  role: OrganizationRole;

  @Field(() => Refusal, {
    nullable: true,
    description: "Why the viewer cannot give it to the member with changeMemberRole. Null if they can.",
  })
  refusal: Refusal | null;
}

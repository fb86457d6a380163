import { Field, ID, ObjectType } from "type-graphql";
import { Member } from "../../entities/member";
import { Organization } from "../../entities/organization";
import { resultOf } from "./result";

@ObjectType({ simpleResolvers: true, description: "The role was changed." })
export class ChangeMemberRoleSuccess {
  @Field(() => Member, { description: "The membership with its new role." })
  member: Member;
}
export const ChangeMemberRoleResult = resultOf("ChangeMemberRole", ChangeMemberRoleSuccess);

@ObjectType({ simpleResolvers: true, description: "The member was removed." })
export class RemoveMemberSuccess {
  @Field(() => ID, { description: "Id of the ended membership." })
  memberId: string;

  @Field(() => Organization, { description: "The organization after the change." })
  organization: Organization;
}
export const RemoveMemberResult = resultOf("RemoveMember", RemoveMemberSuccess);

@ObjectType({ simpleResolvers: true, description: "The member was reinstated." })
export class ReinstateMemberSuccess {
  @Field(() => Member, { description: "The membership, with the same id as before." })
  member: Member;
}
export const ReinstateMemberResult = resultOf("ReinstateMember", ReinstateMemberSuccess);

import { Field, ID, ObjectType } from "type-graphql";
import { Member } from "../../entities/member";
import { Organization } from "../../entities/organization";
import { resultOf } from "./result";

@ObjectType({ simpleResolvers: true })
export class ChangeMemberRoleSuccess {
  @Field(() => Member)
  member: Member;
}
export const ChangeMemberRoleResult = resultOf("ChangeMemberRole", ChangeMemberRoleSuccess);

@ObjectType({ simpleResolvers: true })
export class RemoveMemberSuccess {
  @Field(() => ID)
  memberId: string;

  @Field(() => Organization)
  organization: Organization;
}
export const RemoveMemberResult = resultOf("RemoveMember", RemoveMemberSuccess);

import { Field, ID, ObjectType } from "type-graphql";
import { Member } from "../../entities/member";
import { Organization } from "../../entities/organization";
import { resultOf } from "./result";

@ObjectType()
export class ChangeMemberRoleSuccess {
  @Field(() => Member)
  member: Member;
}
export const ChangeMemberRoleResult = resultOf("ChangeMemberRole", ChangeMemberRoleSuccess);

@ObjectType()
export class RemoveMemberSuccess {
  @Field(() => ID)
  memberId: string;

  @Field(() => Organization)
  organization: Organization;
}
export const RemoveMemberResult = resultOf("RemoveMember", RemoveMemberSuccess);

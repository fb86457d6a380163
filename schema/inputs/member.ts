import { Field, ID, InputType } from "type-graphql";
import { OrganizationRole } from "../../src/domain/role";

@InputType()
export class ChangeMemberRoleInput {
  @Field(() => ID)
  organizationId: string;

  @Field(() => ID)
  memberId: string;

  @Field(() => OrganizationRole)
  role: OrganizationRole;
}

@InputType()
export class RemoveMemberInput {
  @Field(() => ID)
  organizationId: string;

  @Field(() => ID)
  memberId: string;
}

import { Field, ID, InputType } from "type-graphql";
import { OrganizationRole } from "../../src/domain/role";

@InputType({ description: "Input of changeMemberRole." })
export class ChangeMemberRoleInput {
  @Field(() => ID, { description: "The organization's id." })
  organizationId: string;

  @Field(() => ID, { description: "The membership's id." })
  memberId: string;

  @Field(() => OrganizationRole, { description: "The new role in the organization." })
  role: OrganizationRole;
}

@InputType({ description: "Input of removeMember." })
export class RemoveMemberInput {
  @Field(() => ID, { description: "The organization's id." })
  organizationId: string;

  @Field(() => ID, { description: "The membership's id." })
  memberId: string;
}

@InputType({ description: "Input of reinstateMember." })
export class ReinstateMemberInput {
  @Field(() => ID, { description: "The organization's id." })
  organizationId: string;

  @Field(() => ID, { description: "Id of the membership that ended." })
  memberId: string;
}

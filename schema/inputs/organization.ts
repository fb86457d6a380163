import { Field, ID, InputType } from "type-graphql";

@InputType()
export class CreateOrganizationInput {
  @Field(() => String)
  name: string;

  @Field(() => String, { nullable: true })
  description?: string | null;
}

@InputType()
export class UpdateOrganizationInput {
  @Field(() => ID)
  organizationId: string;

  @Field(() => String, { nullable: true })
  name?: string | null;

  @Field(() => String, { nullable: true })
  description?: string | null;
}

@InputType()
export class TransferOwnershipInput {
  @Field(() => ID)
  organizationId: string;

  @Field(() => ID)
  memberId: string;
}

@InputType()
export class LeaveOrganizationInput {
  @Field(() => ID)
  organizationId: string;
}

@InputType()
export class DeleteOrganizationInput {
  @Field(() => ID)
  organizationId: string;

  @Field(() => String, { description: "Must equal the organization's name." })
  confirmName: string;
}

@InputType()
export class RestoreOrganizationInput {
  @Field(() => ID)
  organizationId: string;
}

import { Field, ID, InputType } from "type-graphql";

@InputType({ description: "Input of createOrganization." })
export class CreateOrganizationInput {
  @Field(() => String, { description: "Display name, 1 to 100 characters." })
  name: string;

  @Field(() => String, { nullable: true, description: "Free text, at most 500 characters. Null or absent: none." })
  description?: string | null;
}

@InputType({ description: "Input of updateOrganization." })
export class UpdateOrganizationInput {
  @Field(() => ID, { description: "The organization's id." })
  organizationId: string;

  @Field(() => String, {
    nullable: true,
    description: "New display name, 1 to 100 characters. Null or absent: unchanged.",
  })
  name?: string | null;

  @Field(() => String, {
    nullable: true,
    description: "New description, at most 500 characters. Null removes it. Absent: unchanged.",
  })
  description?: string | null;
}

@InputType({ description: "Input of transferOwnership." })
export class TransferOwnershipInput {
  @Field(() => ID, { description: "The organization's id." })
  organizationId: string;

  @Field(() => ID, { description: "The membership of the new Owner." })
  memberId: string;
}

@InputType({ description: "Input of leaveOrganization." })
export class LeaveOrganizationInput {
  @Field(() => ID, { description: "The organization's id." })
  organizationId: string;
}

@InputType({ description: "Input of deleteOrganization." })
export class DeleteOrganizationInput {
  @Field(() => ID, { description: "The organization's id." })
  organizationId: string;

  @Field(() => String, { description: "The organization's name, to confirm the deletion." })
  confirmName: string;
}

@InputType({ description: "Input of restoreOrganization." })
export class RestoreOrganizationInput {
  @Field(() => ID, { description: "The organization's id." })
  organizationId: string;
}

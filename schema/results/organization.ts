import { Field, ID, ObjectType } from "type-graphql";
import { Member } from "../../entities/member";
import { Organization } from "../../entities/organization";
import { DateTime } from "../../entities/scalars";
import { resultOf } from "./result";

@ObjectType()
export class CreateOrganizationSuccess {
  @Field(() => Organization)
  organization: Organization;
}
export const CreateOrganizationResult = resultOf("CreateOrganization", CreateOrganizationSuccess);

@ObjectType()
export class UpdateOrganizationSuccess {
  @Field(() => Organization)
  organization: Organization;
}
export const UpdateOrganizationResult = resultOf("UpdateOrganization", UpdateOrganizationSuccess);

@ObjectType()
export class TransferOwnershipSuccess {
  @Field(() => Organization)
  organization: Organization;

  @Field(() => Member)
  newOwner: Member;

  @Field(() => Member)
  formerOwner: Member;
}
export const TransferOwnershipResult = resultOf("TransferOwnership", TransferOwnershipSuccess);

@ObjectType()
export class LeaveOrganizationSuccess {
  @Field(() => ID)
  organizationId: string;
}
export const LeaveOrganizationResult = resultOf("LeaveOrganization", LeaveOrganizationSuccess);

@ObjectType()
export class DeleteOrganizationSuccess {
  @Field(() => ID)
  organizationId: string;

  @Field(() => DateTime)
  restorableUntil: Date;
}
export const DeleteOrganizationResult = resultOf("DeleteOrganization", DeleteOrganizationSuccess);

@ObjectType()
export class RestoreOrganizationSuccess {
  @Field(() => Organization)
  organization: Organization;
}
export const RestoreOrganizationResult = resultOf("RestoreOrganization", RestoreOrganizationSuccess);

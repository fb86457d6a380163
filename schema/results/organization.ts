import { Field, ID, ObjectType } from "type-graphql";
import { Member } from "../../entities/member";
import { Organization } from "../../entities/organization";
import { DateTime } from "../../entities/scalars";
import { resultOf } from "./result";

@ObjectType({ simpleResolvers: true })
export class CreateOrganizationSuccess {
  @Field(() => Organization)
  organization: Organization;
}
export const CreateOrganizationResult = resultOf("CreateOrganization", CreateOrganizationSuccess);

@ObjectType({ simpleResolvers: true })
export class UpdateOrganizationSuccess {
  @Field(() => Organization)
  organization: Organization;
}
export const UpdateOrganizationResult = resultOf("UpdateOrganization", UpdateOrganizationSuccess);

@ObjectType({ simpleResolvers: true })
export class TransferOwnershipSuccess {
  @Field(() => Organization)
  organization: Organization;

  @Field(() => Member)
  newOwner: Member;

  @Field(() => Member)
  formerOwner: Member;
}
export const TransferOwnershipResult = resultOf("TransferOwnership", TransferOwnershipSuccess);

@ObjectType({ simpleResolvers: true })
export class LeaveOrganizationSuccess {
  @Field(() => ID)
  organizationId: string;
}
export const LeaveOrganizationResult = resultOf("LeaveOrganization", LeaveOrganizationSuccess);

@ObjectType({ simpleResolvers: true })
export class DeleteOrganizationSuccess {
  @Field(() => ID)
  organizationId: string;

  @Field(() => DateTime)
  restorableUntil: Date;
}
export const DeleteOrganizationResult = resultOf("DeleteOrganization", DeleteOrganizationSuccess);

@ObjectType({ simpleResolvers: true })
export class RestoreOrganizationSuccess {
  @Field(() => Organization)
  organization: Organization;
}
export const RestoreOrganizationResult = resultOf("RestoreOrganization", RestoreOrganizationSuccess);

import { Field, ID, ObjectType } from "type-graphql";
import { Member } from "../../entities/member";
import { Organization } from "../../entities/organization";
import { DateTime } from "../../entities/scalars";
import { resultOf } from "./result";

@ObjectType({ simpleResolvers: true, description: "The organization was created." })
export class CreateOrganizationSuccess {
  @Field(() => Organization, { description: "The new organization. The viewer is its Owner." })
  organization: Organization;
}
export const CreateOrganizationResult = resultOf("CreateOrganization", CreateOrganizationSuccess);

@ObjectType({ simpleResolvers: true, description: "The organization was changed." })
export class UpdateOrganizationSuccess {
  @Field(() => Organization, { description: "The organization after the change." })
  organization: Organization;
}
export const UpdateOrganizationResult = resultOf("UpdateOrganization", UpdateOrganizationSuccess);

@ObjectType({ simpleResolvers: true, description: "The ownership was transferred." })
export class TransferOwnershipSuccess {
  @Field(() => Organization, { description: "The organization after the change." })
  organization: Organization;

  @Field(() => Member, { description: "The membership that became Owner." })
  newOwner: Member;

  @Field(() => Member, { description: "The viewer's membership, now Admin." })
  formerOwner: Member;
}
export const TransferOwnershipResult = resultOf("TransferOwnership", TransferOwnershipSuccess);

@ObjectType({ simpleResolvers: true, description: "The viewer left the organization." })
export class LeaveOrganizationSuccess {
  @Field(() => ID, { description: "Id of the organization that the viewer left." })
  organizationId: string;
}
export const LeaveOrganizationResult = resultOf("LeaveOrganization", LeaveOrganizationSuccess);

@ObjectType({ simpleResolvers: true, description: "The organization was deleted." })
export class DeleteOrganizationSuccess {
  @Field(() => ID, { description: "Id of the deleted organization." })
  organizationId: string;

  @Field(() => DateTime, {
    description: "When it is removed for good, 30 days after the deletion. An Owner can restore it before that.",
  })
  restorableUntil: Date;
}
export const DeleteOrganizationResult = resultOf("DeleteOrganization", DeleteOrganizationSuccess);

@ObjectType({ simpleResolvers: true, description: "The organization was restored." })
export class RestoreOrganizationSuccess {
  @Field(() => Organization, { description: "The restored organization." })
  organization: Organization;
}
export const RestoreOrganizationResult = resultOf("RestoreOrganization", RestoreOrganizationSuccess);

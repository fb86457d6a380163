import { Field, ID, ObjectType } from "type-graphql";
import { Invitation } from "../../entities/invitation";
import { Member } from "../../entities/member";
import { Organization } from "../../entities/organization";
import { SkippedInviteeReason } from "../../src/domain/invitation";
import { FieldPolicy } from "../field-policy";
import { resultOf } from "./result";

@ObjectType({ simpleResolvers: true, description: "An address that was not invited, and why." })
export class SkippedInvitee {
  @Field(() => String)
  email: string;

  @Field(() => SkippedInviteeReason)
  reason: SkippedInviteeReason;
}

@ObjectType({ simpleResolvers: true })
export class InviteMembersSuccess {
  @FieldPolicy({ listSize: 10 })
  @Field(() => [Invitation])
  invitations: Invitation[];

  @FieldPolicy({ listSize: 10 })
  @Field(() => [SkippedInvitee])
  skipped: SkippedInvitee[];

  @Field(() => Organization)
  organization: Organization;
}
export const InviteMembersResult = resultOf("InviteMembers", InviteMembersSuccess);

@ObjectType({ simpleResolvers: true })
export class ResendInvitationSuccess {
  @Field(() => Invitation)
  invitation: Invitation;
}
export const ResendInvitationResult = resultOf("ResendInvitation", ResendInvitationSuccess);

@ObjectType({ simpleResolvers: true })
export class CancelInvitationSuccess {
  @Field(() => Invitation)
  invitation: Invitation;
}
export const CancelInvitationResult = resultOf("CancelInvitation", CancelInvitationSuccess);

@ObjectType({ simpleResolvers: true })
export class AcceptInvitationSuccess {
  @Field(() => Member)
  member: Member;

  @Field(() => Organization)
  organization: Organization;
}
export const AcceptInvitationResult = resultOf("AcceptInvitation", AcceptInvitationSuccess);

@ObjectType({ simpleResolvers: true })
export class DeclineInvitationSuccess {
  @Field(() => ID)
  invitationId: string;
}
export const DeclineInvitationResult = resultOf("DeclineInvitation", DeclineInvitationSuccess);

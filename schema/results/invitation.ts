import { Field, ID, ObjectType } from "type-graphql";
import { Invitation } from "../../entities/invitation";
import { Member } from "../../entities/member";
import { Organization } from "../../entities/organization";
import { SkippedInviteeReason } from "../../src/domain/inviting";
import { FieldPolicy } from "../field-policy";
import { resultOf } from "./result";

@ObjectType({ simpleResolvers: true, description: "An address that was not invited." })
export class SkippedInvitee {
  @Field(() => String, { description: "The address as it was sent." })
  email: string;

  @Field(() => SkippedInviteeReason, { description: "Why it was not invited." })
  reason: SkippedInviteeReason;
}

@ObjectType({ simpleResolvers: true, description: "The addresses were invited, except for those skipped." })
export class InviteMembersSuccess {
  @FieldPolicy({ listSize: 10 })
  @Field(() => [Invitation], { description: "The new invitations." })
  invitations: Invitation[];

  @FieldPolicy({ listSize: 10 })
  @Field(() => [SkippedInvitee], { description: "Addresses that were not invited." })
  skipped: SkippedInvitee[];

  @Field(() => Organization, { description: "The organization after the change." })
  organization: Organization;
}
export const InviteMembersResult = resultOf("InviteMembers", InviteMembersSuccess);

@ObjectType({ simpleResolvers: true, description: "A new e-mail was queued." })
export class ResendInvitationSuccess {
  @Field(() => Invitation, { description: "The invitation after the change." })
  invitation: Invitation;
}
export const ResendInvitationResult = resultOf("ResendInvitation", ResendInvitationSuccess);

@ObjectType({ simpleResolvers: true, description: "The invitation was changed." })
export class UpdateInvitationSuccess {
  @Field(() => Invitation, { description: "The invitation after the change." })
  invitation: Invitation;
}
export const UpdateInvitationResult = resultOf("UpdateInvitation", UpdateInvitationSuccess);

@ObjectType({ simpleResolvers: true, description: "The link was renewed." })
export class RenewInvitationLinkSuccess {
  @Field(() => Invitation, { description: "The invitation after the change." })
  invitation: Invitation;

  @Field(() => String, {
    description: "The new link. It is returned only once, because the service does not store it.",
  })
  link: string;
}
export const RenewInvitationLinkResult = resultOf("RenewInvitationLink", RenewInvitationLinkSuccess);

@ObjectType({ simpleResolvers: true, description: "A new invitation was requested." })
export class RequestInvitationSuccess {
  @Field(() => String, { description: "Name of the organization that the link leads to." })
  organizationName: string;
}
export const RequestInvitationResult = resultOf("RequestInvitation", RequestInvitationSuccess);

@ObjectType({ simpleResolvers: true, description: "The invitation was canceled." })
export class CancelInvitationSuccess {
  @Field(() => Invitation, { description: "The invitation after the change." })
  invitation: Invitation;
}
export const CancelInvitationResult = resultOf("CancelInvitation", CancelInvitationSuccess);

@ObjectType({ simpleResolvers: true, description: "The viewer joined the organization." })
export class AcceptInvitationSuccess {
  @Field(() => Member, { description: "The viewer's new membership." })
  member: Member;

  @Field(() => Organization, { description: "The organization that the viewer joined." })
  organization: Organization;
}
export const AcceptInvitationResult = resultOf("AcceptInvitation", AcceptInvitationSuccess);

@ObjectType({ simpleResolvers: true, description: "The invitation was declined." })
export class DeclineInvitationSuccess {
  @Field(() => ID, { description: "Id of the declined invitation." })
  invitationId: string;
}
export const DeclineInvitationResult = resultOf("DeclineInvitation", DeclineInvitationSuccess);

import { Field, ID, InputType } from "type-graphql";
import { OrganizationRole } from "../../src/domain/role";
import { WorkspaceGrantInput } from "./workspace";

@InputType({ description: "Input of inviteMembers." })
export class InviteMembersInput {
  @Field(() => ID, { description: "The organization's id." })
  organizationId: string;

  @Field(() => [String], { description: "One to ten e-mail addresses." })
  emails: string[];

  @Field(() => OrganizationRole, {
    description: "Role for the invitees: ADMIN, DEVELOPER or VIEWER. Only a member can become an Owner.",
  })
  role: OrganizationRole;

  @Field(() => [WorkspaceGrantInput], {
    nullable: true,
    description: "Workspaces that the invitees get access to. Null or absent: none.",
  })
  workspaces?: WorkspaceGrantInput[] | null;
}

@InputType({ description: "Input of resendInvitation." })
export class ResendInvitationInput {
  @Field(() => ID, { description: "The organization's id." })
  organizationId: string;

  @Field(() => ID, { description: "The invitation's id." })
  invitationId: string;
}

@InputType({ description: "Input of updateInvitation. Fields that are null or absent stay unchanged." })
export class UpdateInvitationInput {
  @Field(() => ID, { description: "The organization's id." })
  organizationId: string;

  @Field(() => ID, { description: "The invitation's id." })
  invitationId: string;

  @Field(() => OrganizationRole, { nullable: true, description: "New role: ADMIN, DEVELOPER or VIEWER." })
  role?: OrganizationRole | null;

  @Field(() => [WorkspaceGrantInput], {
    nullable: true,
    description: "All workspaces that the invitee gets access to from now on. An empty list: none.",
  })
  workspaces?: WorkspaceGrantInput[] | null;
}

@InputType({ description: "Input of renewInvitationLink." })
export class RenewInvitationLinkInput {
  @Field(() => ID, { description: "The organization's id." })
  organizationId: string;

  @Field(() => ID, { description: "The invitation's id." })
  invitationId: string;
}

@InputType({ description: "Input of requestInvitation." })
export class RequestInvitationInput {
  @Field(() => String, { description: "The secret in the invitation's link, which no longer works." })
  token: string;
}

@InputType({ description: "Input of cancelInvitation." })
export class CancelInvitationInput {
  @Field(() => ID, { description: "The organization's id." })
  organizationId: string;

  @Field(() => ID, { description: "The invitation's id." })
  invitationId: string;
}

@InputType({ description: "Input of acceptInvitation: either the token or the id." })
export class AcceptInvitationInput {
  @Field(() => String, {
    nullable: true,
    description: "The secret in the invitation's link. Null or absent if the id is given.",
  })
  token?: string | null;

  @Field(() => ID, {
    nullable: true,
    description: "Id of an invitation to the viewer's verified e-mail address. Null or absent if the token is given.",
  })
  invitationId?: string | null;
}

@InputType({ description: "Input of declineInvitation: either the token or the id." })
export class DeclineInvitationInput {
  @Field(() => String, {
    nullable: true,
    description: "The secret in the invitation's link. Null or absent if the id is given.",
  })
  token?: string | null;

  @Field(() => ID, {
    nullable: true,
    description: "Id of an invitation to the viewer's verified e-mail address. Null or absent if the token is given.",
  })
  invitationId?: string | null;
}

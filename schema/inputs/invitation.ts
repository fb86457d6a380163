import { Field, ID, InputType } from "type-graphql";
import { OrganizationRole } from "../../src/domain/role";
import { WorkspaceGrantInput } from "./workspace";

@InputType()
export class InviteMembersInput {
  @Field(() => ID)
  organizationId: string;

  @Field(() => [String], { description: "One to ten." })
  emails: string[];

  @Field(() => OrganizationRole, {
    description: "ADMIN, DEVELOPER or VIEWER: ownership is granted to members, not by invitation.",
  })
  role: OrganizationRole;

  @Field(() => [WorkspaceGrantInput], { nullable: true })
  workspaces?: WorkspaceGrantInput[] | null;
}

@InputType()
export class ResendInvitationInput {
  @Field(() => ID)
  organizationId: string;

  @Field(() => ID)
  invitationId: string;
}

@InputType()
export class CancelInvitationInput {
  @Field(() => ID)
  organizationId: string;

  @Field(() => ID)
  invitationId: string;
}

@InputType()
export class AcceptInvitationInput {
  @Field(() => String, { nullable: true, description: "The link's secret." })
  token?: string | null;

  @Field(() => ID, { nullable: true, description: "An invitation to the caller's verified e-mail." })
  invitationId?: string | null;
}

@InputType()
export class DeclineInvitationInput {
  @Field(() => String, { nullable: true })
  token?: string | null;

  @Field(() => ID, { nullable: true })
  invitationId?: string | null;
}

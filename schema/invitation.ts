import { Field, ID, ObjectType } from "type-graphql";
import { DateTime } from "../entities/scalars";
import { InvitationStatus } from "../src/domain/invitation";
import { OrganizationRole, WorkspaceRole } from "../src/domain/role";
import { Refusal } from "./refusal";

@ObjectType({ simpleResolvers: true, description: "What an invitee can see of an organization before they join." })
export class InvitingOrganization {
  @Field(() => ID, { description: "Id of the organization." })
  id: string;

  @Field(() => String, { description: "Name of the organization." })
  name: string;
}

@ObjectType({ simpleResolvers: true, description: "Access to a workspace that comes with an invitation." })
export class WorkspaceGrant {
  @Field(() => ID, { description: "Id of the workspace." })
  workspaceId: string;

  @Field(() => String, { description: "Name of the workspace." })
  workspaceName: string;

  @Field(() => WorkspaceRole, {
    nullable: true,
    description: "Role in this workspace. Null: the invited organization role applies.",
  })
  roleOverride: WorkspaceRole | null;

  @Field(() => DateTime, { nullable: true, description: "When the access ends by itself. Null if it does not." })
  expiresAt: Date | null;
}

@ObjectType({
  simpleResolvers: true,
  description: "An invitation as the holder of its link sees it, signed in or not.",
})
export class InvitationPreview {
  @Field(() => String, { description: "Name of the organization that invites." })
  organizationName: string;

  @Field(() => String, { nullable: true, description: "Name of the person who invited. Null if unknown." })
  invitedByName: string | null;

  @Field(() => String, { description: "The invited address. Masked unless it is the viewer's own." })
  email: string;

  @Field(() => OrganizationRole, { description: "Role that the invitee gets in the organization." })
  role: OrganizationRole;

  @Field(() => [String], { description: "Names of the workspaces that the invitee gets access to." })
  workspaceNames: string[];

  @Field(() => InvitationStatus, { description: "State of the invitation." })
  status: InvitationStatus;

  @Field(() => DateTime, { description: "When the invitation expires." })
  expiresAt: Date;

  @Field(() => Refusal, { nullable: true, description: "Why the viewer cannot accept. Null if they can." })
  refusal: Refusal | null;
}

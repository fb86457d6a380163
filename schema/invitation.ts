import { Field, ID, ObjectType } from "type-graphql";
import { DateTime } from "../entities/scalars";
import { InvitationStatus } from "../src/domain/invitation";
import { OrganizationRole, WorkspaceRole } from "../src/domain/role";
import { Refusal } from "./refusal";

@ObjectType({ simpleResolvers: true, description: "What an invitee may know of an organization before joining." })
export class InvitingOrganization {
  @Field(() => ID)
  id: string;

  @Field(() => String)
  name: string;
}

@ObjectType({ simpleResolvers: true, description: "A workspace that goes with an invitation." })
export class WorkspaceGrant {
  @Field(() => ID)
  workspaceId: string;

  @Field(() => String)
  workspaceName: string;

  @Field(() => WorkspaceRole, { nullable: true })
  roleOverride: WorkspaceRole | null;
}

@ObjectType({ simpleResolvers: true, description: "What the holder of an invitation link sees, signed in or not." })
export class InvitationPreview {
  @Field(() => String)
  organizationName: string;

  @Field(() => String, { nullable: true })
  invitedByName: string | null;

  @Field(() => String, { description: "Masked unless it is the viewer's own." })
  email: string;

  @Field(() => OrganizationRole)
  role: OrganizationRole;

  @Field(() => [String])
  workspaceNames: string[];

  @Field(() => InvitationStatus)
  status: InvitationStatus;

  @Field(() => DateTime)
  expiresAt: Date;

  @Field(() => Refusal, { nullable: true, description: "Null when the viewer may accept; otherwise why not." })
  refusal: Refusal | null;
}

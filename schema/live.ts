import { Field, ID, Int, ObjectType } from "type-graphql";
import { Invitation } from "../entities/invitation";
import { Member } from "../entities/member";
import { DateTime } from "../entities/scalars";
import { InvitationChange, MembershipChange } from "../src/domain/live";

@ObjectType({ simpleResolvers: true, description: "One change of an invitation." })
export class InvitationEvent {
  @Field(() => String, { description: "Position of the change. Pass it as 'after' to continue from here." })
  cursor: string;

  @Field(() => InvitationChange, { description: "What happened." })
  change: InvitationChange;

  @Field(() => DateTime, { description: "When it happened." })
  occurredAt: Date;

  @Field(() => Invitation, { description: "The invitation after the change." })
  invitation: object;
}

@ObjectType({ simpleResolvers: true, description: "One change of a membership, its role or its workspace access." })
export class MembershipEvent {
  @Field(() => String, { description: "Position of the change. Pass it as 'after' to continue from here." })
  cursor: string;

  @Field(() => MembershipChange, { description: "What happened." })
  change: MembershipChange;

  @Field(() => DateTime, { description: "When it happened." })
  occurredAt: Date;

  @Field(() => ID, { description: "Id of the membership." })
  memberId: string;

  @Field(() => ID, { description: "Id of the person." })
  userId: string;

  @Field(() => Member, { nullable: true, description: "The membership. Null if it has ended." })
  member: object | null;
}

@ObjectType({ simpleResolvers: true, description: "One change of an organization." })
export class OrganizationEvent {
  @Field(() => String, { description: "Position of the change. Pass it as 'after' to continue from here." })
  cursor: string;

  @Field(() => String, { description: "Kind of change, as in the audit log, e.g. 'workspace.created'." })
  type: string;

  @Field(() => DateTime, { description: "When it happened." })
  occurredAt: Date;

  @Field(() => ID, {
    nullable: true,
    description: "Id of the workspace that the change concerns. Null if it concerns none or several.",
  })
  workspaceId: string | null;

  @Field(() => String, { description: "The change in one English sentence." })
  summary: string;
}

@ObjectType({
  simpleResolvers: true,
  description: "A new entry of an organization's audit log. `auditLog` has its details.",
})
export class AuditLogChange {
  @Field(() => String, { description: "Position of the entry. Pass it as 'after' to continue from here." })
  cursor: string;

  @Field(() => Int, { description: "Number of the entry in the audit log." })
  sequence: number;
}

@ObjectType({ simpleResolvers: true, description: "One change of a membership of the viewer." })
export class ViewerMembershipEvent {
  @Field(() => String, { description: "Position of the change. Pass it as 'after' to continue from here." })
  cursor: string;

  @Field(() => MembershipChange, { description: "What happened." })
  change: MembershipChange;

  @Field(() => DateTime, { description: "When it happened." })
  occurredAt: Date;

  @Field(() => ID, { description: "Id of the organization." })
  organizationId: string;
}

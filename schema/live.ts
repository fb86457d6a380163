import { Field, ID, ObjectType } from "type-graphql";
import { Invitation } from "../entities/invitation";
import { Member } from "../entities/member";
import { DateTime } from "../entities/scalars";
import { InvitationChange, MembershipChange } from "../src/domain/live";

@ObjectType({ simpleResolvers: true, description: "One change of an invitation." })
export class InvitationEvent {
  @Field(() => String, { description: "Where a later subscription goes on, given as 'after'." })
  cursor: string;

  @Field(() => InvitationChange)
  change: InvitationChange;

  @Field(() => DateTime)
  occurredAt: Date;

  @Field(() => Invitation)
  invitation: object;
}

@ObjectType({ simpleResolvers: true, description: "One change of a membership, its role or its workspaces." })
export class MembershipEvent {
  @Field(() => String, { description: "Where a later subscription goes on, given as 'after'." })
  cursor: string;

  @Field(() => MembershipChange)
  change: MembershipChange;

  @Field(() => DateTime)
  occurredAt: Date;

  @Field(() => ID)
  memberId: string;

  @Field(() => ID)
  userId: string;

  @Field(() => Member, { nullable: true, description: "Null once removed." })
  member: object | null;
}

import { Directive, Field, ID, Int, ObjectType } from "type-graphql";
import { DateTime } from "../entities/scalars";

@ObjectType({
  simpleResolvers: true,
  description: "One change of an organization, for other services. It has no e-mail address, token or secret.",
})
@Directive("@inaccessible")
export class ServiceEvent {
  @Field(() => ID, { description: "Id of the organization that changed." })
  organizationId: string;

  @Field(() => Int, { description: "Number of the event within its organization: 1, 2, 3 and so on, without gaps." })
  sequence: number;

  @Field(() => String, { description: "Kind of change, e.g. 'member.joined'. The audit log has the same types." })
  type: string;

  @Field(() => DateTime, { description: "When the change was made." })
  occurredAt: Date;

  @Field(() => String, { description: "Who made the change: 'user:<id>', 'service:<name>' or 'system'." })
  actorLabel: string;

  @Field(() => ID, {
    nullable: true,
    description: "Id of the changed thing, e.g. of a membership or invitation. Null if it is the organization itself.",
  })
  subjectId: string | null;

  @Field(() => ID, {
    nullable: true,
    description:
      "Id of the person whose membership, access or invitation changed; the new Owner in a transfer. Null if there is none.",
  })
  userId: string | null;

  @Field(() => ID, {
    nullable: true,
    description: "Id of the workspace that the change concerns. Null if it concerns none or several.",
  })
  workspaceId: string | null;
}

@ObjectType({ simpleResolvers: true, description: "Part of the events of all organizations, oldest first." })
@Directive("@inaccessible")
export class ServiceEventPage {
  @Field(() => [ServiceEvent], { description: "The events, in order within each organization, each once." })
  events: object[];

  @Field(() => String, { description: "Pass it as 'after' to continue from here, whether or not there were events." })
  cursor: string;

  @Field(() => Boolean, { description: "Whether more events can be read now." })
  hasMore: boolean;
}

import { Field, ObjectType } from "type-graphql";

@ObjectType({ simpleResolvers: true, description: "One field that an event changed, with its values as text." })
export class AuditFieldChange {
  @Field(() => String, {
    description:
      "Name of the field, e.g. 'role'. 'workspaces.<id>' is access to one workspace: its value is the role override, or 'ASSIGNED' where the member's own role applies.",
  })
  field: string;

  @Field(() => String, {
    nullable: true,
    description: "Value before the event. Null: it had none, or the event does not hold it.",
  })
  before: string | null;

  @Field(() => String, { nullable: true, description: "Value after the event. Null: it has none." })
  after: string | null;
}

import { Field, ID, ObjectType } from "type-graphql";
import { DateTime } from "../entities/scalars";

@ObjectType({ simpleResolvers: true, description: "A deleted organization that can be restored." })
export class RestorableOrganization {
  @Field(() => ID, { description: "Id of the organization, for restoreOrganization." })
  id: string;

  @Field(() => String, { description: "Name of the organization." })
  name: string;

  @Field(() => DateTime, { description: "When it was deleted." })
  deletedAt: Date;

  @Field(() => DateTime, { description: "When it is removed for good. It can be restored before that." })
  restorableUntil: Date;
}

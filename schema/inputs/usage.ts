import { Field, Float, ID, InputType } from "type-graphql";
import { DateTime } from "../../entities/scalars";

@InputType()
export class UsageRecordInput {
  @Field(() => ID, { description: "Chosen by the sender, unique per call (a UUID does)." })
  id: string;

  @Field(() => ID)
  workspaceId: string;

  @Field(() => DateTime)
  at: Date;

  @Field(() => Float)
  credits: number;

  @Field(() => Boolean, {
    defaultValue: false,
    description: "The call ran on the organization's own key: counted, not charged.",
  })
  byok: boolean;
}

@InputType()
export class RecordUsageInput {
  @Field(() => [UsageRecordInput], { description: "At most 1000." })
  records: UsageRecordInput[];
}

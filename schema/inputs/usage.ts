import { Field, Float, ID, InputType } from "type-graphql";
import { DateTime } from "../../entities/scalars";

@InputType({ description: "One LLM call." })
export class UsageRecordInput {
  @Field(() => ID, {
    description: "Unique id of the call, chosen by the sender, e.g. a UUID. A record that is sent again counts once.",
  })
  id: string;

  @Field(() => ID, { description: "The workspace that the call was for." })
  workspaceId: string;

  @Field(() => DateTime, {
    description: "When the call was made: at most 35 days ago, and at most 5 minutes in the future.",
  })
  at: Date;

  @Field(() => Float, { description: "Credits that the call costs, 0 to 1,000,000. Rounded to 9 decimals." })
  credits: number;

  @Field(() => Boolean, {
    defaultValue: false,
    description: "Whether the call ran on the organization's own key. It is then counted and not charged.",
  })
  byok: boolean;
}

@InputType({ description: "Input of recordUsage." })
export class RecordUsageInput {
  @Field(() => [UsageRecordInput], { description: "At most 1,000 calls." })
  records: UsageRecordInput[];
}

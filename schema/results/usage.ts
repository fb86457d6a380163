import { Directive, Field, ID, Int, ObjectType } from "type-graphql";
import { FieldPolicy } from "../field-policy";
import { resultOf } from "./result";

@ObjectType({ simpleResolvers: true, description: "A record that was not counted." })
@Directive("@inaccessible")
export class RejectedUsageRecord {
  @Field(() => ID, { description: "Id of the record." })
  id: string;

  @Field(() => String, { description: "Why, in English." })
  reason: string;
}

@ObjectType({ simpleResolvers: true, description: "The records were processed." })
@Directive("@inaccessible")
export class RecordUsageSuccess {
  @Field(() => Int, { description: "Number of new records." })
  recorded: number;

  @Field(() => Int, { description: "Number of records that were counted before." })
  duplicates: number;

  @FieldPolicy({ listSize: 100 })
  @Field(() => [RejectedUsageRecord], { description: "Records that are invalid. Do not send them again unchanged." })
  rejected: RejectedUsageRecord[];
}
export const RecordUsageResult = resultOf("RecordUsage", RecordUsageSuccess);

import { Directive, Field, ID, Int, ObjectType } from "type-graphql";
import { FieldPolicy } from "../field-policy";
import { resultOf } from "./result";

@ObjectType({ simpleResolvers: true })
@Directive("@inaccessible")
export class RejectedUsageRecord {
  @Field(() => ID)
  id: string;

  @Field(() => String)
  reason: string;
}

@ObjectType({ simpleResolvers: true })
@Directive("@inaccessible")
export class RecordUsageSuccess {
  @Field(() => Int)
  recorded: number;

  @Field(() => Int, { description: "Known by their id already: counted once." })
  duplicates: number;

  @FieldPolicy({ listSize: 100 })
  @Field(() => [RejectedUsageRecord])
  rejected: RejectedUsageRecord[];
}
export const RecordUsageResult = resultOf("RecordUsage", RecordUsageSuccess);

import { Field, Int, ObjectType } from "type-graphql";
import { RefusalCode } from "../src/domain/refusal";

@ObjectType({ simpleResolvers: true })
export class LimitUsage {
  @Field(() => Int)
  used: number;

  @Field(() => Int, { nullable: true, description: "Null means unlimited." })
  limit: number | null;

  @Field(() => Int, { nullable: true })
  remaining: number | null;
}

@ObjectType({
  simpleResolvers: true,
  description: "Understood and allowed, and a rule of the domain says no. Nothing was changed.",
})
export class Refusal {
  @Field(() => RefusalCode)
  code: RefusalCode;

  @Field(() => String)
  message: string;

  @Field(() => [String], { nullable: true, description: "Path into the input, e.g. ['emails', '3']." })
  path: string[] | null;

  @Field(() => LimitUsage, { nullable: true, description: "The limit that stands in the way, where one does." })
  limit: LimitUsage | null;
}

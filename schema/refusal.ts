import { Field, Int, ObjectType } from "type-graphql";
import { RefusalCode } from "../src/domain/refusal";

@ObjectType({ simpleResolvers: true, description: "How much of a plan's limit is used." })
export class LimitUsage {
  @Field(() => Int, { description: "How many are in use." })
  used: number;

  @Field(() => Int, { nullable: true, description: "How many are allowed. Null: unlimited." })
  limit: number | null;

  @Field(() => Int, { nullable: true, description: "How many are left, at least 0. Null: unlimited." })
  remaining: number | null;
}

@ObjectType({
  simpleResolvers: true,
  description: "A rule of the product does not allow the change. Nothing was changed.",
})
export class Refusal {
  @Field(() => RefusalCode, { description: "The rule, for programs." })
  code: RefusalCode;

  @Field(() => String, { description: "The reason and the next step, in English, for people." })
  message: string;

  @Field(() => [String], {
    nullable: true,
    description: "Path to the faulty part of the input, e.g. ['emails', '3']. Null if no single part is at fault.",
  })
  path: string[] | null;

  @Field(() => LimitUsage, {
    nullable: true,
    description: "The limit that was reached. Null if the refusal is not about a limit.",
  })
  limit: LimitUsage | null;

  @Field(() => Int, {
    nullable: true,
    description: "Seconds after which the same request can succeed. Null if waiting does not help.",
  })
  retryAfterSeconds: number | null;
}

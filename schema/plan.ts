import { Field, Int, ObjectType } from "type-graphql";
import { FieldPolicy } from "./field-policy";
import { Refusal } from "./refusal";

@ObjectType({ simpleResolvers: true })
export class Plan {
  @Field(() => String)
  code: string;

  @Field(() => String)
  name: string;

  @Field(() => Int, { nullable: true, description: "US cents; null where the price is by arrangement." })
  monthlyPriceCents: number | null;

  @Field(() => Int, { nullable: true, description: "Null means unlimited." })
  memberLimit: number | null;

  @Field(() => Int, { nullable: true })
  workspaceLimit: number | null;

  @Field(() => Int, { nullable: true })
  monthlyCredits: number | null;

  @Field(() => Int)
  dailyCredits: number;

  @Field(() => Boolean)
  byok: boolean;

  @Field(() => [String])
  features: string[];
}

@ObjectType({ simpleResolvers: true, description: "Another plan, with what stands in the way of moving to it." })
export class PlanOption {
  @Field(() => Plan)
  plan: Plan;

  @Field(() => Boolean)
  isUpgrade: boolean;

  @FieldPolicy({ listSize: 3 })
  @Field(() => [Refusal])
  blockers: Refusal[];
}

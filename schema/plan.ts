import { Field, Int, ObjectType } from "type-graphql";
import { FieldPolicy } from "./field-policy";
import { Refusal } from "./refusal";

@ObjectType({ simpleResolvers: true, description: "A plan that organizations can subscribe to." })
export class Plan {
  @Field(() => String, { description: "Code of the plan, for changePlan." })
  code: string;

  @Field(() => String, { description: "Display name." })
  name: string;

  @Field(() => Int, { nullable: true, description: "Price per month in US cents. Null: by arrangement." })
  monthlyPriceCents: number | null;

  @Field(() => Int, {
    nullable: true,
    description: "Maximum number of members and pending invitations. Null: unlimited.",
  })
  memberLimit: number | null;

  @Field(() => Int, { nullable: true, description: "Maximum number of workspaces. Null: unlimited." })
  workspaceLimit: number | null;

  @Field(() => Int, { nullable: true, description: "Credits per period of one month. Null: unlimited." })
  monthlyCredits: number | null;

  @Field(() => Int, { description: "Additional credits per day (UTC). They are spent before the monthly ones." })
  dailyCredits: number;

  @Field(() => Boolean, { description: "Whether organizations can use their own AWS key." })
  byok: boolean;

  @Field(() => [String], { description: "What the plan includes, as short texts for a price list." })
  features: string[];
}

@ObjectType({ simpleResolvers: true, description: "A plan that the organization could change to." })
export class PlanOption {
  @Field(() => Plan, { description: "The plan." })
  plan: Plan;

  @Field(() => Boolean, {
    description: "True for an upgrade, which takes effect at once. False for a downgrade, at the end of the period.",
  })
  isUpgrade: boolean;

  @FieldPolicy({ listSize: 3 })
  @Field(() => [Refusal], {
    description: "Reasons why the organization cannot change to the plan now. Empty if it can.",
  })
  blockers: Refusal[];
}

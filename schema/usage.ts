import { Field, Float, Int, ObjectType } from "type-graphql";
import { DateTime } from "../entities/scalars";

@ObjectType({ simpleResolvers: true, description: "What the organization uses of its plan." })
export class Usage {}

@ObjectType({ simpleResolvers: true, description: "A call spends the day's credits first, then the period's." })
export class CreditUsage {
  @Field(() => Float, { description: "Spent in the current period, from both pools." })
  used: number;

  @Field(() => Int, { nullable: true, description: "Null means unlimited." })
  monthlyLimit: number | null;

  @Field(() => Float, { nullable: true })
  monthlyRemaining: number | null;

  @Field(() => Int)
  dailyLimit: number;

  @Field(() => Float)
  dailyRemaining: number;

  @Field(() => DateTime, { description: "When the period's credits are granted anew." })
  resetsAt: Date;
}

@ObjectType({ simpleResolvers: true })
export class UsagePoint {
  @Field(() => DateTime, { description: "Where the interval begins, in UTC." })
  at: Date;

  @Field(() => Float)
  credits: number;

  @Field(() => Int, { description: "Calls on the organization's own key, which cost nothing." })
  byokCalls: number;

  @Field(() => Int)
  calls: number;
}

@ObjectType({ simpleResolvers: true })
export class WorkspaceUsage {
  @Field(() => Float)
  credits: number;

  @Field(() => Int)
  byokCalls: number;

  @Field(() => Int)
  calls: number;
}

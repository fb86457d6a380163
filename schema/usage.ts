import { Field, Float, Int, ObjectType } from "type-graphql";
import { DateTime } from "../entities/scalars";
import { WorkspaceTrendKind } from "../src/domain/usage";
import { FieldPolicy } from "./field-policy";

@ObjectType({ simpleResolvers: true, description: "How much of its plan an organization uses." })
export class Usage {}

@ObjectType({
  simpleResolvers: true,
  description: "Credits spent and left. A call spends the day's credits first, then the period's.",
})
export class CreditUsage {
  @Field(() => Float, { description: "Credits spent in the current period, daily ones included." })
  used: number;

  @Field(() => Int, { nullable: true, description: "Credits per period. Null: unlimited." })
  monthlyLimit: number | null;

  @Field(() => Float, { nullable: true, description: "Credits of the period that are left. Null: unlimited." })
  monthlyRemaining: number | null;

  @Field(() => Int, { description: "Additional credits per day (UTC)." })
  dailyLimit: number;

  @Field(() => Float, { description: "Credits of the day that are left." })
  dailyRemaining: number;

  @Field(() => DateTime, { description: "When the next period starts and its credits are granted." })
  resetsAt: Date;
}

@ObjectType({ simpleResolvers: true, description: "Usage in one interval." })
export class UsagePoint {
  @Field(() => DateTime, { description: "Start of the interval, in UTC." })
  at: Date;

  @Field(() => Float, { description: "Credits spent." })
  credits: number;

  @Field(() => Float, {
    description:
      "The part of 'credits' that came from the period's pool. The rest came from the day's credits, which are spent " +
      "first. In the hour that uses up the day's credits, workspaces spend them in the order of their creation.",
  })
  periodCredits: number;

  @Field(() => Int, { description: "Number of calls on the organization's own key, which cost no credits." })
  byokCalls: number;

  @Field(() => Int, { description: "Number of all calls, those on the organization's own key included." })
  calls: number;
}

@ObjectType({ simpleResolvers: true, description: "Usage of one workspace." })
export class WorkspaceUsage {
  @Field(() => Float, { description: "Credits spent." })
  credits: number;

  @Field(() => Int, { description: "Number of calls on the organization's own key, which cost no credits." })
  byokCalls: number;

  @Field(() => Int, { description: "Number of all calls, those on the organization's own key included." })
  calls: number;
}

@ObjectType({ simpleResolvers: true, description: "Usage over time of a workspace, or of several together." })
export class WorkspaceTrend {
  @Field(() => WorkspaceTrendKind, { description: "Which workspaces the series covers." })
  kind: WorkspaceTrendKind;

  @FieldPolicy({ listSize: 100 })
  @Field(() => [UsagePoint], { description: "One point for each interval, as in 'trend'." })
  points: UsagePoint[];
}

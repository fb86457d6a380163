import { Arg, Ctx, Directive, FieldResolver, Float, ID, Int, Mutation, Resolver, Root } from "type-graphql";
import { DateTime } from "../entities/scalars";
import { Workspace } from "../entities/workspace";
import { FieldPolicy } from "../schema/field-policy";
import { RecordUsageInput } from "../schema/inputs/usage";
import { LimitUsage } from "../schema/refusal";
import { RecordUsageResult } from "../schema/results/usage";
import { CreditUsage, Usage, UsagePoint, WorkspaceTrend, WorkspaceUsage } from "../schema/usage";
import { commands } from "../src/commands";
import type { Context } from "../src/context";
import { forecastExhaustion, projectPeriodCredits } from "../src/domain/credits";
import { storedPlan } from "../src/domain/plan";
import { UsageInterval } from "../src/domain/usage";
import type { SubscriptionView } from "../src/store/views/subscriptions";
import {
  usageByWorkspace,
  usageTrendByWorkspace,
  type WorkspaceTrendView,
} from "../src/store/views/usage-by-workspace";
import { usageTrend } from "../src/store/views/usage-trend";
import { readLimitUse } from "./limit-use";
import { orNotFound } from "./or-not-found";
import { Run, type RunMutation } from "./run-mutation";
import { assertSpan, DEFAULT_TOP, parseTop, parseWorkspaceId } from "./usage-arguments";

const FROM = { description: "Start. Its whole interval counts." };
const TO = { description: "End. Its whole interval counts." };
const INTERVAL = { defaultValue: "DAY", description: "Length of an interval." };

@Resolver(() => Usage)
export class UsageResolver {
  @FieldResolver(() => LimitUsage, { description: "Seats: members and pending invitations." })
  members(@Root() subscription: SubscriptionView, @Ctx() context: Context) {
    return readLimitUse(context, { ...subscription, id: subscription.organizationId }, "members");
  }

  @FieldResolver(() => LimitUsage, { description: "Workspaces, without deleted ones." })
  workspaces(@Root() subscription: SubscriptionView, @Ctx() context: Context) {
    return readLimitUse(context, { ...subscription, id: subscription.organizationId }, "workspaces");
  }

  @FieldResolver(() => CreditUsage, {
    description: "Credits over all workspaces. Calls on the organization's own key spend none.",
  })
  credits(@Root() subscription: SubscriptionView, @Ctx() { loaders }: Context) {
    return loaders.credits.load(subscription).then(({ balance }) => balance);
  }

  @FieldResolver(() => DateTime, {
    nullable: true,
    description: "When credits run out at the pace of the last 7 days. Null if they last until the period ends.",
  })
  async forecast(@Root() subscription: SubscriptionView, @Ctx() { loaders, services }: Context) {
    const { balance, days } = await loaders.credits.load(subscription);
    return forecastExhaustion(storedPlan(subscription.planCode), balance, days, services.clock.now());
  }

  @FieldResolver(() => Float, {
    nullable: true,
    description:
      "Credits that the period's pool will have paid when the period ends, at the pace of the last 7 days. May exceed " +
      "the pool. Null if nothing was spent in the last 7 days.",
  })
  async projectedPeriodCredits(@Root() subscription: SubscriptionView, @Ctx() { loaders, services }: Context) {
    const { balance, days } = await loaders.credits.load(subscription);
    return projectPeriodCredits(storedPlan(subscription.planCode), balance, days, services.clock.now());
  }

  @FieldPolicy({ cost: 100, listSize: 100 })
  @FieldResolver(() => [UsagePoint], {
    description:
      "Usage over time: one point for each interval between 'from' and 'to', both included, in UTC. Intervals without " +
      "usage have zeros. At most 2,400 points and ten years.",
  })
  trend(
    @Root() { organizationId, planCode }: SubscriptionView,
    @Arg("from", () => DateTime, FROM) from: Date,
    @Arg("to", () => DateTime, TO) to: Date,
    @Arg("interval", () => UsageInterval, INTERVAL) interval: UsageInterval,
    @Arg("workspaceId", () => ID, {
      nullable: true,
      description: "Only this workspace. Null or absent: the whole organization.",
    })
    workspaceId: string | null | undefined,
    @Ctx() { reader }: Context,
  ) {
    assertSpan(from, to, interval);
    const { dailyCredits } = storedPlan(planCode);
    const id = workspaceId == null ? null : parseWorkspaceId(organizationId, workspaceId);
    return usageTrend(reader, organizationId, { from, to, interval, workspaceId: id, dailyCredits });
  }

  @FieldPolicy({ cost: 100, listSize: 50 })
  @FieldResolver(() => [WorkspaceUsage], {
    description:
      "Usage per workspace between 'from' and 'to', over the same span as a trend with the same arguments. Most used " +
      "first. Deleted workspaces are left out. At most ten years.",
  })
  byWorkspace(
    @Root() { organizationId }: SubscriptionView,
    @Arg("from", () => DateTime, FROM) from: Date,
    @Arg("to", () => DateTime, TO) to: Date,
    @Arg("interval", () => UsageInterval, INTERVAL) interval: UsageInterval,
    @Ctx() { reader }: Context,
  ) {
    assertSpan(from, to, null);
    return usageByWorkspace(reader, organizationId, { from, to, interval });
  }

  @FieldPolicy({ cost: 100, listSize: 7 })
  @FieldResolver(() => [WorkspaceTrend], {
    description:
      "The trend by workspace: a series for each of the workspaces that used most, then one for all others and one for " +
      "the deleted ones. Point by point they add up to 'trend'. Series without usage are left out.",
  })
  trendByWorkspace(
    @Root() { organizationId, planCode }: SubscriptionView,
    @Arg("from", () => DateTime, FROM) from: Date,
    @Arg("to", () => DateTime, TO) to: Date,
    @Arg("interval", () => UsageInterval, INTERVAL) interval: UsageInterval,
    @Arg("top", () => Int, {
      nullable: true,
      defaultValue: DEFAULT_TOP,
      description: "How many workspaces have a series of their own, 1 to 20.",
    })
    top: number | null,
    @Ctx() { reader }: Context,
  ) {
    assertSpan(from, to, interval);
    const { dailyCredits } = storedPlan(planCode);
    const request = { from, to, interval, top: parseTop(top), dailyCredits };
    return usageTrendByWorkspace(reader, organizationId, request);
  }
}

@Resolver(() => WorkspaceUsage)
export class WorkspaceUsageResolver {
  @FieldResolver(() => Workspace, { description: "The workspace that used them." })
  workspace(@Root() { workspaceId }: { workspaceId: string }, @Ctx() { loaders }: Context) {
    return orNotFound(loaders.workspace.load(workspaceId), "workspace");
  }
}

@Resolver(() => WorkspaceTrend)
export class WorkspaceTrendResolver {
  @FieldResolver(() => Workspace, { nullable: true, description: "The workspace. Null for a sum of several." })
  workspace(@Root() { workspaceId }: WorkspaceTrendView, @Ctx() { loaders }: Context) {
    return workspaceId && loaders.workspace.load(workspaceId);
  }
}

@Resolver()
export class UsageMutations {
  @FieldPolicy({ cost: 1_000 })
  @Directive("@inaccessible")
  @Mutation(() => RecordUsageResult, {
    description: "Records LLM calls and the credits they spend. A record counts once, even if it is sent again.",
  })
  recordUsage(@Arg("input", () => RecordUsageInput) input: RecordUsageInput, @Run() run: RunMutation) {
    return run(commands.recordUsage, input, (outcome) => outcome);
  }
}

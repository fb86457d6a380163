import { Arg, Ctx, Directive, FieldResolver, ID, Mutation, Resolver, Root } from "type-graphql";
import { DateTime } from "../entities/scalars";
import { Workspace } from "../entities/workspace";
import { FieldPolicy } from "../schema/field-policy";
import { RecordUsageInput } from "../schema/inputs/usage";
import { LimitUsage } from "../schema/refusal";
import { RecordUsageResult } from "../schema/results/usage";
import { CreditUsage, Usage, UsagePoint, WorkspaceUsage } from "../schema/usage";
import { commands } from "../src/commands";
import type { Context } from "../src/context";
import { storedPlan } from "../src/domain/plan";
import { UsageInterval } from "../src/domain/usage";
import type { SubscriptionView } from "../src/store/views/subscriptions";
import { usageByWorkspace, usageTrend } from "../src/store/views/usage";
import { readLimitUse } from "./limit-use";
import { Run, type RunMutation } from "./run-mutation";
import { assertSpan, exhaustionOf, usageScope } from "./usage-arguments";

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
    return exhaustionOf(storedPlan(subscription.planCode), balance, days, services.clock.now());
  }

  @FieldPolicy({ cost: 100, listSize: 100 })
  @FieldResolver(() => [UsagePoint], {
    description:
      "Usage over time: one point for each interval between 'from' and 'to', both included, in UTC. Intervals without " +
      "usage have zeros. At most 2,400 points and ten years.",
  })
  trend(
    @Root() { organizationId }: SubscriptionView,
    @Arg("from", () => DateTime, { description: "Start; its whole interval counts." }) from: Date,
    @Arg("to", () => DateTime, { description: "End; its whole interval counts." }) to: Date,
    @Arg("interval", () => UsageInterval, { defaultValue: "DAY", description: "Length of an interval." })
    interval: UsageInterval,
    @Arg("workspaceId", () => ID, {
      nullable: true,
      description: "Only this workspace. Null or absent: the whole organization.",
    })
    workspaceId: string | null | undefined,
    @Ctx() { services }: Context,
  ) {
    assertSpan(from, to, interval);
    const scopeId = usageScope(organizationId, workspaceId ?? null);
    return usageTrend(services.database, organizationId, { from, to, interval, scopeId });
  }

  @FieldPolicy({ cost: 100, listSize: 50 })
  @FieldResolver(() => [WorkspaceUsage], {
    description:
      "Usage per workspace between the days of 'from' and 'to', both included, in UTC. The most used first, without " +
      "deleted workspaces. At most ten years.",
  })
  byWorkspace(
    @Root() { organizationId }: SubscriptionView,
    @Arg("from", () => DateTime, { description: "Start; its whole interval counts." }) from: Date,
    @Arg("to", () => DateTime, { description: "End; its whole interval counts." }) to: Date,
    @Ctx() { services }: Context,
  ) {
    assertSpan(from, to, null);
    return usageByWorkspace(services.database, organizationId, { from, to, interval: "DAY" });
  }
}

@Resolver(() => WorkspaceUsage)
export class WorkspaceUsageResolver {
  @FieldResolver(() => Workspace, { description: "The workspace that the usage is of." })
  workspace(@Root() { workspaceId }: { workspaceId: string }, @Ctx() { loaders }: Context) {
    return loaders.workspace.load(workspaceId);
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

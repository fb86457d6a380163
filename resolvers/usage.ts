import type { GraphQLResolveInfo } from "graphql";
import { Arg, Ctx, Directive, FieldResolver, ID, Info, Mutation, Resolver, Root } from "type-graphql";
import { DateTime } from "../entities/scalars";
import { Workspace } from "../entities/workspace";
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
import { limitOf } from "./permitted";
import { answer } from "./run-mutation";
import { assertSpan, exhaustionOf, usageScope } from "./usage-arguments";

@Resolver(() => Usage)
export class UsageResolver {
  @FieldResolver(() => LimitUsage, { description: "Active members plus pending invitations." })
  members(@Root() subscription: SubscriptionView, @Ctx() context: Context) {
    return limitOf(context, { ...subscription, id: subscription.organizationId }, "members");
  }

  @FieldResolver(() => LimitUsage)
  workspaces(@Root() subscription: SubscriptionView, @Ctx() context: Context) {
    return limitOf(context, { ...subscription, id: subscription.organizationId }, "workspaces");
  }

  @FieldResolver(() => CreditUsage, {
    description: "Over all workspaces; calls on the organization's own key spend none.",
  })
  credits(@Root() subscription: SubscriptionView, @Ctx() { loaders }: Context) {
    return loaders.credits.load(subscription).then(({ balance }) => balance);
  }

  @FieldResolver(() => DateTime, {
    nullable: true,
    description: "The day on which credits run out at the pace of the last 7 days; null when they last.",
  })
  async forecast(@Root() subscription: SubscriptionView, @Ctx() { loaders, services }: Context) {
    const { balance, days } = await loaders.credits.load(subscription);
    return exhaustionOf(storedPlan(subscription.planCode), balance, days, services.clock.now());
  }

  @FieldResolver(() => [UsagePoint], {
    description: "Gap-free: one point for each interval from that of 'from' to that of 'to', in UTC, zeros included.",
  })
  trend(
    @Root() { organizationId }: SubscriptionView,
    @Arg("from", () => DateTime) from: Date,
    @Arg("to", () => DateTime) to: Date,
    @Arg("interval", () => UsageInterval, { defaultValue: "DAY" }) interval: UsageInterval,
    @Arg("workspaceId", () => ID, { nullable: true }) workspaceId: string | null | undefined,
    @Ctx() { services }: Context,
  ) {
    assertSpan(from, to, interval);
    const scopeId = usageScope(organizationId, workspaceId ?? null);
    return usageTrend(services.database, organizationId, { from, to, interval, scopeId });
  }

  @FieldResolver(() => [WorkspaceUsage], {
    description:
      "The most used first; workspaces that are deleted are left out. Over the same span as 'trend' by the day: all of " +
      "the day of 'from', all of that of 'to', and what lies between, in UTC.",
  })
  byWorkspace(
    @Root() { organizationId }: SubscriptionView,
    @Arg("from", () => DateTime) from: Date,
    @Arg("to", () => DateTime) to: Date,
    @Ctx() { services }: Context,
  ) {
    assertSpan(from, to, null);
    return usageByWorkspace(services.database, organizationId, { from, to, interval: "DAY" });
  }
}

@Resolver(() => WorkspaceUsage)
export class WorkspaceUsageResolver {
  @FieldResolver(() => Workspace)
  workspace(@Root() { workspaceId }: { workspaceId: string }, @Ctx() { loaders }: Context) {
    return loaders.workspace.load(workspaceId);
  }
}

@Resolver()
export class UsageMutations {
  @Directive("@inaccessible")
  @Mutation(() => RecordUsageResult, {
    description: "For metering services. Each record counts once, by its id, however often it is sent.",
  })
  recordUsage(
    @Arg("input", () => RecordUsageInput) input: RecordUsageInput,
    @Ctx() context: Context,
    @Info() info: GraphQLResolveInfo,
  ) {
    return answer(context, info, commands.recordUsage, input, (outcome) => outcome);
  }
}

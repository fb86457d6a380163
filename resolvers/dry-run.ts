import type { GraphQLResolveInfo } from "graphql";
import { Arg, Ctx, FieldResolver, Info, Query, Resolver, Root } from "type-graphql";
import { FieldPolicy } from "../schema/field-policy";
import { DryRunInput } from "../schema/inputs/dry-run";
import { LimitUsage } from "../schema/refusal";
import { DryRunEffect, DryRunEmail, DryRunResult, DryRunSuccess } from "../schema/results/dry-run";
import { commands } from "../src/commands";
import type { Command } from "../src/commands/runner/command";
import type { DryRun } from "../src/commands/runner/dry-run";
import type { Context } from "../src/context";
import { fieldChanges } from "../src/domain/field-changes";
import { limitingPlan } from "../src/domain/growth";
import { mayInOrganization } from "../src/domain/permission";
import { limitUse } from "../src/domain/plan";
import { invalidInput, Refused } from "../src/domain/refusal";
import { announcedMails } from "../src/jobs/announced-mails";
import { onlyMutation } from "./only-mutation";
import { toRefusal } from "./run-mutation";
import { selects } from "./selects";

@Resolver(() => DryRunSuccess)
export class DryRunResolver {
  @FieldPolicy({ access: "signed-in", hasSideEffects: true })
  @Query(() => DryRunResult, {
    description:
      "What a mutation would do. Changes nothing. Requires the mutation's permission, and counts against the same rate limits. Needs no Idempotency-Key.",
  })
  async dryRun(
    @Arg("mutation", () => DryRunInput, { description: "The mutation to try." }) mutation: DryRunInput,
    @Ctx() context: Context,
    @Info() info: GraphQLResolveInfo,
  ) {
    try {
      const only = onlyMutation(mutation);
      if (!only) throw invalidInput("Give exactly one mutation to try.");
      const command: Command<never, unknown> = commands[only.name];
      const counts = selects(info, "memberLimit", "workspaceLimit");
      return Object.assign(new DryRunSuccess(), await context.dryRun(command, only.input as never, { counts }));
    } catch (error) {
      if (error instanceof Refused) return toRefusal(error.refusal);
      throw error;
    }
  }

  @FieldResolver(() => [DryRunEffect])
  effects(@Root() { changes }: DryRun): DryRunEffect[] {
    const created = new Set(changes.filter(({ type }) => type.endsWith(".created")).map(({ subjectId }) => subjectId));
    const known = (id: string | undefined) => (id === undefined || created.has(id) ? null : id);
    return changes.map(({ type, summary, subjectId, workspaceId, data = {} }) => ({
      ...{ type, summary, subjectId: known(subjectId), workspaceId: known(workspaceId) },
      changes: fieldChanges(type, data),
    }));
  }

  @FieldResolver(() => LimitUsage, { nullable: true })
  memberLimit(@Root() { use }: DryRun): LimitUsage | null {
    if (!use || !mayInOrganization(use.role, "INVITE_AND_REMOVE_MEMBERS")) return null;
    return limitUse(use.seats, limitingPlan(use, "memberLimit").plan.memberLimit);
  }

  @FieldResolver(() => LimitUsage, { nullable: true })
  workspaceLimit(@Root() { use }: DryRun): LimitUsage | null {
    if (!use || !mayInOrganization(use.role, "CREATE_WORKSPACES")) return null;
    return limitUse(use.workspaces, limitingPlan(use, "workspaceLimit").plan.workspaceLimit);
  }

  @FieldResolver(() => [DryRunEmail])
  emails(@Root() run: DryRun, @Ctx() { services, viewer }: Context): Promise<DryRunEmail[]> {
    return announcedMails(services.database, viewer, run);
  }
}

import type { GraphQLResolveInfo } from "graphql";
import { Arg, Ctx, Info, Mutation, Resolver } from "type-graphql";
import * as inputs from "../schema/inputs/member";
import * as results from "../schema/results/member";
import { commands } from "../src/commands";
import type { Context } from "../src/context";
import { answer, load } from "./run-mutation";

@Resolver()
export class MemberMutations {
  @Mutation(() => results.ChangeMemberRoleResult)
  changeMemberRole(
    @Arg("input", () => inputs.ChangeMemberRoleInput) input: inputs.ChangeMemberRoleInput,
    @Ctx() context: Context,
    @Info() info: GraphQLResolveInfo,
  ) {
    return answer(context, info, commands.changeMemberRole, input, (outcome) => ({
      member: load.member(outcome.memberId),
    }));
  }

  @Mutation(() => results.RemoveMemberResult, { description: "Also out of every workspace of the organization." })
  removeMember(
    @Arg("input", () => inputs.RemoveMemberInput) input: inputs.RemoveMemberInput,
    @Ctx() context: Context,
    @Info() info: GraphQLResolveInfo,
  ) {
    return answer(context, info, commands.removeMember, input, (outcome) => ({
      memberId: outcome.memberId,
      organization: load.organization(outcome.organizationId),
    }));
  }
}

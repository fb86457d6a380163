import { Arg, Mutation, Resolver } from "type-graphql";
import * as inputs from "../schema/inputs/member";
import * as results from "../schema/results/member";
import { commands } from "../src/commands";
import { load, Run, type RunMutation } from "./run-mutation";

@Resolver()
export class MemberMutations {
  @Mutation(() => results.ChangeMemberRoleResult)
  changeMemberRole(
    @Arg("input", () => inputs.ChangeMemberRoleInput) input: inputs.ChangeMemberRoleInput,
    @Run() run: RunMutation,
  ) {
    return run(commands.changeMemberRole, input, (outcome) => ({
      member: load.member(outcome.memberId),
    }));
  }

  @Mutation(() => results.RemoveMemberResult, { description: "Also out of every workspace of the organization." })
  removeMember(@Arg("input", () => inputs.RemoveMemberInput) input: inputs.RemoveMemberInput, @Run() run: RunMutation) {
    return run(commands.removeMember, input, (outcome) => ({
      memberId: outcome.memberId,
      organization: load.organization(outcome.organizationId),
    }));
  }
}

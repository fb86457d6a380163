import { Arg, Mutation, Resolver } from "type-graphql";
import * as inputs from "../schema/inputs/member";
import * as results from "../schema/results/member";
import { commands } from "../src/commands";
import { load, Run, type RunMutation } from "./run-mutation";

@Resolver()
export class MemberMutations {
  @Mutation(() => results.ChangeMemberRoleResult, {
    description: "Changes a member's role in the organization. Assignments to workspaces stay.",
  })
  changeMemberRole(
    @Arg("input", () => inputs.ChangeMemberRoleInput) input: inputs.ChangeMemberRoleInput,
    @Run() run: RunMutation,
  ) {
    return run(commands.changeMemberRole, input, (outcome) => ({
      member: load.member(outcome.memberId),
    }));
  }

  @Mutation(() => results.RemoveMemberResult, {
    description: "Removes a member from the organization and all its workspaces.",
  })
  removeMember(@Arg("input", () => inputs.RemoveMemberInput) input: inputs.RemoveMemberInput, @Run() run: RunMutation) {
    return run(commands.removeMember, input, (outcome) => ({
      memberId: outcome.memberId,
      organization: load.organization(outcome.organizationId),
    }));
  }

  @Mutation(() => results.ReinstateMemberResult, {
    description:
      "Takes back a member who was removed less than 30 days ago, with their role and workspaces, except for " +
      "deleted workspaces and access that has ended. Needs a free seat. Refused NOT_REINSTATABLE for anybody else.",
  })
  reinstateMember(
    @Arg("input", () => inputs.ReinstateMemberInput) input: inputs.ReinstateMemberInput,
    @Run() run: RunMutation,
  ) {
    return run(commands.reinstateMember, input, (outcome) => ({ member: load.member(outcome.memberId) }));
  }
}

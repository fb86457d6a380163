import { Arg, Mutation, Resolver } from "type-graphql";
import * as inputs from "../schema/inputs/organization";
import * as results from "../schema/results/organization";
import { commands } from "../src/commands";
import { load, Run, type RunMutation } from "./run-mutation";

@Resolver()
export class OrganizationMutations {
  @Mutation(() => results.CreateOrganizationResult)
  createOrganization(
    @Arg("input", () => inputs.CreateOrganizationInput) input: inputs.CreateOrganizationInput,
    @Run() run: RunMutation,
  ) {
    return run(commands.createOrganization, input, toOrganization);
  }

  @Mutation(() => results.UpdateOrganizationResult)
  updateOrganization(
    @Arg("input", () => inputs.UpdateOrganizationInput) input: inputs.UpdateOrganizationInput,
    @Run() run: RunMutation,
  ) {
    return run(commands.updateOrganization, input, toOrganization);
  }

  @Mutation(() => results.TransferOwnershipResult, {
    description: "The recipient becomes an Owner and the caller an Admin, at once.",
  })
  transferOwnership(
    @Arg("input", () => inputs.TransferOwnershipInput) input: inputs.TransferOwnershipInput,
    @Run() run: RunMutation,
  ) {
    return run(commands.transferOwnership, input, (outcome) => ({
      ...toOrganization(outcome),
      newOwner: load.member(outcome.newOwnerId),
      formerOwner: load.member(outcome.formerOwnerId),
    }));
  }

  @Mutation(() => results.LeaveOrganizationResult, { description: "Also out of all its workspaces." })
  leaveOrganization(
    @Arg("input", () => inputs.LeaveOrganizationInput) input: inputs.LeaveOrganizationInput,
    @Run() run: RunMutation,
  ) {
    return run(commands.leaveOrganization, input, (outcome) => outcome);
  }

  @Mutation(() => results.DeleteOrganizationResult, {
    description: "Gone for everyone at once, restorable by an owner for 30 days. The personal one stays.",
  })
  deleteOrganization(
    @Arg("input", () => inputs.DeleteOrganizationInput) input: inputs.DeleteOrganizationInput,
    @Run() run: RunMutation,
  ) {
    return run(commands.deleteOrganization, input, (outcome) => outcome);
  }

  @Mutation(() => results.RestoreOrganizationResult)
  restoreOrganization(
    @Arg("input", () => inputs.RestoreOrganizationInput) input: inputs.RestoreOrganizationInput,
    @Run() run: RunMutation,
  ) {
    return run(commands.restoreOrganization, input, toOrganization);
  }
}

const toOrganization = ({ organizationId }: { organizationId: string }) => ({
  organization: load.organization(organizationId),
});

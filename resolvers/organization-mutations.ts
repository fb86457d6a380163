import { Arg, Mutation, Resolver } from "type-graphql";
import * as inputs from "../schema/inputs/organization";
import * as results from "../schema/results/organization";
import { commands } from "../src/commands";
import { load, Run, type RunMutation } from "./run-mutation";

@Resolver()
export class OrganizationMutations {
  @Mutation(() => results.CreateOrganizationResult, {
    description: "Creates an organization with a default workspace. The viewer becomes its Owner.",
  })
  createOrganization(
    @Arg("input", () => inputs.CreateOrganizationInput) input: inputs.CreateOrganizationInput,
    @Run() run: RunMutation,
  ) {
    return run(commands.createOrganization, input, toOrganization);
  }

  @Mutation(() => results.UpdateOrganizationResult, {
    description: "Changes the organization's name, description or both.",
  })
  updateOrganization(
    @Arg("input", () => inputs.UpdateOrganizationInput) input: inputs.UpdateOrganizationInput,
    @Run() run: RunMutation,
  ) {
    return run(commands.updateOrganization, input, toOrganization);
  }

  @Mutation(() => results.TransferOwnershipResult, {
    description: "Makes another member Owner. The viewer becomes Admin.",
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

  @Mutation(() => results.LeaveOrganizationResult, {
    description: "Ends the viewer's membership in the organization and all its workspaces.",
  })
  leaveOrganization(
    @Arg("input", () => inputs.LeaveOrganizationInput) input: inputs.LeaveOrganizationInput,
    @Run() run: RunMutation,
  ) {
    return run(commands.leaveOrganization, input, (outcome) => outcome);
  }

  @Mutation(() => results.DeleteOrganizationResult, {
    description:
      "Deletes the organization for everyone at once. An Owner can restore it for 30 days. A personal organization cannot be deleted.",
  })
  deleteOrganization(
    @Arg("input", () => inputs.DeleteOrganizationInput) input: inputs.DeleteOrganizationInput,
    @Run() run: RunMutation,
  ) {
    return run(commands.deleteOrganization, input, (outcome) => outcome);
  }

  @Mutation(() => results.RestoreOrganizationResult, {
    description: "Restores an organization that was deleted less than 30 days ago.",
  })
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

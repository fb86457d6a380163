import type { GraphQLResolveInfo } from "graphql";
import { Arg, Ctx, Info, Mutation, Resolver } from "type-graphql";
import * as inputs from "../schema/inputs/organization";
import * as results from "../schema/results/organization";
import { commands } from "../src/commands";
import type { Context } from "../src/context";
import { answer, load } from "./run-mutation";

@Resolver()
export class OrganizationMutations {
  @Mutation(() => results.CreateOrganizationResult)
  createOrganization(
    @Arg("input", () => inputs.CreateOrganizationInput) input: inputs.CreateOrganizationInput,
    @Ctx() context: Context,
    @Info() info: GraphQLResolveInfo,
  ) {
    return answer(context, info, commands.createOrganization, input, showOrganization);
  }

  @Mutation(() => results.UpdateOrganizationResult)
  updateOrganization(
    @Arg("input", () => inputs.UpdateOrganizationInput) input: inputs.UpdateOrganizationInput,
    @Ctx() context: Context,
    @Info() info: GraphQLResolveInfo,
  ) {
    return answer(context, info, commands.updateOrganization, input, showOrganization);
  }

  @Mutation(() => results.TransferOwnershipResult, {
    description: "The recipient becomes an Owner and the caller an Admin, at once.",
  })
  transferOwnership(
    @Arg("input", () => inputs.TransferOwnershipInput) input: inputs.TransferOwnershipInput,
    @Ctx() context: Context,
    @Info() info: GraphQLResolveInfo,
  ) {
    return answer(context, info, commands.transferOwnership, input, (outcome) => ({
      ...showOrganization(outcome),
      newOwner: load.member(outcome.newOwnerId),
      formerOwner: load.member(outcome.formerOwnerId),
    }));
  }

  @Mutation(() => results.LeaveOrganizationResult, { description: "Also out of all its workspaces." })
  leaveOrganization(
    @Arg("input", () => inputs.LeaveOrganizationInput) input: inputs.LeaveOrganizationInput,
    @Ctx() context: Context,
    @Info() info: GraphQLResolveInfo,
  ) {
    return answer(context, info, commands.leaveOrganization, input, (outcome) => outcome);
  }

  @Mutation(() => results.DeleteOrganizationResult, {
    description: "Gone for everyone at once, restorable by an owner for 30 days. The personal one stays.",
  })
  deleteOrganization(
    @Arg("input", () => inputs.DeleteOrganizationInput) input: inputs.DeleteOrganizationInput,
    @Ctx() context: Context,
    @Info() info: GraphQLResolveInfo,
  ) {
    return answer(context, info, commands.deleteOrganization, input, (outcome) => outcome);
  }

  @Mutation(() => results.RestoreOrganizationResult)
  restoreOrganization(
    @Arg("input", () => inputs.RestoreOrganizationInput) input: inputs.RestoreOrganizationInput,
    @Ctx() context: Context,
    @Info() info: GraphQLResolveInfo,
  ) {
    return answer(context, info, commands.restoreOrganization, input, showOrganization);
  }
}

const showOrganization = ({ organizationId }: { organizationId: string }) => ({
  organization: load.organization(organizationId),
});

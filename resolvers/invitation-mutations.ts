import type { GraphQLResolveInfo } from "graphql";
import { Arg, Ctx, Info, Mutation, Resolver } from "type-graphql";
import * as inputs from "../schema/inputs/invitation";
import * as results from "../schema/results/invitation";
import { commands } from "../src/commands";
import type { Context } from "../src/context";
import { answer, load } from "./run-mutation";

@Resolver()
export class InvitationMutations {
  @Mutation(() => results.InviteMembersResult, {
    description:
      "All that may be invited are, in one transaction; where seats do not suffice for all of them, none is.",
  })
  inviteMembers(
    @Arg("input", () => inputs.InviteMembersInput) input: inputs.InviteMembersInput,
    @Ctx() context: Context,
    @Info() info: GraphQLResolveInfo,
  ) {
    return answer(context, info, commands.inviteMembers, input, (outcome) => ({
      invitations: load.invitations(outcome.invitationIds),
      skipped: outcome.skipped,
      organization: load.organization(outcome.organizationId),
    }));
  }

  @Mutation(() => results.ResendInvitationResult, {
    description: "A new token, a new expiry date, one more e-mail. The old link stops working.",
  })
  resendInvitation(
    @Arg("input", () => inputs.ResendInvitationInput) input: inputs.ResendInvitationInput,
    @Ctx() context: Context,
    @Info() info: GraphQLResolveInfo,
  ) {
    return answer(context, info, commands.resendInvitation, input, showInvitation);
  }

  @Mutation(() => results.CancelInvitationResult)
  cancelInvitation(
    @Arg("input", () => inputs.CancelInvitationInput) input: inputs.CancelInvitationInput,
    @Ctx() context: Context,
    @Info() info: GraphQLResolveInfo,
  ) {
    return answer(context, info, commands.cancelInvitation, input, showInvitation);
  }

  @Mutation(() => results.AcceptInvitationResult)
  acceptInvitation(
    @Arg("input", () => inputs.AcceptInvitationInput) input: inputs.AcceptInvitationInput,
    @Ctx() context: Context,
    @Info() info: GraphQLResolveInfo,
  ) {
    return answer(context, info, commands.acceptInvitation, input, (outcome) => ({
      member: load.member(outcome.memberId),
      organization: load.organization(outcome.organizationId),
    }));
  }

  @Mutation(() => results.DeclineInvitationResult)
  declineInvitation(
    @Arg("input", () => inputs.DeclineInvitationInput) input: inputs.DeclineInvitationInput,
    @Ctx() context: Context,
    @Info() info: GraphQLResolveInfo,
  ) {
    return answer(context, info, commands.declineInvitation, input, (outcome) => outcome);
  }
}

const showInvitation = ({ invitationId }: { invitationId: string }) => ({ invitation: load.invitation(invitationId) });

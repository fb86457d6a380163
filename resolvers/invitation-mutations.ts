import { Arg, Mutation, Resolver } from "type-graphql";
import { FieldPolicy } from "../schema/field-policy";
import * as inputs from "../schema/inputs/invitation";
import * as results from "../schema/results/invitation";
import { commands } from "../src/commands";
import { load, Run, type RunMutation } from "./run-mutation";

@Resolver()
export class InvitationMutations {
  @FieldPolicy({ cost: 500 })
  @Mutation(() => results.InviteMembersResult, {
    description:
      "All that may be invited are, in one transaction; where seats do not suffice for all of them, none is.",
  })
  inviteMembers(
    @Arg("input", () => inputs.InviteMembersInput) input: inputs.InviteMembersInput,
    @Run() run: RunMutation,
  ) {
    return run(commands.inviteMembers, input, (outcome) => ({
      invitations: load.invitations(outcome.invitationIds),
      skipped: outcome.skipped,
      organization: load.organization(outcome.organizationId),
    }));
  }

  @FieldPolicy({ cost: 100 })
  @Mutation(() => results.ResendInvitationResult, {
    description: "A new token, a new expiry date, one more e-mail. The old link stops working.",
  })
  resendInvitation(
    @Arg("input", () => inputs.ResendInvitationInput) input: inputs.ResendInvitationInput,
    @Run() run: RunMutation,
  ) {
    return run(commands.resendInvitation, input, toInvitation);
  }

  @Mutation(() => results.CancelInvitationResult)
  cancelInvitation(
    @Arg("input", () => inputs.CancelInvitationInput) input: inputs.CancelInvitationInput,
    @Run() run: RunMutation,
  ) {
    return run(commands.cancelInvitation, input, toInvitation);
  }

  @Mutation(() => results.AcceptInvitationResult)
  acceptInvitation(
    @Arg("input", () => inputs.AcceptInvitationInput) input: inputs.AcceptInvitationInput,
    @Run() run: RunMutation,
  ) {
    return run(commands.acceptInvitation, input, (outcome) => ({
      member: load.member(outcome.memberId),
      organization: load.organization(outcome.organizationId),
    }));
  }

  @Mutation(() => results.DeclineInvitationResult)
  declineInvitation(
    @Arg("input", () => inputs.DeclineInvitationInput) input: inputs.DeclineInvitationInput,
    @Run() run: RunMutation,
  ) {
    return run(commands.declineInvitation, input, (outcome) => outcome);
  }
}

const toInvitation = ({ invitationId }: { invitationId: string }) => ({ invitation: load.invitation(invitationId) });

import { Arg, Mutation, Resolver } from "type-graphql";
import { FieldPolicy } from "../schema/field-policy";
import * as inputs from "../schema/inputs/invitation";
import * as results from "../schema/results/invitation";
import { commands } from "../src/commands";
import { linkWasShown } from "../src/domain/invitation-request";
import { load, Run, type RunMutation } from "./run-mutation";

@Resolver()
export class InvitationMutations {
  @FieldPolicy({ cost: 500 })
  @Mutation(() => results.InviteMembersResult, {
    description:
      "Invites people by e-mail, all in one transaction. If the plan lacks seats for all of them, nobody is invited.",
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
    description: "Sends a new link with a new expiry date. The old link stops working.",
  })
  resendInvitation(
    @Arg("input", () => inputs.ResendInvitationInput) input: inputs.ResendInvitationInput,
    @Run() run: RunMutation,
  ) {
    return run(commands.resendInvitation, input, toInvitation);
  }

  @Mutation(() => results.UpdateInvitationResult, {
    description: "Changes the role or the workspaces of a pending invitation. Its link and expiry date stay.",
  })
  updateInvitation(
    @Arg("input", () => inputs.UpdateInvitationInput) input: inputs.UpdateInvitationInput,
    @Run() run: RunMutation,
  ) {
    return run(commands.updateInvitation, input, toInvitation);
  }

  @Mutation(() => results.RenewInvitationLinkResult, {
    description:
      "Makes a new link, for copying by hand, and a new expiry date. Old links stop working, and no mail is sent. A repeat " +
      "under the same Idempotency-Key does not show the link again.",
  })
  renewInvitationLink(
    @Arg("input", () => inputs.RenewInvitationLinkInput) input: inputs.RenewInvitationLinkInput,
    @Run() run: RunMutation,
  ) {
    return run(commands.renewInvitationLink, input, ({ invitationId, link }) => {
      if (link === null) throw linkWasShown();
      return { invitation: load.invitation(invitationId), link };
    });
  }

  @FieldPolicy({ cost: 100 })
  @Mutation(() => results.RequestInvitationResult, {
    description:
      "Asks the inviter for a new invitation, or the Owners if the inviter can send none. Once a day for each link that " +
      "has expired, was replaced, or lost its inviter. Refused INVALID_INPUT for a link that still works. An answered, " +
      "withdrawn or unknown invitation is NOT_FOUND.",
  })
  requestInvitation(
    @Arg("input", () => inputs.RequestInvitationInput) input: inputs.RequestInvitationInput,
    @Run() run: RunMutation,
  ) {
    return run(commands.requestInvitation, input, (outcome) => outcome);
  }

  @Mutation(() => results.CancelInvitationResult, {
    description: "Withdraws a pending invitation. Its link stops working.",
  })
  cancelInvitation(
    @Arg("input", () => inputs.CancelInvitationInput) input: inputs.CancelInvitationInput,
    @Run() run: RunMutation,
  ) {
    return run(commands.cancelInvitation, input, toInvitation);
  }

  @Mutation(() => results.AcceptInvitationResult, {
    description: "Makes the viewer a member, with the invitation's role and workspaces.",
  })
  acceptInvitation(
    @Arg("input", () => inputs.AcceptInvitationInput) input: inputs.AcceptInvitationInput,
    @Run() run: RunMutation,
  ) {
    return run(commands.acceptInvitation, input, (outcome) => ({
      member: load.member(outcome.memberId),
      organization: load.organization(outcome.organizationId),
    }));
  }

  @Mutation(() => results.DeclineInvitationResult, { description: "Declines an invitation." })
  declineInvitation(
    @Arg("input", () => inputs.DeclineInvitationInput) input: inputs.DeclineInvitationInput,
    @Run() run: RunMutation,
  ) {
    return run(commands.declineInvitation, input, (outcome) => outcome);
  }
}

const toInvitation = ({ invitationId }: { invitationId: string }) => ({ invitation: load.invitation(invitationId) });

import { Arg, Mutation, Resolver } from "type-graphql";
import * as inputs from "../schema/inputs/workspace";
import * as results from "../schema/results/workspace";
import { commands } from "../src/commands";
import type { WorkspaceAccessView } from "../src/store/views/workspace-access";
import type { WorkspaceWithAssignment } from "../src/store/workspace";
import { orNotFound } from "./or-not-found";
import { type Lazy, load, Run, type RunMutation } from "./run-mutation";

@Resolver()
export class WorkspaceMutations {
  @Mutation(() => results.CreateWorkspaceResult)
  createWorkspace(
    @Arg("input", () => inputs.CreateWorkspaceInput) input: inputs.CreateWorkspaceInput,
    @Run() run: RunMutation,
  ) {
    return run(commands.createWorkspace, input, toWorkspace);
  }

  @Mutation(() => results.UpdateWorkspaceResult)
  updateWorkspace(
    @Arg("input", () => inputs.UpdateWorkspaceInput) input: inputs.UpdateWorkspaceInput,
    @Run() run: RunMutation,
  ) {
    return run(commands.updateWorkspace, input, toWorkspace);
  }

  @Mutation(() => results.DeleteWorkspaceResult)
  deleteWorkspace(
    @Arg("input", () => inputs.DeleteWorkspaceInput) input: inputs.DeleteWorkspaceInput,
    @Run() run: RunMutation,
  ) {
    return run(commands.deleteWorkspace, input, (outcome) => ({
      workspaceId: outcome.workspaceId,
      organization: load.organization(outcome.organizationId),
    }));
  }

  @Mutation(() => results.SetWorkspaceAccessResult, {
    description: "Replaces all of a Developer's or Viewer's workspace assignments.",
  })
  setWorkspaceAccess(
    @Arg("input", () => inputs.SetWorkspaceAccessInput) input: inputs.SetWorkspaceAccessInput,
    @Run() run: RunMutation,
  ) {
    return run(commands.setWorkspaceAccess, input, (outcome) => ({
      member: load.member(outcome.memberId),
    }));
  }

  @Mutation(() => results.GrantWorkspaceAccessResult, {
    description: "One workspace; a workspace ADMIN may do it too.",
  })
  grantWorkspaceAccess(
    @Arg("input", () => inputs.GrantWorkspaceAccessInput) input: inputs.GrantWorkspaceAccessInput,
    @Run() run: RunMutation,
  ) {
    return run(commands.grantWorkspaceAccess, input, (outcome) => ({
      access: loadAccess(outcome.memberId, outcome.workspaceId),
    }));
  }

  @Mutation(() => results.RevokeWorkspaceAccessResult)
  revokeWorkspaceAccess(
    @Arg("input", () => inputs.RevokeWorkspaceAccessInput) input: inputs.RevokeWorkspaceAccessInput,
    @Run() run: RunMutation,
  ) {
    return run(commands.revokeWorkspaceAccess, input, (outcome) => ({
      member: load.member(outcome.memberId),
      workspace: loadRevoked(outcome.workspace),
    }));
  }
}

const toWorkspace = ({ workspaceId }: { workspaceId: string }) => ({ workspace: load.workspace(workspaceId) });

/** The access that was just granted. */
const loadAccess =
  (memberId: string, workspaceId: string): Lazy<WorkspaceAccessView> =>
  (_args, { loaders }) => {
    const find = async () => {
      const member = await loaders.member.load(memberId);
      return member && (await loaders.memberAccess.load(member)).find(({ workspace }) => workspace.id === workspaceId);
    };
    return orNotFound(find(), "access");
  };

/** Whoever revoked their own access is still shown what they left, though they can no longer look into it. */
const loadRevoked =
  (left: WorkspaceWithAssignment): Lazy<unknown> =>
  async (_args, { loaders }) =>
    (await loaders.workspace.load(left.id)) ?? { ...left, viewerRole: null };

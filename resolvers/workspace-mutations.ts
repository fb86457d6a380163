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
  @Mutation(() => results.CreateWorkspaceResult, { description: "Creates a workspace." })
  createWorkspace(
    @Arg("input", () => inputs.CreateWorkspaceInput) input: inputs.CreateWorkspaceInput,
    @Run() run: RunMutation,
  ) {
    return run(commands.createWorkspace, input, toWorkspace);
  }

  @Mutation(() => results.UpdateWorkspaceResult, { description: "Changes the workspace's name, description or both." })
  updateWorkspace(
    @Arg("input", () => inputs.UpdateWorkspaceInput) input: inputs.UpdateWorkspaceInput,
    @Run() run: RunMutation,
  ) {
    return run(commands.updateWorkspace, input, toWorkspace);
  }

  @Mutation(() => results.DeleteWorkspaceResult, {
    description: "Deletes a workspace and all access to it. The default workspace cannot be deleted.",
  })
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
    description: "Replaces all workspace assignments of a Developer or Viewer.",
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
    description: "Gives a Developer or Viewer access to one workspace, or changes their role in it.",
  })
  grantWorkspaceAccess(
    @Arg("input", () => inputs.GrantWorkspaceAccessInput) input: inputs.GrantWorkspaceAccessInput,
    @Run() run: RunMutation,
  ) {
    return run(commands.grantWorkspaceAccess, input, (outcome) => ({
      access: loadAccess(outcome.memberId, outcome.workspaceId),
    }));
  }

  @Mutation(() => results.RevokeWorkspaceAccessResult, {
    description: "Ends a Developer's or Viewer's access to one workspace.",
  })
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

const loadAccess =
  (memberId: string, workspaceId: string): Lazy<WorkspaceAccessView> =>
  (_args, { loaders }) => {
    const find = async () => {
      const member = await loaders.member.load(memberId);
      return member && (await loaders.memberAccess.load(member)).find(({ workspace }) => workspace.id === workspaceId);
    };
    return orNotFound(find(), "access");
  };

/**
 * A person who revokes their own access can no longer load the workspace. They get the workspace from before, without a
 * role.
 */
const loadRevoked =
  (before: WorkspaceWithAssignment): Lazy<unknown> =>
  async (_args, { loaders }) => {
    const workspace = await loaders.workspace.load(before.id);
    if (workspace) return workspace;
    const organization = await loaders.organization.load(before.organizationId);
    return { ...before, viewerRole: null, viewerOrganizationRole: organization?.viewerMember?.role ?? null };
  };

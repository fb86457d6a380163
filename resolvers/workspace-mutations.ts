import type { GraphQLResolveInfo } from "graphql";
import { Arg, Ctx, Info, Mutation, Resolver } from "type-graphql";
import * as inputs from "../schema/inputs/workspace";
import * as results from "../schema/results/workspace";
import { commands } from "../src/commands";
import type { Context } from "../src/context";
import type { WorkspaceAccessView } from "../src/store/views/workspace-access";
import type { WorkspaceWithAssignment } from "../src/store/workspace";
import { present } from "./permitted";
import { answer, type Lazy, load } from "./run-mutation";

@Resolver()
export class WorkspaceMutations {
  @Mutation(() => results.CreateWorkspaceResult)
  createWorkspace(
    @Arg("input", () => inputs.CreateWorkspaceInput) input: inputs.CreateWorkspaceInput,
    @Ctx() context: Context,
    @Info() info: GraphQLResolveInfo,
  ) {
    return answer(context, info, commands.createWorkspace, input, showWorkspace);
  }

  @Mutation(() => results.UpdateWorkspaceResult)
  updateWorkspace(
    @Arg("input", () => inputs.UpdateWorkspaceInput) input: inputs.UpdateWorkspaceInput,
    @Ctx() context: Context,
    @Info() info: GraphQLResolveInfo,
  ) {
    return answer(context, info, commands.updateWorkspace, input, showWorkspace);
  }

  @Mutation(() => results.DeleteWorkspaceResult)
  deleteWorkspace(
    @Arg("input", () => inputs.DeleteWorkspaceInput) input: inputs.DeleteWorkspaceInput,
    @Ctx() context: Context,
    @Info() info: GraphQLResolveInfo,
  ) {
    return answer(context, info, commands.deleteWorkspace, input, (outcome) => ({
      workspaceId: outcome.workspaceId,
      organization: load.organization(outcome.organizationId),
    }));
  }

  @Mutation(() => results.SetWorkspaceAccessResult, {
    description: "Replaces all of a Developer's or Viewer's workspace assignments.",
  })
  setWorkspaceAccess(
    @Arg("input", () => inputs.SetWorkspaceAccessInput) input: inputs.SetWorkspaceAccessInput,
    @Ctx() context: Context,
    @Info() info: GraphQLResolveInfo,
  ) {
    return answer(context, info, commands.setWorkspaceAccess, input, (outcome) => ({
      member: load.member(outcome.memberId),
    }));
  }

  @Mutation(() => results.GrantWorkspaceAccessResult, {
    description: "One workspace; a workspace ADMIN may do it too.",
  })
  grantWorkspaceAccess(
    @Arg("input", () => inputs.GrantWorkspaceAccessInput) input: inputs.GrantWorkspaceAccessInput,
    @Ctx() context: Context,
    @Info() info: GraphQLResolveInfo,
  ) {
    return answer(context, info, commands.grantWorkspaceAccess, input, (outcome) => ({
      access: loadAccess(outcome.memberId, outcome.workspaceId),
    }));
  }

  @Mutation(() => results.RevokeWorkspaceAccessResult)
  revokeWorkspaceAccess(
    @Arg("input", () => inputs.RevokeWorkspaceAccessInput) input: inputs.RevokeWorkspaceAccessInput,
    @Ctx() context: Context,
    @Info() info: GraphQLResolveInfo,
  ) {
    return answer(context, info, commands.revokeWorkspaceAccess, input, (outcome) => ({
      member: load.member(outcome.memberId),
      workspace: loadRevoked(outcome.workspace),
    }));
  }
}

const showWorkspace = ({ workspaceId }: { workspaceId: string }) => ({ workspace: load.workspace(workspaceId) });

/** The access that was just granted. */
const loadAccess =
  (memberId: string, workspaceId: string): Lazy<WorkspaceAccessView> =>
  (_args, { loaders }) => {
    const find = async () => {
      const member = await loaders.member.load(memberId);
      return member && (await loaders.memberAccess.load(member)).find(({ workspace }) => workspace.id === workspaceId);
    };
    return present("access", find());
  };

/** Whoever revoked their own access is still shown what they left, though they can no longer look into it. */
const loadRevoked =
  (left: WorkspaceWithAssignment): Lazy<unknown> =>
  async (_args, { loaders }) =>
    (await loaders.workspace.load(left.id)) ?? { ...left, viewerRole: null };

import { invalidInput } from "../../domain/refusal";
import { parseDescription, parseName, WORKSPACE_DESCRIPTION_LIMIT, WORKSPACE_NAME_LIMIT } from "../../domain/text";
import { updateWorkspace as writeWorkspace } from "../../store/workspace";
import { workspaceCommand } from "../runner/command";
import { assertNameIsFree, uniqueName } from "./assert-name-is-free";

export interface UpdateWorkspaceInput {
  organizationId: string;
  workspaceId: string;
  name?: string | null;
  description?: string | null;
}

/** Changes name, description or both; absent fields stay. The cloud provider cannot change. */
export const updateWorkspace = workspaceCommand<UpdateWorkspaceInput, { workspaceId: string }>({
  permission: "EDIT_WORKSPACE",
  run: async ({ transaction, organization, workspace, now, record }, input) => {
    if (input.name === null)
      throw invalidInput("A workspace needs a name; omit the field to keep the current one.", "name");
    const before = { name: workspace.name, description: workspace.description };
    const after = {
      name: input.name === undefined ? before.name : parseName(input.name, WORKSPACE_NAME_LIMIT, "name"),
      description:
        input.description === undefined
          ? before.description
          : parseDescription(input.description, WORKSPACE_DESCRIPTION_LIMIT, "description"),
    };
    const outcome = { workspaceId: workspace.id };
    if (after.name === before.name && after.description === before.description) return outcome;
    const isRenamed = after.name !== before.name;
    const unique = uniqueName(after.name);
    // Older workspaces may have names that look the same; they keep them until they are renamed.
    if (isRenamed) await assertNameIsFree(transaction, organization.id, unique, workspace.id);
    await writeWorkspace(transaction, workspace, { ...after, ...(isRenamed && unique), updatedAt: now });
    record({
      type: "workspace.updated",
      subjectId: workspace.id,
      workspaceId: workspace.id,
      summary: `Workspace “${after.name}” was changed.`,
      data: { before, after },
    });
    return outcome;
  },
});

import { v7 as newId } from "uuid";
import { assertRoomForWorkspace } from "../../domain/growth";
import { assertMayGrow } from "../../domain/plan";
import { parseDescription, parseName, WORKSPACE_DESCRIPTION_LIMIT, WORKSPACE_NAME_LIMIT } from "../../domain/text";
import type { CloudProvider } from "../../domain/workspace";
import { countUse } from "../../store/counts";
import { insertWorkspace } from "../../store/workspace";
import { memberCommand } from "../runner/command";
import { assertNameIsFree, uniqueName } from "./assert-name-is-free";

export interface CreateWorkspaceInput {
  organizationId: string;
  name: string;
  description?: string | null;
  cloudProvider: CloudProvider;
}

/** Creates a workspace on one cloud provider, within the plan's limit. */
export const createWorkspace = memberCommand<CreateWorkspaceInput, { workspaceId: string }>({
  permission: "CREATE_WORKSPACES",
  run: async ({ transaction, organization, membership, now, record }, input) => {
    const name = parseName(input.name, WORKSPACE_NAME_LIMIT, "name");
    const description = parseDescription(input.description, WORKSPACE_DESCRIPTION_LIMIT, "description");
    assertMayGrow(membership.subscriptionStatus);
    const unique = uniqueName(name);
    await assertNameIsFree(transaction, organization.id, unique);
    const { workspaces } = await countUse(transaction, organization.id, now);
    assertRoomForWorkspace(membership, workspaces);
    const id = newId();
    const { cloudProvider } = input;
    const row = { id, organizationId: organization.id, ...unique, description, cloudProvider };
    await insertWorkspace(transaction, { ...row, isDefault: false, createdAt: now, updatedAt: now, deletedAt: null });
    record({
      type: "workspace.created",
      subjectId: id,
      workspaceId: id,
      summary: `Workspace “${name}” on ${cloudProvider} was created.`,
      data: { after: { name, description, cloudProvider } },
    });
    return { workspaceId: id };
  },
});

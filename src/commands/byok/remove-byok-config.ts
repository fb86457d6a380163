import { deleteByokConfig } from "../../store/byok";
import { memberCommand } from "../runner/command";
import { namedByokConfig } from "./require-byok-config";

export interface RemoveByokConfigInput {
  organizationId: string;
}

/** Deletes the organization's key: there is no other copy of it. */
export const removeByokConfig = memberCommand<RemoveByokConfigInput, { organizationId: string }>({
  name: "removeByokConfig",
  permission: "CONFIGURE_BYOK",
  run: async (scope) => {
    const { transaction, organization, record } = scope;
    const { id, accessKeyIdHint } = await namedByokConfig(scope);
    await deleteByokConfig(transaction, id);
    record({
      type: "byok.removed",
      subjectId: id,
      summary: `The key ${accessKeyIdHint} was removed.`,
      data: { before: { accessKeyIdHint } },
    });
    return { organizationId: organization.id };
  },
});

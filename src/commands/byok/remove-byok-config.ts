import { deleteByokConfig } from "../../store/byok";
import { memberCommand } from "../runner/command";
import { requireByokConfig } from "./require-byok-config";

export interface RemoveByokConfigInput {
  organizationId: string;
}

/** Deletes the organization's key for good; no copy remains. */
export const removeByokConfig = memberCommand<RemoveByokConfigInput, { organizationId: string }>({
  permission: "CONFIGURE_BYOK",
  run: async (unit) => {
    const { transaction, organization, record } = unit;
    const { id, accessKeyIdHint } = await requireByokConfig(unit);
    await deleteByokConfig(transaction, organization.id);
    record({
      type: "byok.removed",
      subjectId: id,
      summary: `The key ${accessKeyIdHint} was removed.`,
      data: { before: { accessKeyIdHint } },
    });
    return { organizationId: organization.id };
  },
});

import { v7 as newId } from "uuid";
import { assertPlanHasByok } from "../../domain/byok";
import { storedPlan } from "../../domain/plan";
import { updateByokConfig } from "../../store/byok";
import { memberCommand } from "../runner/command";
import { requireByokConfig } from "./require-byok-config";

export interface SetByokEnabledInput {
  organizationId: string;
  enabled: boolean;
}

/** Pauses or resumes the organization's key. Does nothing if it is already so. */
export const setByokEnabled = memberCommand<SetByokEnabledInput, { organizationId: string }>({
  permission: "CONFIGURE_BYOK",
  run: async (unit, { enabled }) => {
    const { transaction, organization, membership, now, record } = unit;
    const config = await requireByokConfig(unit);
    if (enabled) assertPlanHasByok(storedPlan(membership.planCode));
    if (config.enabled !== enabled) {
      await updateByokConfig(transaction, organization.id, { enabled, version: newId(), updatedAt: now });
      record({
        type: enabled ? "byok.resumed" : "byok.paused",
        subjectId: config.id,
        summary: enabled ? "The organization's key was resumed." : "The organization's key was paused.",
        data: { accessKeyIdHint: config.accessKeyIdHint, before: { enabled: config.enabled }, after: { enabled } },
      });
    }
    return { organizationId: organization.id };
  },
});

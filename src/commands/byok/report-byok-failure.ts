import { type ByokStatus, byokStatusOf, isCredentialCode, isExpiryCode, isInUse } from "../../domain/byok";
import { notFound } from "../../domain/denial";
import { isIdentifier } from "../../domain/identifier";
import { storedPlan } from "../../domain/plan";
import { byokConfigOf, organizationOfWorkspace } from "../../store/byok";
import { subscriptionOf } from "../../store/subscription";
import { serviceCommand } from "../runner/command";
import { recordFailure } from "./byok-health";

export interface ReportByokFailureInput {
  workspaceId: string;
  code: string;
  message?: string | null;
}

/**
 * The LLM caller tells that AWS rejected a call on the organization's key. One rejection may be a moment's; several
 * within an hour are the key's. What AWS said beside its code is not kept: it may name accounts.
 */
export const reportByokFailure = serviceCommand<ReportByokFailureInput, { status: ByokStatus }>({
  scope: "credentials:read",
  organizationOf: async (reader, { workspaceId }) => {
    const organizationId = isIdentifier(workspaceId) ? await organizationOfWorkspace(reader, workspaceId) : undefined;
    if (!organizationId) throw notFound("workspace");
    return organizationId;
  },
  run: async (unit, { code }) => {
    const { transaction, organization, now } = unit;
    if (!organization) throw notFound("workspace");
    const config = await byokConfigOf(transaction, organization.id);
    const { planCode } = await subscriptionOf(transaction, organization.id);
    if (!config) return { status: "NOT_CONFIGURED" };
    const planHasByok = storedPlan(planCode).byok;
    // A long-term key does not end: the caller has kept a session of it for too long.
    const speaksOfKey = isCredentialCode(code) || (config.isTemporary && isExpiryCode(code));
    if (speaksOfKey && isInUse(byokStatusOf(config, planHasByok, now))) {
      await recordFailure({ ...unit, organization }, config, code);
    }
    const after = await byokConfigOf(transaction, organization.id);
    return { status: byokStatusOf(after, planHasByok, now) };
  },
});

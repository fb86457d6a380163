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
 * The LLM service reports that AWS rejected a call with the organization's key (see recordFailure). Only the code is
 * used: AWS's message may contain account numbers.
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
    // A long-term key does not expire. If AWS says so, the caller used a session for too long.
    const concernsKey = isCredentialCode(code) || (config.isTemporary && isExpiryCode(code));
    if (concernsKey && isInUse(byokStatusOf(config, planHasByok, now))) {
      await recordFailure({ ...unit, organization }, config, code);
    }
    const after = await byokConfigOf(transaction, organization.id);
    return { status: byokStatusOf(after, planHasByok, now) };
  },
});

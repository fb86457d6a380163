import {
  type ByokStatus,
  byokStatusOf,
  FAILURE_WINDOW_MS,
  FAILURES_UNTIL_FAILING,
  isCredentialCode,
  isExpiryCode,
} from "../domain/byok";
import { notFound } from "../domain/denial";
import { isIdentifier } from "../domain/identifier";
import { storedPlan } from "../domain/plan";
import { byokConfigOf, organizationOfWorkspace, updateByokConfig } from "../store/byok";
import { subscriptionOf } from "../store/subscription";
import { serviceCommand } from "./command";
import { noteFailing } from "./judge-byok";

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
  name: "reportByokFailure",
  scope: "credentials:read",
  organizationOf: async (reader, { workspaceId }) => {
    const organizationId = isIdentifier(workspaceId) ? await organizationOfWorkspace(reader, workspaceId) : undefined;
    if (!organizationId) throw notFound("workspace");
    return organizationId;
  },
  run: async (scope, { code }) => {
    const { transaction, organization, now } = scope;
    if (!organization) throw notFound("workspace");
    const config = await byokConfigOf(transaction, organization.id);
    const { planCode } = await subscriptionOf(transaction, organization.id);
    if (!config) return { status: "NOT_CONFIGURED" };
    const told = /^[A-Za-z0-9_.-]{1,64}$/.test(code) ? code : "UNKNOWN";
    if (isExpiryCode(told) && config.isTemporary && !config.sessionTokenExpiresAt) {
      // Nobody had said when it ends; now AWS has.
      await updateByokConfig(transaction, config.id, { sessionTokenExpiresAt: now, updatedAt: now });
    } else if (isCredentialCode(told)) {
      const isRecent = config.failuresSince && now.getTime() - config.failuresSince.getTime() < FAILURE_WINDOW_MS;
      const failures = isRecent ? config.failures + 1 : 1;
      const failuresSince = isRecent ? config.failuresSince : now;
      await updateByokConfig(transaction, config.id, { failures: Math.min(failures, 1_000), failuresSince });
      if (failures >= FAILURES_UNTIL_FAILING) await noteFailing({ ...scope, organization }, config, told);
    }
    const after = await byokConfigOf(transaction, organization.id);
    return { status: byokStatusOf(after, storedPlan(planCode).byok, now) };
  },
});

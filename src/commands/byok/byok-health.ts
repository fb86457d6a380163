import type { ByokConfig } from "../../../entities/byok-config";
import {
  type ByokVerification,
  FAILURE_WINDOW_MS,
  FAILURES_UNTIL_FAILING,
  isExpiryCode,
  rejectionIn,
} from "../../domain/byok";
import { updateByokConfig } from "../../store/byok";
import { notifyOwners } from "../organization/notify-owners";
import type { OrganizationUnitOfWork } from "../runner/unit-of-work";

const MAX_COUNTED_FAILURES = 1_000;

/** Marks a key as failing and mails the Owners, once until it works again or is replaced. */
async function markFailing(unit: OrganizationUnitOfWork, config: ByokConfig, code: string): Promise<void> {
  if (config.failingSince) return;
  const { transaction, organization, now, record } = unit;
  await updateByokConfig(transaction, config.organizationId, { failingSince: now, updatedAt: now });
  const summary = `AWS rejects the key ${config.accessKeyIdHint} with ${code}.`;
  record({
    type: "byok.failing",
    subjectId: config.id,
    summary,
    data: { code, accessKeyIdHint: config.accessKeyIdHint },
  });
  const effect =
    config.fallback === "ALLOW"
      ? "Until the key works again, LLM calls use the platform's credits, as you configured."
      : "Until the key works again, LLM calls are refused. They do not fall back to the platform's credits.";
  const notice = {
    subject: "AWS rejects your organization's key",
    paragraphs: [
      summary,
      effect,
      "Check the key and its policy in AWS, then verify the key again or save another one.",
    ],
    page: `/organizations/${organization.id}/byok`,
  };
  await notifyOwners(unit, notice);
}

/**
 * Counts a call that AWS rejected. One rejection may be an outage, or concern the previous key; several within an hour
 * mean that the key is failing or, if it is temporary and AWS says so, has expired.
 */
export async function recordFailure(unit: OrganizationUnitOfWork, config: ByokConfig, code: string): Promise<void> {
  const { transaction, now } = unit;
  const isRecent = config.failuresSince && now.getTime() - config.failuresSince.getTime() < FAILURE_WINDOW_MS;
  const failures = isRecent ? Math.min(config.failures + 1, MAX_COUNTED_FAILURES) : 1;
  const failuresSince = isRecent ? config.failuresSince : now;
  await updateByokConfig(transaction, config.organizationId, { failures, failuresSince });
  if (failures >= FAILURES_UNTIL_FAILING) await recordRejectedKey(unit, config, code);
}

/** Marks a rejected key as failing. A temporary one that AWS calls expired has ended; the expiry job mails the Owners. */
async function recordRejectedKey(unit: OrganizationUnitOfWork, config: ByokConfig, code: string): Promise<void> {
  if (!config.isTemporary || !isExpiryCode(code)) return await markFailing(unit, config, code);
  const { transaction, now } = unit;
  await updateByokConfig(transaction, config.organizationId, { sessionTokenExpiresAt: now, updatedAt: now });
}

/** Stores the verification of the stored key, and marks the key as working, failing or expired. */
export async function recordVerification(
  unit: OrganizationUnitOfWork,
  config: ByokConfig,
  verification: ByokVerification,
): Promise<void> {
  const { transaction, actor, now, record } = unit;
  await updateByokConfig(transaction, config.organizationId, { lastVerification: verification, updatedAt: now });
  const code = verification.checks.find((check) => !check.ok)?.code ?? null;
  const data = { accessKeyIdHint: config.accessKeyIdHint, ok: verification.ok, code };
  // A daily check writes an event only when its result changed.
  if (actor.kind !== "system" || verification.ok !== config.lastVerification?.ok) {
    const result = verification.ok ? "all checks passed" : `a check failed with ${code}`;
    const summary = `The key ${config.accessKeyIdHint} was verified: ${result}.`;
    record({ type: "byok.verified", subjectId: config.id, summary, data });
  }
  if (verification.ok && config.failingSince) {
    await updateByokConfig(transaction, config.organizationId, {
      failingSince: null,
      failures: 0,
      failuresSince: null,
    });
    record({ type: "byok.recovered", subjectId: config.id, summary: "The organization's key works again.", data });
  }
  const rejection = rejectionIn(verification);
  if (rejection) await recordRejectedKey(unit, config, rejection);
}

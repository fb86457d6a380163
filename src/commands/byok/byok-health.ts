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

const MOST_COUNTED = 1_000;

/** Notes that AWS rejects a key, and tells the Owners: once, until it works again or is replaced. */
async function markFailing(unit: OrganizationUnitOfWork, config: ByokConfig, code: string): Promise<void> {
  if (config.failingSince) return;
  const { transaction, organization, now, record } = unit;
  await updateByokConfig(transaction, config.id, { failingSince: now, updatedAt: now });
  const summary = `AWS rejects the key ${config.accessKeyIdHint} with ${code}.`;
  record({
    type: "byok.failing",
    subjectId: config.id,
    summary,
    data: { code, accessKeyIdHint: config.accessKeyIdHint },
  });
  const then =
    config.fallback === "ALLOW"
      ? "Until it works again, LLM calls run on the platform's credits, as you chose."
      : "Until it works again, LLM calls are refused: nothing runs on the platform's credentials.";
  const notice = {
    subject: "AWS rejects your organization's key",
    paragraphs: [summary, then, "Check the key and its policy in AWS, then verify it again or bring another."],
    page: `/organizations/${organization.id}/byok`,
  };
  await notifyOwners(unit, notice);
}

/**
 * Counts that AWS rejected a call on the key. One rejection may be a moment's, or still speak of the key before this
 * one; several within an hour are the key's: it is failing, or, where it is temporary and AWS says so, at its end.
 */
export async function recordFailure(unit: OrganizationUnitOfWork, config: ByokConfig, code: string): Promise<void> {
  const { transaction, now } = unit;
  const isRecent = config.failuresSince && now.getTime() - config.failuresSince.getTime() < FAILURE_WINDOW_MS;
  const failures = isRecent ? Math.min(config.failures + 1, MOST_COUNTED) : 1;
  const failuresSince = isRecent ? config.failuresSince : now;
  await updateByokConfig(transaction, config.id, { failures, failuresSince });
  if (failures >= FAILURES_UNTIL_FAILING) await recordRejectedKey(unit, config, code);
}

/** A temporary key that AWS calls expired has ended, whatever was said of it; the job for ending keys tells the Owners. */
async function recordRejectedKey(unit: OrganizationUnitOfWork, config: ByokConfig, code: string): Promise<void> {
  if (!config.isTemporary || !isExpiryCode(code)) return await markFailing(unit, config, code);
  const { transaction, now } = unit;
  await updateByokConfig(transaction, config.id, { sessionTokenExpiresAt: now, updatedAt: now });
}

/** Keeps what came of verifying the stored key, and what follows from it. */
export async function recordVerification(
  unit: OrganizationUnitOfWork,
  config: ByokConfig,
  verification: ByokVerification,
): Promise<void> {
  const { transaction, actor, now, record } = unit;
  await updateByokConfig(transaction, config.id, { lastVerification: verification, updatedAt: now });
  const code = verification.checks.find((check) => !check.ok)?.code ?? null;
  const data = { accessKeyIdHint: config.accessKeyIdHint, ok: verification.ok, code };
  // Of the daily checks, those are told that found something new.
  if (actor.kind !== "system" || verification.ok !== config.lastVerification?.ok) {
    const found = verification.ok ? "AWS takes it for all that it is needed for" : `a check failed with ${code}`;
    const summary = `The key ${config.accessKeyIdHint} was checked: ${found}.`;
    record({ type: "byok.verified", subjectId: config.id, summary, data });
  }
  if (verification.ok && config.failingSince) {
    await updateByokConfig(transaction, config.id, { failingSince: null, failures: 0, failuresSince: null });
    record({ type: "byok.recovered", subjectId: config.id, summary: "The organization's key works again.", data });
  }
  const rejection = rejectionIn(verification);
  if (rejection) await recordRejectedKey(unit, config, rejection);
}

import type { ByokConfig } from "../../entities/byok-config";
import type { ByokVerification } from "../domain/byok";
import { updateByokConfig } from "../store/byok";
import { sendNotices } from "../store/jobs";
import { ownerIds } from "../store/owners";
import type { OrganizationScope } from "./scope";
import { speaksAgainstKey } from "./verify-key";

/** Notes that AWS rejects a key, and tells the Owners: once, until it works again or is replaced. */
export async function noteFailing(scope: OrganizationScope, config: ByokConfig, code: string): Promise<void> {
  if (config.failingSince) return;
  const { transaction, organization, now, record, enqueue } = scope;
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
  for (const job of sendNotices(organization.id, await ownerIds(transaction, organization.id), notice)) enqueue(job);
}

/** Keeps what came of verifying the stored key, and what follows from it. */
export async function keepVerification(
  scope: OrganizationScope,
  config: ByokConfig,
  verification: ByokVerification,
): Promise<void> {
  const { transaction, now, record } = scope;
  await updateByokConfig(transaction, config.id, { lastVerification: verification, updatedAt: now });
  if (verification.ok && config.failingSince) {
    await updateByokConfig(transaction, config.id, { failingSince: null, failures: 0, failuresSince: null });
    const data = { accessKeyIdHint: config.accessKeyIdHint };
    record({ type: "byok.recovered", subjectId: config.id, summary: "The organization's key works again.", data });
  }
  if (!speaksAgainstKey(verification)) return;
  const code = verification.checks.find((check) => !check.ok)?.code ?? "";
  await noteFailing(scope, config, code);
}

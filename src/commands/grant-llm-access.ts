import { type ByokStatus, byokStatusOf } from "../domain/byok";
import { notFound } from "../domain/denial";
import { isIdentifier } from "../domain/identifier";
import {
  type ByokAccess,
  insteadOfKey,
  type PlatformAccess,
  platformAccess,
  type RefusedAccess,
} from "../domain/llm-access";
import { storedPlan } from "../domain/plan";
import { creditBalance, creditPeriod } from "../domain/usage";
import { AwsError, type AwsSession } from "../gateways/bedrock";
import { open, UnopenableCredentials } from "../gateways/sealer";
import { type LlmByok, type LlmStanding, llmStanding, spentInPeriod } from "../store/views/llm-access";
import type { Services } from "./scope";
import { sealedOf } from "./verify-key";

/**
 * What an LLM call in a workspace runs on. The platform's credentials are given where the organization has no key, has
 * paused it, or lets calls fall back; whatever else goes wrong is a refusal. Throws NOT_FOUND.
 */
export async function grantLlmAccess(
  services: Services,
  workspaceId: string,
): Promise<ByokAccess | PlatformAccess | RefusedAccess> {
  const now = services.clock.now();
  const standing = isIdentifier(workspaceId) ? await llmStanding(services.database, workspaceId, now) : undefined;
  if (!standing) throw notFound("workspace");
  const { byok } = standing;
  const status = byokStatusOf(byok, storedPlan(standing.planCode).byok, now);
  if (!byok || status === "NOT_CONFIGURED") return onPlatform("NO_KEY", standing, now);
  if (!byok.enabled) return onPlatform("KEY_PAUSED", standing, now);
  if (status !== "ACTIVE") return otherwise(status as "EXPIRED" | "FAILING" | "PLAN_INACTIVE", byok, standing, now);
  try {
    const session = await sessionOf(services, standing.organizationId, byok);
    const { region, inferenceProfile, fallback } = byok;
    return { kind: "byok", ...session, region, inferenceProfile, fallback };
  } catch (error) {
    return withoutSession(services, error, standing, byok, now);
  }
}

/** One session per version of a key and process, until shortly before it ends; another version is another key here. */
function sessionOf(services: Services, organizationId: string, byok: LlmByok): Promise<AwsSession> {
  const { sessions, keyWrapper, bedrock } = services.outside;
  return sessions.get(`${byok.id}:${byok.version}`, services.clock.now(), async () => {
    const credentials = await open(keyWrapper, organizationId, sealedOf(byok));
    if (byok.isTemporary) return { ...credentials, expiresAt: byok.sessionTokenExpiresAt };
    return await bedrock.mintSession(credentials, byok.region);
  });
}

/** A key that does not open is an alarm and never the platform's business, whatever its fallback says. */
function withoutSession(services: Services, error: unknown, standing: LlmStanding, byok: LlmByok, now: Date) {
  if (error instanceof UnopenableCredentials) {
    services.outside.alarm(error);
    const message = "The organization's key cannot be opened. We have been told; write to us if it lasts.";
    const refusal = { code: "BYOK_VERIFICATION_FAILED" as const, message, path: null, limit: null };
    return { kind: "refused" as const, refusal };
  }
  if (!(error instanceof AwsError)) throw error;
  return otherwise("FAILING", byok, standing, now);
}

function otherwise(
  status: Extract<ByokStatus, "EXPIRED" | "FAILING" | "PLAN_INACTIVE">,
  { fallback }: LlmByok,
  standing: LlmStanding,
  now: Date,
) {
  const instead = insteadOfKey(status, fallback);
  return "reason" in instead ? onPlatform(instead.reason, standing, now) : instead;
}

function onPlatform(reason: PlatformAccess["reason"], standing: LlmStanding, now: Date) {
  const { start, end } = creditPeriod(standing.startedAt, now);
  const balance = creditBalance(storedPlan(standing.planCode), spentInPeriod(standing, start), end, now);
  return platformAccess(reason, balance);
}

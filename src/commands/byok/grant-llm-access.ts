import { type ByokStatus, byokStatusOf, isCredentialCode } from "../../domain/byok";
import { notFound } from "../../domain/denial";
import { isIdentifier } from "../../domain/identifier";
import {
  type ByokAccess,
  insteadOfKey,
  type PlatformAccess,
  platformAccess,
  type RefusedAccess,
} from "../../domain/llm-access";
import { storedPlan } from "../../domain/plan";
import { creditBalance, creditPeriod } from "../../domain/usage";
import { AwsError, type AwsSession } from "../../integrations/aws/bedrock";
import { MasterKeyMissing, MasterKeyUnavailable } from "../../integrations/keys/key-wrapper";
import { UnopenableCredentials } from "../../integrations/keys/sealer";
import { byokConfigOf } from "../../store/byok";
import { type LlmByok, type LlmStanding, llmStanding, spentInPeriod } from "../../store/views/llm-access";
import { changeOrganization } from "../runner/run";
import type { Services } from "../runner/unit-of-work";
import { countRejection } from "./byok-health";
import { openStoredKey } from "./verify-key";

/**
 * What an LLM call in a workspace runs on. The platform's credentials are given where the organization has no key, has
 * paused it, or lets calls fall back; whatever else goes wrong is a refusal. Throws NOT_FOUND, and UNAVAILABLE while the
 * master key cannot be had.
 */
export async function grantLlmAccess(
  services: Services,
  workspaceId: string,
): Promise<ByokAccess | PlatformAccess | RefusedAccess> {
  const now = services.clock.now();
  const standing = isIdentifier(workspaceId) ? await llmStanding(services.database, workspaceId, now) : undefined;
  if (!standing) throw notFound("workspace");
  const { byok, organizationId } = standing;
  const status = byokStatusOf(byok, storedPlan(standing.planCode).byok, now);
  if (byok && status === "ACTIVE") return await onOwnKey(services, workspaceId, standing, byok, now);
  services.outside.sessions.drop(organizationId);
  if (!byok || status === "NOT_CONFIGURED") return onPlatform("NO_KEY", standing, now);
  if (!byok.enabled || status === "PAUSED") return onPlatform("KEY_PAUSED", standing, now);
  return otherwise(status === "ACTIVE" ? "FAILING" : status, byok, standing, now);
}

/** The key was changed between two looks at it. */
class KeyChanged extends Error {}

async function onOwnKey(services: Services, workspaceId: string, standing: LlmStanding, byok: LlmByok, now: Date) {
  try {
    const { organizationId } = standing;
    const make = () => openSession(services, organizationId, byok);
    const session = await services.outside.sessions.get(organizationId, byok.version, now, make);
    const { region, inferenceProfile, fallback } = byok;
    return { kind: "byok" as const, ...session, region, inferenceProfile, fallback };
  } catch (error) {
    if (error instanceof KeyChanged) return await grantLlmAccess(services, workspaceId);
    return withoutSession(services, error, standing, byok, now);
  }
}

/** A session of this version of a key: minted of a long-term one, and the key itself where that is temporary. */
async function openSession(services: Services, organizationId: string, { version }: LlmByok): Promise<AwsSession> {
  const stored = await openStoredKey(services, organizationId);
  if (stored?.config.version !== version) throw new KeyChanged();
  const { accessKeyId, secretAccessKey, sessionToken, sessionTokenExpiresAt: expiresAt, region } = stored.key;
  if (stored.config.isTemporary) return { accessKeyId, secretAccessKey, sessionToken, expiresAt };
  try {
    return await services.outside.bedrock.mintSession({ accessKeyId, secretAccessKey, sessionToken }, region);
  } catch (error) {
    if (error instanceof AwsError) await noteRejection(services, organizationId, version, error.code);
    throw error;
  }
}

/** AWS says the same of a key here as it says to the callers, who report it. */
async function noteRejection(services: Services, organizationId: string, version: string, code: string) {
  if (!isCredentialCode(code)) return;
  await changeOrganization(services, organizationId, async (scope) => {
    const config = await byokConfigOf(scope.transaction, organizationId);
    if (config?.version === version) await countRejection(scope, config, code);
  });
}

/**
 * A key that does not open, or whose master key is not configured, is an alarm and never the platform's business,
 * whatever its fallback says. An outage of the master key is no fault of the key: where calls may not fall back, they
 * are to be tried again.
 */
function withoutSession(services: Services, error: unknown, standing: LlmStanding, byok: LlmByok, now: Date) {
  if (error instanceof UnopenableCredentials || error instanceof MasterKeyMissing) {
    services.outside.alarm(error);
    return refused("The organization's key cannot be opened. We have been told; write to us if it lasts.");
  }
  if (error instanceof MasterKeyUnavailable && byok.fallback === "ALLOW")
    return otherwise("FAILING", byok, standing, now);
  if (!(error instanceof AwsError)) throw error;
  if (isCredentialCode(error.code) || byok.fallback === "ALLOW") return otherwise("FAILING", byok, standing, now);
  return refused(`AWS gave no session of the organization's key (${error.code}). Try again in a minute.`);
}

function refused(message: string): RefusedAccess {
  return { kind: "refused", refusal: { code: "BYOK_VERIFICATION_FAILED", message, path: null, limit: null } };
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

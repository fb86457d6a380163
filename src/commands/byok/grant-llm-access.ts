import { type ByokStatus, byokStatusOf, isCredentialCode } from "../../domain/byok";
import { notFound } from "../../domain/denial";
import { isIdentifier } from "../../domain/identifier";
import {
  type ByokAccess,
  fallbackAccess,
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
import { type LlmAccessState, type LlmByok, llmAccessState, spentInPeriod } from "../../store/views/llm-access";
import { changeOrganization } from "../runner/run";
import type { Services } from "../runner/unit-of-work";
import { recordFailure } from "./byok-health";
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
  const state = isIdentifier(workspaceId) ? await llmAccessState(services.database, workspaceId, now) : undefined;
  if (!state) throw notFound("workspace");
  const { byok, organizationId } = state;
  const status = byokStatusOf(byok, storedPlan(state.planCode).byok, now);
  if (byok && status === "ACTIVE") return await grantByok(services, workspaceId, state, byok, now);
  services.integrations.sessions.drop(organizationId);
  if (!byok || status === "NOT_CONFIGURED") return grantPlatform("NO_KEY", state, now);
  if (!byok.enabled || status === "PAUSED") return grantPlatform("KEY_PAUSED", state, now);
  return fallBackOrRefuse(status === "ACTIVE" ? "FAILING" : status, byok, state, now);
}

/** The key was changed between two looks at it. */
class KeyChanged extends Error {}

async function grantByok(services: Services, workspaceId: string, state: LlmAccessState, byok: LlmByok, now: Date) {
  try {
    const { organizationId } = state;
    const make = () => openSession(services, organizationId, byok);
    const session = await services.integrations.sessions.get(organizationId, byok.version, now, make);
    const { region, inferenceProfile, fallback } = byok;
    return { kind: "byok" as const, ...session, region, inferenceProfile, fallback };
  } catch (error) {
    if (error instanceof KeyChanged) return await grantLlmAccess(services, workspaceId);
    return afterAwsFailure(services, error, state, byok, now);
  }
}

/** A session of this version of a key: minted of a long-term one, and the key itself where that is temporary. */
async function openSession(services: Services, organizationId: string, { version }: LlmByok): Promise<AwsSession> {
  const stored = await openStoredKey(services, organizationId);
  if (stored?.config.version !== version) throw new KeyChanged();
  const { accessKeyId, secretAccessKey, sessionToken, sessionTokenExpiresAt: expiresAt, region } = stored.key;
  if (stored.config.isTemporary) return { accessKeyId, secretAccessKey, sessionToken, expiresAt };
  try {
    return await services.integrations.bedrock.mintSession({ accessKeyId, secretAccessKey, sessionToken }, region);
  } catch (error) {
    if (error instanceof AwsError) await recordMintFailure(services, organizationId, version, error.code);
    throw error;
  }
}

/** AWS says the same of a key here as it says to the callers, who report it. */
async function recordMintFailure(services: Services, organizationId: string, version: string, code: string) {
  if (!isCredentialCode(code)) return;
  await changeOrganization(services, organizationId, async (unit) => {
    const config = await byokConfigOf(unit.transaction, organizationId);
    if (config?.version === version) await recordFailure(unit, config, code);
  });
}

/**
 * A key that does not open, or whose master key is not configured, is an alarm and never the platform's business,
 * whatever its fallback says. An outage of the master key is no fault of the key: where calls may not fall back, they
 * are to be tried again.
 */
function afterAwsFailure(services: Services, error: unknown, state: LlmAccessState, byok: LlmByok, now: Date) {
  if (error instanceof UnopenableCredentials || error instanceof MasterKeyMissing) {
    services.integrations.alarm(error);
    return refused("The organization's key cannot be opened. We have been told; write to us if it lasts.");
  }
  if (error instanceof MasterKeyUnavailable && byok.fallback === "ALLOW")
    return fallBackOrRefuse("FAILING", byok, state, now);
  if (!(error instanceof AwsError)) throw error;
  if (isCredentialCode(error.code) || byok.fallback === "ALLOW") return fallBackOrRefuse("FAILING", byok, state, now);
  return refused(`AWS gave no session of the organization's key (${error.code}). Try again in a minute.`);
}

function refused(message: string): RefusedAccess {
  return { kind: "refused", refusal: { code: "BYOK_VERIFICATION_FAILED", message, path: null, limit: null } };
}

function fallBackOrRefuse(
  status: Extract<ByokStatus, "EXPIRED" | "FAILING" | "PLAN_INACTIVE">,
  { fallback }: LlmByok,
  state: LlmAccessState,
  now: Date,
) {
  const instead = fallbackAccess(status, fallback);
  return "reason" in instead ? grantPlatform(instead.reason, state, now) : instead;
}

function grantPlatform(reason: PlatformAccess["reason"], state: LlmAccessState, now: Date) {
  const { start, end } = creditPeriod(state.startedAt, now);
  const balance = creditBalance(storedPlan(state.planCode), spentInPeriod(state, start), end, now);
  return platformAccess(reason, balance);
}

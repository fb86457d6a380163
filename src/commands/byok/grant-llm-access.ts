import { type ByokStatus, byokStatusOf, isCredentialCode } from "../../domain/byok";
import { creditBalance, creditPeriod } from "../../domain/credits";
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
import { refusalData } from "../../domain/refusal";
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
 * Returns the credentials for an LLM call in a workspace: the organization's own key; or the platform's, if it has no
 * key, has paused it, or allows fallback; otherwise a refusal. Throws NOT_FOUND, and UNAVAILABLE during an outage of
 * the master key.
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

/** The key was changed between two reads. */
class KeyChanged extends Error {}

async function grantByok(services: Services, workspaceId: string, state: LlmAccessState, byok: LlmByok, now: Date) {
  try {
    const { organizationId } = state;
    const open = () => openSession(services, organizationId, byok);
    const session = await services.integrations.sessions.get(organizationId, byok.version, now, open);
    const { region, inferenceProfile, fallback } = byok;
    return { kind: "byok" as const, ...session, region, inferenceProfile, fallback };
  } catch (error) {
    if (error instanceof KeyChanged) return await grantLlmAccess(services, workspaceId);
    return afterAwsFailure(services, error, state, byok, now);
  }
}

/** Mints a session from this version of a long-term key; a temporary key is used as it is. */
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

/** Counts a rejection by AWS like one that a caller reports. */
async function recordMintFailure(services: Services, organizationId: string, version: string, code: string) {
  if (!isCredentialCode(code)) return;
  await changeOrganization(services, organizationId, async (unit) => {
    const config = await byokConfigOf(unit.transaction, organizationId);
    if (config?.version === version) await recordFailure(unit, config, code);
  });
}

/**
 * A key that cannot be decrypted, or whose master key is not configured, raises an alarm and never falls back to the
 * platform. An outage of the master key does not mean that the key is bad: without fallback, the caller must retry.
 */
function afterAwsFailure(services: Services, error: unknown, state: LlmAccessState, byok: LlmByok, now: Date) {
  if (error instanceof UnopenableCredentials || error instanceof MasterKeyMissing) {
    services.integrations.alarm(error);
    return refused(
      "The organization's key cannot be decrypted. We have been alerted; please contact us if this persists.",
    );
  }
  if (error instanceof MasterKeyUnavailable && byok.fallback === "ALLOW")
    return fallBackOrRefuse("FAILING", byok, state, now);
  if (!(error instanceof AwsError)) throw error;
  if (isCredentialCode(error.code) || byok.fallback === "ALLOW") return fallBackOrRefuse("FAILING", byok, state, now);
  return refused(`AWS returned no session for the organization's key (${error.code}). Try again in a minute.`, 60);
}

function refused(message: string, retryAfterSeconds: number | null = null): RefusedAccess {
  return { kind: "refused", refusal: refusalData("BYOK_VERIFICATION_FAILED", message, { retryAfterSeconds }) };
}

function fallBackOrRefuse(
  status: Extract<ByokStatus, "EXPIRED" | "FAILING" | "PLAN_INACTIVE">,
  { fallback }: LlmByok,
  state: LlmAccessState,
  now: Date,
) {
  const access = fallbackAccess(status, fallback);
  return "reason" in access ? grantPlatform(access.reason, state, now) : access;
}

function grantPlatform(reason: PlatformAccess["reason"], state: LlmAccessState, now: Date) {
  const { start, end } = creditPeriod(state.startedAt, now);
  const balance = creditBalance(storedPlan(state.planCode), spentInPeriod(state, start), end, now);
  return platformAccess(reason, balance, now);
}
